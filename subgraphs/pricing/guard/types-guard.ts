import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { ParkedChange, ParkedExample, ParkedState } from './parked-change.ts';

const GraphParkedState = { PENDING: 'PENDING', APPROVED: 'APPROVED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED', SUPERSEDED: 'SUPERSEDED' } as const satisfies { [K in ParkedState]: K };
registerEnumType(GraphParkedState, {
  name: 'PendingPriceChangeState',
  description: 'What has become of a price change that was parked. While it is PENDING, REJECTED or EXPIRED the old price is served.',
  valuesConfig: {
    PENDING: { description: 'Waits for somebody to approve or reject it.' },
    APPROVED: { description: 'Served.' },
    REJECTED: { description: 'The old price stays until the source says something else.' },
    EXPIRED: { description: 'Nobody decided in time; the old price stays until the source says something else.' },
    SUPERSEDED: { description: 'The source has said something else meanwhile.' },
  },
});

const GraphParkReason = { THRESHOLD: 'THRESHOLD', BLAST_RADIUS: 'BLAST_RADIUS' } as const;
registerEnumType(GraphParkReason, {
  name: 'PendingPriceChangeReason',
  description: 'Why a price change is not served by itself.',
  valuesConfig: {
    THRESHOLD: { description: 'It moves a price further than may be without approval.' },
    BLAST_RADIUS: { description: 'With others it moves the prices of more SKUs than may be without approval, be it by little.' },
  },
});

const GraphDirection = { UP: 'UP', DOWN: 'DOWN', BOTH: 'BOTH' } as const;
registerEnumType(GraphDirection, { name: 'PriceDirection', description: 'Which way prices would go.' });

const GraphRecordKind = { list_price: 'LIST_PRICE', price_list: 'PRICE_LIST', price_rule: 'PRICE_RULE', currency_rate: 'CURRENCY_RATE' } as const;
export const graphKind = ({ recordKind }: ParkedChange): string => GraphRecordKind[recordKind];
const GraphKindEnum = { LIST_PRICE: 'LIST_PRICE', PRICE_LIST: 'PRICE_LIST', PRICE_RULE: 'PRICE_RULE', CURRENCY_RATE: 'CURRENCY_RATE' } as const;
registerEnumType(GraphKindEnum, { name: 'PriceRecordKind', description: 'What of the source has changed.' });
export { GraphKindEnum };

@ObjectType('PriceChangeExample', { description: 'What a buyer would pay instead.' })
class GraphPriceChangeExample implements ParkedExample {
  @Field(() => ID)
  sku!: string;

  @Field(() => String, { nullable: true, description: 'Price list of the buyer; null: the base price.' })
  priceListCode!: string | null;

  @Field(() => GraphQuantity, { description: "In the item's own unit." })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: "Unit it is bought in; null: the item's own." })
  unitCode!: string | null;

  @Field(() => GraphDateTime, { description: 'When: as it was parked, or at the edge of a window to come.' })
  at!: Instant;

  @Field(() => GraphMoney)
  before!: Money;

  @Field(() => GraphMoney, { nullable: true, description: 'Null: there would be no price.' })
  after!: Money | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Percent of `before`, negative where the price falls; null: nothing to compare.' })
  percent!: Decimal | null;
}

@ObjectType('PriceRecordDifference', { description: 'One field of the source\'s record. Cost prices are not shown.' })
export class GraphDifference {
  @Field(() => String)
  field!: string;

  @Field(() => String, { nullable: true, description: 'As it is served; null: empty, or the record is new.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'As the source says; null: empty, or the record is gone.' })
  after!: string | null;
}

@ObjectType('PendingPriceChange', { description: 'A change of prices that is not served until somebody approves it.' })
export class GraphPendingPriceChange {
  @Field(() => ID)
  id!: string;

  @Field(() => ID, { description: 'Changes of one pass of the source have one: they may hang together.' })
  batchId!: string;

  @Field(() => String, { description: 'Connector instance the change comes from.' })
  source!: string;

  @Field(() => String, { description: "The source's key of the record." })
  key!: string;

  @Field(() => String, { nullable: true, description: 'Null: it concerns every list.' })
  priceListCode!: string | null;

  @Field(() => GraphParkReason)
  reason!: string;

  @Field(() => GraphDirection, { nullable: true, description: 'Null: nothing to compare.' })
  direction!: string | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'The furthest any price looked at would move, in percent; null: nothing to compare.' })
  largestPercent!: Decimal | null;

  @Field(() => Int, { description: 'SKUs it concerns.' })
  skuCount!: number;

  @Field(() => [GraphPriceChangeExample], { description: 'The largest moves, at most ten.' })
  examples!: readonly ParkedExample[];

  @Field(() => GraphParkedState)
  state!: string;

  @Field(() => GraphDateTime)
  parkedAt!: Instant;

  @Field(() => GraphDateTime, { description: 'Until when it can be approved.' })
  expiresAt!: Instant;

  @Field(() => Int, { description: 'Passes in which the source said so.' })
  seenCount!: number;

  @Field(() => GraphDateTime)
  lastSeenAt!: Instant;

  @Field(() => String, { nullable: true })
  decidedBy!: string | null;

  @Field(() => GraphDateTime, { nullable: true })
  decidedAt!: Instant | null;

  @Field(() => String, { nullable: true })
  note!: string | null;
}

@ObjectType('PendingPriceChangeConnection', { description: 'Whoever has waited longest first.' })
export class GraphPendingPriceChangeConnection {
  @Field(() => [GraphPendingPriceChange])
  nodes!: readonly ParkedChange[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@InputType('PendingPriceChangeFilter', { description: 'All that are given must fit.' })
export class PendingPriceChangeFilter {
  @Field(() => String, { nullable: true })
  source?: string | null;

  @Field(() => String, { nullable: true })
  priceListCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Changes about this SKU, and those with it among their examples.' })
  sku?: string | null;

  @Field(() => ID, { nullable: true })
  batchId?: string | null;

  @Field(() => GraphParkedState, { nullable: true, description: 'Default: PENDING.' })
  state?: ParkedState | null;
}

@InputType('DecidePriceChangeInput')
export class DecidePriceChangeInput {
  @Field(() => String, { description: 'The same key with the same input does nothing again and answers the same; at most 255 characters.' })
  idempotencyKey!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: 'Why; kept with the change and in the audit. At most 1000 characters.' })
  note?: string | null;
}

@InputType('DecidePriceChangesInput', { description: 'Either ids or batchId.' })
export class DecidePriceChangesInput {
  @Field(() => String, { description: 'The same key with the same input does nothing again and answers the same; at most 255 characters.' })
  idempotencyKey!: string;

  @Field(() => [ID], { nullable: true, description: '1 to 1000.' })
  ids?: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'All that are pending of this pass.' })
  batchId?: string | null;

  @Field(() => String, { nullable: true, description: 'Why; kept with the changes and in the audit. At most 1000 characters.' })
  note?: string | null;
}

@ObjectType('PriceChangeDecisionPayload', { description: 'Either the change as it is now or userErrors: NOT_FOUND, CONFLICT (decided already, or the source has changed the row since), TOO_LATE (expired).' })
export class GraphPriceChangeDecisionPayload {
  @Field(() => GraphPendingPriceChange, { nullable: true })
  change!: ParkedChange | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@ObjectType('PriceChangesDecisionPayload', { description: 'All or nothing: with userErrors nothing was changed.' })
export class GraphPriceChangesDecisionPayload {
  @Field(() => [GraphPendingPriceChange])
  changes!: readonly ParkedChange[];

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}
