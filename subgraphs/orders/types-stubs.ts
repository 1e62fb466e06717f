import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { Sku } from '../../domain/ids.ts';

/** Entities of other subgraphs, known here by their key alone. */

@Directive('@key(fields: "sku", resolvable: false)')
@ObjectType('ProductVariant')
export class OrderedVariant {
  @Field(() => ID)
  sku!: Sku;
}

@Directive('@key(fields: "number")')
@ObjectType('Customer')
export class OrderingCustomer {
  @Field(() => ID)
  number!: string;
}

@Directive('@key(fields: "number")')
@ObjectType('Company')
export class OrderingCompany {
  @Field(() => ID)
  number!: string;
}
