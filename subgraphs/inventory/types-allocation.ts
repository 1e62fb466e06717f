import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import { GraphDateTime, GraphDecimal, GraphQuantity } from '../graph/scalars.ts';
import type { MoveCause, SellThrough } from './channels/rule.ts';
import { StockedVariant } from './types.ts';

const GraphMoveCause = {
  MANUAL: 'MANUAL', SETTLED: 'SETTLED', SELL_THROUGH: 'SELL_THROUGH', PERIOD_ENDED: 'PERIOD_ENDED', RULE_CHANGED: 'RULE_CHANGED', RULE_REMOVED: 'RULE_REMOVED',
} as const satisfies { [K in MoveCause]: K };
registerEnumType(GraphMoveCause, {
  name: 'AllocationMoveCause',
  description: 'Why a quantity went from one channel to another or to the pool.',
  valuesConfig: {
    MANUAL: { description: 'Somebody moved it.' },
    SETTLED: { description: 'Before a move: what was drawn from the pool became the own share, or a move that stock no longer carries was cut.' },
    SELL_THROUGH: { description: 'The channel sold below its pace and returned what it will not need.' },
    PERIOD_ENDED: { description: 'Undone: its period is over.' },
    RULE_CHANGED: { description: 'Undone: other shares began a new period.' },
    RULE_REMOVED: { description: 'Undone: the rule is gone.' },
  },
});

@ObjectType('ChannelShare', { description: 'What a channel gets of a SKU by rule: a percentage or a fixed quantity.' })
export class ChannelShareType {
  @Field(() => ID)
  channel!: ChannelCode;

  @Field(() => GraphDecimal, { nullable: true, description: 'Of what fixed quantities leave, 0 to 100; null where the share is fixed.' })
  percent!: Decimal | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'In the unit of the variant; comes before percentages. Null where the share is a percentage.' })
  quantity!: Decimal | null;

  @Field(() => GraphQuantity, { description: 'Never listed or sold on the channel: what its listings may be late by.' })
  buffer!: Decimal;
}

@ObjectType('SellThroughRule', { description: 'When a channel returns what it will not need.' })
export class SellThroughRuleType {
  @Field(() => GraphDecimal, { description: 'Percent of the period that must be over before the pace says anything.' })
  afterPercent!: Decimal;

  @Field(() => GraphDecimal, { description: 'What it will need at its pace is multiplied by this; the rest is surplus.' })
  safetyFactor!: Decimal;
}

@ObjectType('AllocatedSkus', { description: 'A page of the SKUs a rule lists, in order.' })
export class AllocatedSkusType {
  @Field(() => [StockedVariant])
  nodes!: readonly StockedVariant[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('ChannelAllocation', { description: 'How a group of SKUs is shared out among channels. Ours: no ERP knows of it.' })
export class ChannelAllocationType {
  @Field(() => ID)
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Hours after which use and moves start anew.' })
  periodHours!: number;

  @Field(() => SellThroughRuleType, { nullable: true, description: 'Null: nothing is moved by rule.' })
  reallocation!: SellThroughRuleType | null;

  @Field(() => GraphDateTime)
  updatedAt!: Instant;
}

@ObjectType('ChannelStanding', { description: 'How a channel stands with a SKU, in the unit of the variant.' })
export class ChannelStandingType {
  @Field(() => ID)
  channel!: ChannelCode;

  @Field(() => GraphQuantity, { description: 'Its part of the base by rule.' })
  share!: Decimal;

  @Field(() => GraphQuantity, { description: 'Moved to it less moved from it in this period; may be negative.' })
  moved!: Decimal;

  @Field(() => GraphQuantity, { description: 'Share after moves.' })
  own!: Decimal;

  @Field(() => GraphQuantity, { description: 'Held or sold through it in this period.' })
  used!: Decimal;

  @Field(() => GraphQuantity, { description: 'Of its own: nobody else can sell it.' })
  unused!: Decimal;

  @Field(() => GraphQuantity)
  buffer!: Decimal;
}

@ObjectType('SkuAllocation', { description: 'How an allocated SKU stands now. Today\'s goods only: what is on its way is shared out when it is there.' })
export class SkuAllocationType {
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'What can be sold today over all locations.' })
  atpToday!: Decimal;

  @Field(() => GraphQuantity, { description: 'What is shared out: atpToday and what was used since the period began.' })
  base!: Decimal;

  @Field(() => GraphQuantity, { description: 'Any channel\'s, beside its own.' })
  pool!: Decimal;

  channels!: readonly ChannelStandingType[];
}

@ObjectType('SellThrough', { description: 'What a move by rule rested on, in the unit of the variant.' })
export class SellThroughType implements SellThrough {
  @Field(() => GraphDecimal, { description: 'Percent of the period that was over.' })
  elapsedPercent!: Decimal;

  @Field(() => GraphQuantity)
  base!: Decimal;

  @Field(() => GraphQuantity)
  own!: Decimal;

  @Field(() => GraphQuantity)
  used!: Decimal;

  @Field(() => GraphDecimal, { description: 'Used, in percent of own.' })
  soldPercent!: Decimal;

  @Field(() => GraphQuantity, { description: 'Expected until the end of the period at the pace so far.' })
  need!: Decimal;

  @Field(() => GraphQuantity, { description: 'Need times the safety factor.' })
  kept!: Decimal;
}

@ObjectType('AllocationMove', { description: 'A quantity that went from one channel to another or to the pool. Never changed once written.' })
export class AllocationMoveType {
  @Field(() => ID)
  id!: string;

  sku!: Sku;

  @Field(() => ID, { description: 'The rule in whose period it was made.' })
  ruleCode!: string;

  @Field(() => ID, { nullable: true, description: 'Null: the pool.' })
  from!: ChannelCode | null;

  @Field(() => ID, { nullable: true, description: 'Null: the pool.' })
  to!: ChannelCode | null;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant.' })
  quantity!: Decimal;

  @Field(() => GraphMoveCause)
  cause!: MoveCause;

  @Field(() => String, { description: 'Subject of the principal, or "rule:" and the rule\'s code.' })
  movedBy!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => SellThroughType, { nullable: true, description: 'What a move by rule rested on.' })
  figures!: SellThroughType | null;

  @Field(() => GraphDateTime)
  at!: Instant;
}

@ObjectType('AllocationMoveEdge')
export class AllocationMoveEdgeType {
  @Field(() => String)
  cursor!: string;

  @Field(() => AllocationMoveType)
  node!: AllocationMoveType;
}

@ObjectType('AllocationMoveConnection', { description: 'Moves, newest first.' })
export class AllocationMoveConnectionType {
  @Field(() => [AllocationMoveEdgeType])
  edges!: readonly AllocationMoveEdgeType[];

  @Field(() => [AllocationMoveType])
  nodes!: readonly AllocationMoveType[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}
