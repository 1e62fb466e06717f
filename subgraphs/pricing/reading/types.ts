import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ChangesWith, KeptAsPart } from '../../graph/cache-tags.ts';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Freshness } from '../../../domain/inventory.ts';
import type { Money } from '../../../domain/money.ts';
import type { PriceLayer } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphLinePromotion } from '../../graph/changed-price.ts';
import { GraphFreshness } from '../../graph/freshness.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import type { AdvertisedAs } from './shown-price.ts';

export const GraphPriceLayer = { CONTRACT: 'CONTRACT', GROUP: 'GROUP', CHANNEL: 'CHANNEL', BASE: 'BASE' } as const satisfies { [K in PriceLayer]: K };

registerEnumType(GraphPriceLayer, {
  name: 'PriceLayer',
  description: 'Whose agreement a price is.',
  valuesConfig: {
    CONTRACT: { description: 'Agreed with the location, the person or the company that buys.' },
    GROUP: { description: 'Of a customer group the buyer is in.' },
    CHANNEL: { description: 'Of the sales channel, for everybody in it.' },
    BASE: { description: 'What everybody pays.' },
  },
});

const GraphAdvertisedAs = { PRICE: 'PRICE', MINIMUM_ADVERTISED: 'MINIMUM_ADVERTISED' } as const satisfies { [K in AdvertisedAs]: K };

registerEnumType(GraphAdvertisedAs, {
  name: 'AdvertisedAs',
  description: 'What a price that is shown stands for.',
  valuesConfig: {
    PRICE: { description: 'It is what is charged.' },
    MINIMUM_ADVERTISED: { description: 'Less is charged, and must not be advertised: this is the least that may be. The cart has the real price.' },
  },
});

@ChangesWith('Price:{$key.sku}')
@ChangesWith('Price')
@Directive('@key(fields: "sku")')
@ObjectType('ProductVariant')
export class PricedVariant {
  @Field(() => ID)
  sku!: string;
}

@ChangesWith('Price')
@Directive('@key(fields: "id")')
@ObjectType('Product')
export class PricedProduct {
  @Field(() => ID)
  id!: string;

  @Directive('@external')
  @Field(() => [ID])
  variantSkus!: readonly string[];
}

@KeptAsPart()
@ObjectType('PriceTax', { description: "The taxes on a price of one, at the rates of the system that owns prices. Checkout charges the tax of the order's own address." })
export class PriceTaxType {
  @Field(() => GraphDecimal, { description: 'In percent: 19 is nineteen percent. The sum where several taxes apply.' })
  ratePercent!: Decimal;

  @Field(() => GraphMoney, { description: 'Of one of the variant\'s own unit, without taxes.' })
  net!: Money;

  @Field(() => GraphMoney, { description: 'Of one of the variant\'s own unit, with its taxes.' })
  gross!: Money;

  @Field(() => Boolean, { description: 'Whether `unitPrice` has them in it.' })
  included!: boolean;
}

@KeptAsPart()
@ObjectType('PriceQuote', {
  description: 'What the caller pays for a quantity of one variant, and why. From the read model of the system that owns prices, with the promotions that are kept here. Taxes are in it only where `tax.included` says so.',
})
export class PriceQuoteType {
  @Field(() => GraphMoney, {
    description: 'Of one of the variant\'s own unit at this quantity, promotions on the price of a piece included; may have more digits than the currency. What placeOrder compares `expectedUnitPrice` with, unless `advertisedAs` says that less is charged.',
  })
  unitPrice!: Money;

  @Field(() => GraphMoney, { description: 'Of one of the variant\'s own unit before any agreement and promotion: what everybody pays. In the currency of `unitPrice` where a rate is known, else in that the source keeps it in.' })
  listPrice!: Money;

  @Field(() => GraphMoney, { description: 'Unit price times quantity, rounded once by the rule of the price list. Promotions on line and basket are in priceQuote.' })
  lineTotal!: Money;

  @Field(() => GraphQuantity, { description: 'The quantity asked for, in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: 'Code of the unit `quantity` is in, e.g. "BOX"; null: the variant\'s own, which has no name in the system that owns prices.' })
  unit!: string | null;

  @Field(() => GraphPriceLayer, { description: 'Whose agreement decided.' })
  layer!: PriceLayer;

  @Field(() => String, { nullable: true, description: 'The price list that decided; null where the list price holds.' })
  priceListCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The rule of that list that gave the price; null where none fits and the list price stands.' })
  ruleReference!: string | null;

  @Field(() => GraphQuantity, { description: 'Smallest quantity of that rule, in the variant\'s own unit; 0 = from any quantity on.' })
  breakQuantity!: Decimal;

  @Field(() => [GraphLinePromotion], { description: 'Promotions on the price of a piece that are in `unitPrice`, with what each takes off the line, in the order in which they were applied. Kept here, current as of the request.' })
  promotions!: readonly GraphLinePromotion[];

  @Field(() => GraphAdvertisedAs, { description: 'Whether `unitPrice` is what is charged, or the least that may be advertised.' })
  advertisedAs!: AdvertisedAs;

  @Field(() => GraphDateTime, { description: 'Until when prices are known to agree with their source.' })
  asOf!: Instant;

  @Field(() => String, { description: 'Connected system that owns prices, e.g. "erp".' })
  source!: string;

  @Field(() => GraphFreshness, { description: 'RECENT, or STALE when the source has been silent for too long.' })
  freshness!: Freshness;
}

@KeptAsPart()
@ObjectType('PriceBreak', { description: 'From this quantity on one unit costs this much, until `below`: what `price` says of this quantity. Where offers that exclude each other compete, ask `price` of the quantity.' })
export class PriceBreakType {
  @Field(() => GraphQuantity, { description: 'In the unit asked for.' })
  minQuantity!: Decimal;

  @Field(() => GraphMoney, { description: "Of one of the variant's own unit, promotions on the price of a piece included." })
  unitPrice!: Money;

  @Field(() => GraphQuantity, { nullable: true, description: 'Where it ends, exclusive, in the unit asked for: the next break, or where there is no price to be shown any more. Null: it goes on.' })
  below!: Decimal | null;
}

@KeptAsPart()
@ObjectType('PriceBounds', { description: 'The least and the most of several prices.' })
export class PriceBoundsType {
  @Field(() => GraphMoney)
  min!: Money;

  @Field(() => GraphMoney)
  max!: Money;
}

@KeptAsPart()
@ObjectType('PriceRange', { description: "Cheapest and dearest of a product's variants, one unit each, for the caller: as `ProductVariant.price` has them, from the same read." })
export class PriceRangeType {
  @Field(() => GraphMoney, { description: 'The least of `unitPrice`.' })
  min!: Money;

  @Field(() => GraphMoney, { description: 'The most of `unitPrice`.' })
  max!: Money;

  @Field(() => PriceBoundsType, { nullable: true, description: 'Of the same variants, `listPrice`: what to show struck through beside a price that is less. Null where list prices are in several currencies.' })
  listPrices!: { readonly min: Money; readonly max: Money } | null;

  @Field(() => Boolean, { description: 'Whether one of the variants costs the caller less than its list price.' })
  onSale!: boolean;
}
