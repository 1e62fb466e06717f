import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { CustomerRecord } from '../../domain/customers.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import { CustomerType } from './types.ts';

@InputType('CustomerReference', { description: 'Names one customer; give exactly one field.' })
export class CustomerReferenceInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => ID, { nullable: true })
  number?: string | null;

  @Field(() => String, { nullable: true, description: 'Of an active customer, in any case.' })
  email?: string | null;
}

@InputType('CompanyReference', { description: 'Names one company; give exactly one field.' })
export class CompanyReferenceInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => ID, { nullable: true })
  number?: string | null;
}

@ObjectType('CustomerEdge')
export class CustomerEdgeType {
  @Field(() => String)
  cursor!: string;

  @Field(() => CustomerType)
  node!: CustomerRecord;
}

@ObjectType('CustomerConnection', { description: 'Customers by name, then number.' })
export class CustomerConnectionType {
  @Field(() => [CustomerEdgeType])
  edges!: readonly CustomerEdgeType[];

  @Field(() => [CustomerType])
  nodes!: readonly CustomerRecord[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;

  /** For `totalCount`, counted only when asked for. */
  search!: string | null;
}
