import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { KeptFor, tagPlace } from '../../graph/cache-tags.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import { GraphNoPriceReason } from '../quotes/no-price-reason.ts';
import type { PriceRange } from './price-range.ts';
import type { PricingContext, Quote } from './price-session.ts';
import type { ShownBreak } from './shown-breaks.ts';
import { PriceBreakType, PricedProduct, PricedVariant, PriceQuoteType, PriceRangeType } from './types.ts';

/** Changes are announced, begins and ends of windows among them: this is how long one could go unnoticed, and how old `asOf` may get. */
const PRICE_SECONDS = 60;

const QUANTITY = { defaultValue: '1', description: 'In `unit`; above zero.' };
const UNIT = { nullable: true, description: 'Code of a unit it is sold in, e.g. "BOX"; the variant\'s own by default.' };
const AT = { nullable: true, description: 'Instant at which the price holds; the moment of asking by default.' };
const TAX_COUNTRY = { nullable: true, description: "ISO 3166-1 alpha-2 code of the country whose taxes are told; the channel's by default." };

@Resolver(() => PricedVariant)
export class PricedVariantResolver {
  @NeedsScopes(['price:read'])
  @KeptFor(PRICE_SECONDS, 'PRIVATE')
  @FieldResolver(() => PriceQuoteType, {
    nullable: true,
    description: 'Price for the caller - person, company, location in x-company-location -, currency and channel. Null where there is none, see `priceUnavailableReason`, or where only the cart may show it, see `priceShownInCart`. FORBIDDEN where the channel shows prices to known customers only.',
  })
  price(
    @Root() { sku }: PricedVariant,
    @Arg('quantity', () => GraphQuantity, QUANTITY) quantity: Decimal,
    @Arg('at', () => GraphDateTime, AT) at: Instant | null | undefined,
    @Arg('unit', () => String, UNIT) unit: string | null | undefined,
    @Arg('taxCountry', () => String, TAX_COUNTRY) taxCountry: string | null | undefined,
    @Ctx() { prices }: PricingContext,
  ): Promise<Quote | null> {
    return prices.quote(sku, { quantity, at: at ?? null, unit: unit ?? null, taxCountry: taxCountry ?? null });
  }

  @NeedsScopes(['price:read'])
  @KeptFor(PRICE_SECONDS, 'PRIVATE')
  @FieldResolver(() => GraphNoPriceReason, { nullable: true, description: 'Why `price` of the same arguments has no price for the caller. Null where it has one, be it in the cart only, and where the source of prices or contracts cannot be read. As fresh as the price.' })
  priceUnavailableReason(
    @Root() { sku }: PricedVariant,
    @Arg('quantity', () => GraphQuantity, QUANTITY) quantity: Decimal,
    @Arg('at', () => GraphDateTime, AT) at: Instant | null | undefined,
    @Arg('unit', () => String, UNIT) unit: string | null | undefined,
    @Ctx() { prices }: PricingContext,
  ): Promise<NoPriceReason | null> {
    return prices.findReason(sku, { quantity, at: at ?? null, unit: unit ?? null, taxCountry: null });
  }

  @NeedsScopes(['price:read'])
  @KeptFor(PRICE_SECONDS, 'PRIVATE')
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether there is a price that the channel must not advertise: `price` is null and priceQuote has it. Of one, now. By the minimum advertised prices that are kept here. Null when the source of prices or contracts cannot be read.',
  })
  priceShownInCart(@Root() { sku }: PricedVariant, @Ctx() { prices }: PricingContext): Promise<boolean> {
    return prices.isShownInCart(sku);
  }

  @NeedsScopes(['price:read'])
  @KeptFor(PRICE_SECONDS, 'PRIVATE')
  @FieldResolver(() => [PriceBreakType], {
    nullable: true,
    description: 'Prices by quantity for the caller, ascending, each different from the one before. Empty where the variant has no price to be shown; null when the source of prices or contracts cannot be read.',
  })
  priceBreaks(
    @Root() { sku }: PricedVariant,
    @Arg('unit', () => String, UNIT) unit: string | null | undefined,
    @Arg('at', () => GraphDateTime, AT) at: Instant | null | undefined,
    @Ctx() { prices }: PricingContext,
  ): Promise<readonly ShownBreak[]> {
    return prices.listBreaks(sku, { unit: unit ?? null, at: at ?? null });
  }

  @NeedsScopes(['finance:read'])
  @FieldResolver(() => GraphMoney, { nullable: true, description: "What one of the variant's own unit costs the merchant, from the read model of the system that owns prices; null where it keeps none." })
  costPrice(@Root() { sku }: PricedVariant, @Ctx() { prices }: PricingContext): Promise<Money | null> {
    return prices.readCost(sku);
  }
}

@Resolver(() => PricedProduct)
export class PricedProductResolver {
  @Directive('@requires(fields: "variantSkus")')
  @NeedsScopes(['price:read'])
  @KeptFor(PRICE_SECONDS, 'PRIVATE')
  @FieldResolver(() => PriceRangeType, { nullable: true, description: 'Over the variants that have a price to be shown; null when none has.' })
  priceRange(
    @Root() { variantSkus }: PricedProduct,
    @Arg('taxCountry', () => String, TAX_COUNTRY) taxCountry: string | null | undefined,
    @Ctx() { prices, scope }: PricingContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PriceRange<Quote> | null> {
    tagPlace(scope, info, variantSkus.map((sku) => `Price:${sku}`));
    return prices.findRange(variantSkus, taxCountry ?? null);
  }
}
