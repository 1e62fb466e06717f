import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Freshness } from '../../../domain/inventory.ts';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphFreshness } from '../../graph/freshness.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';

@Directive('@key(fields: "sku")')
@ObjectType('ProductVariant')
export class PricedVariant {
  @Field(() => ID)
  sku!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Product')
export class PricedProduct {
  @Field(() => ID)
  id!: string;

  @Directive('@external')
  @Field(() => [ID])
  variantSkus!: readonly string[];
}

@ObjectType('PriceQuote', {
  description: 'What the caller pays for a quantity of one variant, and why. Without tax. From the read model of the system that owns prices.',
})
export class PriceQuoteType {
  @Field(() => GraphMoney, { description: 'Price of one unit at this quantity; may have more digits than the currency.' })
  unitPrice!: Money;

  @Field(() => GraphMoney, { description: 'Price of one unit before any price list, in the currency the source keeps it in.' })
  listPrice!: Money;

  @Field(() => GraphMoney, { description: 'Unit price times quantity, rounded once to the digits of the currency.' })
  lineTotal!: Money;

  @Field(() => GraphQuantity, { description: 'The quantity asked for, in the unit of the variant.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: "The buyer's or the channel's price list; null where list prices hold." })
  priceListCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The rule of that list that gave the price; null where none fits and the list price stands.' })
  ruleReference!: string | null;

  @Field(() => GraphQuantity, { description: 'Smallest quantity of that rule; 0 = from any quantity on.' })
  breakQuantity!: Decimal;

  @Field(() => GraphDateTime, { description: 'Until when prices are known to agree with their source.' })
  asOf!: Instant;

  @Field(() => String, { description: 'Connected system that owns prices, e.g. "erp".' })
  source!: string;

  @Field(() => GraphFreshness, { description: 'RECENT, or STALE when the source has been silent for too long.' })
  freshness!: Freshness;
}

@ObjectType('PriceBreak', { description: 'From this quantity on one unit costs this much, until the next break.' })
export class PriceBreakType {
  @Field(() => GraphQuantity, { description: 'In the unit of the variant.' })
  minQuantity!: Decimal;

  @Field(() => GraphMoney)
  unitPrice!: Money;
}

@ObjectType('PriceRange', { description: "Cheapest and dearest of a product's variants, one unit each, for the caller." })
export class PriceRangeType {
  @Field(() => GraphMoney)
  min!: Money;

  @Field(() => GraphMoney)
  max!: Money;
}
