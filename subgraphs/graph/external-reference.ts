import { Directive, Field, ObjectType } from 'type-graphql';
import { KeptAsPart } from './cache-tags.ts';

@KeptAsPart()
@Directive('@shareable')
@ObjectType('ExternalReference', { description: 'How a record is called in another system.' })
export class GraphExternalReference {
  @Field(() => String, { description: 'Connected system, e.g. "erp".' })
  system!: string;

  @Field(() => String, { description: "The other system's entity, e.g. \"res.partner\"." })
  type!: string;

  @Field(() => String)
  value!: string;
}
