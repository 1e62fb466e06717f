import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import type { Instant } from '../../../domain/time.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import type { CreditMemoRow } from '../following/records.ts';
import { GraphCreditMemo } from '../following/types.ts';
import { GraphReturn, GraphReturnAmounts, GraphReturnDifference } from './types.ts';
import type { ReturnView } from './loaders.ts';

export enum GraphReturnWarningCode {
  BY_HAND = 'BY_HAND',
  EXCHANGE_ORDERED = 'EXCHANGE_ORDERED',
  AMOUNT_UNKNOWN = 'AMOUNT_UNKNOWN',
}

registerEnumType(GraphReturnWarningCode, {
  name: 'ReturnWarningCode',
  description: 'What somebody should know of a return that was changed.',
  valuesConfig: {
    BY_HAND: { description: 'The ERP behind the shop cannot do this: somebody does it there.' },
    EXCHANGE_ORDERED: { description: 'The replacement is ordered already, and stays so.' },
    AMOUNT_UNKNOWN: { description: 'The ERP alone knows the prices: its credit memo cannot be compared.' },
  },
});

@ObjectType('ReturnWarning')
export class GraphReturnWarning {
  @Field(() => GraphReturnWarningCode)
  code!: GraphReturnWarningCode;

  @Field(() => String)
  message!: string;
}

@ObjectType('ReturnPayload', { description: 'Either a return or userErrors.' })
export class GraphReturnPayload {
  @Field(() => GraphReturn, { nullable: true })
  return!: ReturnView | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphReturnWarning])
  warnings!: readonly GraphReturnWarning[];
}

@ObjectType('ReturnEdge')
export class GraphReturnEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => GraphReturn)
  node!: ReturnView;
}

@ObjectType('ReturnConnection', { description: 'Returns, newest first.' })
export class GraphReturnConnection {
  @Field(() => [GraphReturnEdge])
  edges!: readonly GraphReturnEdge[];

  @Field(() => [GraphReturn])
  nodes!: readonly ReturnView[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('RefundDifference', { description: 'A posted credit memo of the ERP that is not, to the penny, what was reckoned here; or one of an order placed here that nobody asked for here.' })
export class GraphRefundDifference {
  @Field(() => GraphDateTime, { description: 'When the memo was posted, or first seen.' })
  at!: Instant;

  @Field(() => GraphOrder)
  order!: OrderRecord;

  @Field(() => GraphReturn, { nullable: true, description: 'Null where the memo belongs to none of ours.' })
  return!: ReturnView | null;

  @Field(() => GraphReturnAmounts, { nullable: true, description: 'What was reckoned here; null where nothing was.' })
  expected!: GraphReturnAmounts | null;

  @Field(() => GraphCreditMemo)
  creditMemo!: CreditMemoRow;

  @Field(() => GraphReturnDifference)
  difference!: GraphReturnDifference;
}

@ObjectType('RefundDifferenceConnection', { description: 'Differences of refunds, newest first.' })
export class GraphRefundDifferenceConnection {
  @Field(() => [GraphRefundDifference])
  nodes!: readonly GraphRefundDifference[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}
