import { Directive, Field, ObjectType } from 'type-graphql';

@Directive('@shareable')
@ObjectType('PostalAddress', { description: 'Where goods or letters go.' })
export class GraphPostalAddress {
  @Field(() => String, { nullable: true, description: 'Person.' })
  name!: string | null;

  @Field(() => String, { nullable: true })
  company!: string | null;

  @Field(() => String)
  line1!: string;

  @Field(() => String, { nullable: true })
  line2!: string | null;

  @Field(() => String)
  city!: string;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  region!: string | null;

  @Field(() => String, { nullable: true })
  postalCode!: string | null;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2, e.g. "DE".' })
  countryCode!: string;

  @Field(() => String, { nullable: true })
  phone!: string | null;
}
