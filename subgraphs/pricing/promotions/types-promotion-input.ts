import { Field, ID, InputType, Int } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import { GraphPromotionBase, GraphPromotionPlace, GraphPromotionStacking, GraphPromotionState } from './graph-words.ts';
import type { PromotionState } from './store.ts';

type PercentOff = Extract<PromotionEffect, { kind: 'PERCENT_OFF' }>;

@InputType('PriceAmountInput')
export class PriceAmountInput {
  @Field(() => GraphDecimal, { description: 'Above zero.' })
  amount!: Decimal;

  @Field(() => String, { description: 'ISO 4217, upper case.' })
  currencyCode!: string;
}

@InputType('PercentOffInput')
export class PercentOffInput {
  @Field(() => GraphDecimal, { description: 'Above 0; at most 100, on the price of a piece less than that: a price of zero is none.' })
  percent!: Decimal;

  @Field(() => GraphPromotionBase, { defaultValue: 'PRICE' })
  of!: PercentOff['of'];

  @Field(() => GraphPromotionPlace)
  place!: PercentOff['place'];
}

@InputType('AmountOffInput')
export class AmountOffInput {
  @Field(() => PriceAmountInput)
  amount!: PriceAmountInput;

  @Field(() => GraphPromotionPlace, { description: 'UNIT: off each piece; where nothing of a price would be left it does not apply. BASKET: off the basket, at most all of it.' })
  place!: PercentOff['place'];
}

@InputType('BuyXGetYInput', { description: 'Of every `buy` + `get` pieces among its targets `get` are less: the cheapest of all. Only whole pieces count.' })
export class BuyXGetYInput {
  @Field(() => GraphQuantity, { description: 'Whole, above zero.' })
  buy!: Decimal;

  @Field(() => GraphQuantity, { description: 'Whole, above zero.' })
  get!: Decimal;

  @Field(() => GraphDecimal, { defaultValue: '100', description: '100: they are free.' })
  percentOff!: Decimal;

  @Field(() => Int, { nullable: true, description: 'A basket; left out: as often as it fits.' })
  timesAtMost?: number | null;
}

@InputType('PromotionEffectInput', { description: 'Exactly one of these.' })
export class PromotionEffectInput {
  @Field(() => PercentOffInput, { nullable: true })
  percentOff?: PercentOffInput | null;

  @Field(() => AmountOffInput, { nullable: true })
  amountOff?: AmountOffInput | null;

  @Field(() => PriceAmountInput, { nullable: true, description: 'The price of a piece, where that is less than without it.' })
  fixedPrice?: PriceAmountInput | null;

  @Field(() => BuyXGetYInput, { nullable: true })
  buyXGetY?: BuyXGetYInput | null;
}

@InputType('PromotionTargetInput', { description: 'Exactly one of these.' })
export class PromotionTargetInput {
  @Field(() => ID, { nullable: true })
  sku?: string | null;

  @Field(() => ID, { nullable: true, description: 'As the ERP calls the item\'s group.' })
  groupCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'As the ERP calls one of the item\'s categories.' })
  categoryCode?: string | null;
}

@InputType('PromotionInput', { description: 'The whole of a promotion: what is left out is not as it was, but as said here.' })
export class PromotionInput {
  @Field(() => ID, { description: 'Of a promotion there is: it is replaced. 1 to 64 letters, digits, "_", "." or "-".' })
  code!: string;

  @Field(() => String, { description: 'What buyers read. At most 200 characters.' })
  name!: string;

  @Field(() => PromotionEffectInput)
  effect!: PromotionEffectInput;

  @Field(() => Int, { defaultValue: 0, description: 'Applied from low to high; equal ones by code.' })
  priority!: number;

  @Field(() => GraphPromotionStacking, { defaultValue: 'STACKS' })
  stacking!: Promotion['stacking'];

  @Field(() => ID, { nullable: true, description: 'Of one group only the one that takes most off applies.' })
  exclusionGroup?: string | null;

  @Field(() => [PromotionTargetInput], { defaultValue: [], description: 'Any of them, at most 1,000; none: everything.' })
  targets!: PromotionTargetInput[];

  @Field(() => [ID], { defaultValue: [], description: 'None: every channel.' })
  channels!: string[];

  @Field(() => [ID], { defaultValue: [], description: 'Only for prices that come from one of these lists; none: from any.' })
  priceListCodes!: string[];

  @Field(() => GraphQuantity, { nullable: true, description: 'Of a line, inclusive, in the item\'s own unit.' })
  minQuantity?: Decimal | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'Of a line, inclusive, in the item\'s own unit.' })
  maxQuantity?: Decimal | null;

  @Field(() => PriceAmountInput, { nullable: true, description: 'What the lines it is for must come to together, after what applies before it.' })
  minBasket?: PriceAmountInput | null;

  @Field(() => GraphDateTime, { nullable: true })
  validFrom?: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive.' })
  validUntil?: Instant | null;

  @Field(() => Boolean, { defaultValue: true })
  active!: boolean;
}

@InputType('PutPromotionInput')
export class PutPromotionInput {
  @Field(() => String, { description: 'The same key with the same content is carried out once; with another content it is a CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => PromotionInput)
  promotion!: PromotionInput;

  @Field(() => Int, { nullable: true, description: 'Only if this is still its revision; 0: only if there is none by this code. Left out: whatever there is.' })
  ifRevision?: number | null;
}

@InputType('EndPromotionInput')
export class EndPromotionInput {
  @Field(() => String, { description: 'The same key with the same content is carried out once; with another content it is a CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => ID)
  code!: string;

  @Field(() => GraphDateTime, { nullable: true, description: 'Not in the past: what was charged stays as it was. Left out: now.' })
  at?: Instant | null;
}

@InputType('PromotionFilterInput')
export class PromotionFilterInput {
  @Field(() => GraphPromotionState, { nullable: true })
  state?: PromotionState | null;

  @Field(() => ID, { nullable: true, description: 'Those that apply in this channel.' })
  channel?: string | null;
}
