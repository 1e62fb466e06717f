import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Freshness } from '../../../domain/inventory.ts';
import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphLinePromotion } from '../../graph/changed-price.ts';
import { GraphFreshness } from '../../graph/freshness.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphCurrencyCode, GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import { PricedVariant } from '../reading/types.ts';
import { GraphNoPriceReason } from './no-price-reason.ts';

@InputType('PriceQuoteLineInput')
export class PriceQuoteLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Above zero, counted in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: 'Code of a unit it is sold in; the variant\'s own by default. Converted exactly.' })
  unit?: string | null;
}

@InputType('PriceQuoteContextInput', { description: 'Whose prices they are follows from the caller\'s token.' })
export class PriceQuoteContextInput {
  @Field(() => GraphCurrencyCode, { nullable: true, description: 'Default: the request\'s, else that of the price lists that decide.' })
  currency?: string | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Instant at which the prices hold; now by default. A quote of another moment has no token: checkout sells at the prices of now.' })
  at?: Instant | null;

  @Field(() => ID, { nullable: true, description: 'Customer number of the location of the caller\'s company that buys, where it has terms of its own. Default: the request\'s x-company-location.' })
  companyLocation?: string | null;
}

@InputType('PriceQuoteInput')
export class PriceQuoteInput {
  @Field(() => [PriceQuoteLineInput], { description: '1 to 500.' })
  lines!: PriceQuoteLineInput[];

  @Field(() => PriceQuoteContextInput, { nullable: true })
  context?: PriceQuoteContextInput | null;
}

@ObjectType('BasketPriceLine', { description: 'What one line of a basket costs the caller, and why; or why it has no price.' })
export class BasketPriceLineType {
  @Field(() => Int, { description: 'Index of the line asked for, from 0.' })
  index!: number;

  @Field(() => ID)
  sku!: string;

  @Field(() => PricedVariant)
  variant!: PricedVariant;

  @Field(() => GraphQuantity, { description: 'As asked for, in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: 'As asked for; null: the variant\'s own.' })
  unit!: string | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Of one of the variant\'s own unit; promotions on the price of a piece are in it. Null: there is no price, see `reason`.' })
  unitPrice!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What one costs everybody.' })
  listPrice!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Unit price times quantity, rounded once by the price list\'s rule; before `discount`.' })
  lineTotal!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What promotions take off the line total, those on the whole basket shared out: not negative.' })
  discount!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Line total less discount: what is to be paid for the line.' })
  net!: Money | null;

  @Field(() => [GraphLinePromotion], { description: 'In the order in which they were applied.' })
  promotions!: readonly GraphLinePromotion[];

  @Field(() => String, { nullable: true, description: 'The list that decided; null: the base price did.' })
  priceListCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The rule of that list; null where none fits.' })
  ruleReference!: string | null;

  @Field(() => GraphQuantity, {
    nullable: true, description: 'The quantity break the price is from; null: from any quantity on. What counts towards it is all the basket has of the SKU, in whichever lines and units.',
  })
  breakQuantity!: Decimal | null;

  @Field(() => GraphNoPriceReason, { nullable: true, description: 'Why there is no price; null where there is one.' })
  reason!: NoPriceReason | null;
}

@ObjectType('BasketPriceQuote', {
  description: 'A basket at the caller\'s prices, with every promotion. Placed with its token, an order costs exactly this or is refused with PRICE_CHANGED.',
})
export class BasketPriceQuoteType {
  @Field(() => ID)
  id!: string;

  @Field(() => [BasketPriceLineType], { description: 'One per line asked for, in order.' })
  lines!: readonly BasketPriceLineType[];

  @Field(() => GraphCurrencyCode, { nullable: true, description: 'Null where no line has a price, or they are in several currencies.' })
  currencyCode!: string | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Sum of the line totals, before discounts. Null, as are discount and total, unless every line has a price, all in one currency.' })
  subtotal!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Sum of the lines\' discounts.' })
  discount!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Subtotal less discount: what the goods cost, before shipping and other charges.' })
  total!: Money | null;

  @Field(() => GraphDateTime, { description: 'Until when prices are known to agree with their source.' })
  asOf!: Instant;

  @Field(() => String, { description: 'Connected system that owns prices, e.g. "erp".' })
  source!: string;

  @Field(() => GraphFreshness, { description: 'RECENT, or STALE when the source has been silent for too long.' })
  freshness!: Freshness;

  @Field(() => GraphDateTime)
  issuedAt!: Instant;

  @Field(() => GraphDateTime, { nullable: true, description: 'When the token ends; null where there is none.' })
  expiresAt!: Instant | null;

  @Field(() => String, { nullable: true, description: 'For PlaceOrderInput.quoteToken and checkPrices. Signed, good for this buyer, channel and basket alone. Null where a line has no price, and for `at`.' })
  token!: string | null;
}
