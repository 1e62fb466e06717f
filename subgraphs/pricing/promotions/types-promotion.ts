import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { PriceTarget } from '../../../domain/pricing.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import { GraphPromotionBase, GraphPromotionPlace, GraphPromotionStacking, GraphPromotionTargetKind } from './graph-words.ts';

type PercentOff = Extract<PromotionEffect, { kind: 'PERCENT_OFF' }>;

@ObjectType('PercentOffEffect')
class PercentOffEffectType {
  @Field(() => GraphDecimal)
  percent!: Decimal;

  @Field(() => GraphPromotionBase)
  of!: PercentOff['of'];

  @Field(() => GraphPromotionPlace)
  place!: PercentOff['place'];
}

@ObjectType('AmountOffEffect')
class AmountOffEffectType {
  @Field(() => GraphMoney)
  amount!: Money;

  @Field(() => GraphPromotionPlace)
  place!: PercentOff['place'];
}

@ObjectType('FixedPriceEffect', { description: 'The price of a piece, where that is less than without it.' })
class FixedPriceEffectType {
  @Field(() => GraphMoney)
  amount!: Money;
}

@ObjectType('BuyXGetYEffect', { description: 'Of every `buy` + `get` pieces among its targets `get` are less: the cheapest of all. Only whole pieces count.' })
class BuyXGetYEffectType {
  @Field(() => GraphQuantity)
  buy!: Decimal;

  @Field(() => GraphQuantity)
  get!: Decimal;

  @Field(() => GraphDecimal, { description: '100: they are free.' })
  percentOff!: Decimal;

  @Field(() => Int, { nullable: true, description: 'A basket; null: as often as it fits.' })
  timesAtMost!: number | null;
}

const EFFECT_TYPES = { PERCENT_OFF: PercentOffEffectType, AMOUNT_OFF: AmountOffEffectType, FIXED_PRICE: FixedPriceEffectType, BUY_X_GET_Y: BuyXGetYEffectType } as const;

export const PromotionEffectUnion = createUnionType({
  name: 'PromotionEffect',
  types: () => [PercentOffEffectType, AmountOffEffectType, FixedPriceEffectType, BuyXGetYEffectType] as const,
  resolveType: (effect) => EFFECT_TYPES[(effect as unknown as PromotionEffect).kind],
});

@ObjectType('PromotionTarget')
export class PromotionTargetType {
  @Field(() => GraphPromotionTargetKind)
  kind!: PriceTarget['kind'];

  @Field(() => ID, { nullable: true, description: 'The SKU, or what the ERP calls the group or category; null for ALL.' })
  code!: string | null;
}

@ObjectType('Promotion', { description: 'A merchant\'s offer on top of prices, as it stands now. Prices of the past follow what it was then.' })
export class PromotionType {
  @Field(() => ID)
  code!: string;

  @Field(() => String, { description: 'What buyers read.' })
  name!: string;

  @Field(() => Int, { description: 'Applied from low to high; equal ones by code.' })
  priority!: number;

  @Field(() => GraphPromotionStacking)
  stacking!: Promotion['stacking'];

  @Field(() => ID, { nullable: true, description: 'Of one group only the one that takes most off applies.' })
  exclusionGroup!: string | null;

  @Field(() => [ID], { description: 'None: every channel.' })
  channels!: readonly string[];

  @Field(() => [ID], { description: 'Only for prices that come from one of these lists; none: from any.' })
  priceListCodes!: readonly string[];

  @Field(() => GraphQuantity, { nullable: true, description: 'Of a line, inclusive, in the item\'s own unit.' })
  minQuantity!: Decimal | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'Of a line, inclusive, in the item\'s own unit.' })
  maxQuantity!: Decimal | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What the lines it is for must come to together, after what applies before it.' })
  minBasket!: Money | null;

  @Field(() => GraphDateTime, { nullable: true })
  validFrom!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive.' })
  validUntil!: Instant | null;

  @Field(() => Boolean)
  active!: boolean;

  @Field(() => Int, { description: '1, and one more with every change.' })
  revision!: number;

  @Field(() => GraphDateTime)
  changedAt!: Instant;

  @Field(() => String, { description: 'Subject of the token or API key.' })
  changedBy!: string;
}

@ObjectType('PromotionConnection', { description: 'By code.' })
export class PromotionConnectionType {
  @Field(() => [PromotionType])
  nodes!: readonly PromotionType[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('PromotionPayload')
export class PromotionPayloadType {
  @Field(() => PromotionType, { nullable: true, description: 'As it is by now; null when refused.' })
  promotion!: PromotionType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}
