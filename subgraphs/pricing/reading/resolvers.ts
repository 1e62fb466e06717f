import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import type { Break } from '../resolve/price-breaks.ts';
import type { PricingContext, Quote, Range } from './price-session.ts';
import { PriceBreakType, PricedProduct, PricedVariant, PriceQuoteType, PriceRangeType } from './types.ts';

@Resolver(() => PricedVariant)
export class PricedVariantResolver {
  @NeedsScopes(['price:read'])
  @FieldResolver(() => PriceQuoteType, {
    nullable: true,
    description: 'Price for the caller, its currency and channel. Null where the variant has none: unknown SKU, no list price, another currency than asked, or a price list that cannot be used.',
  })
  price(
    @Root() { sku }: PricedVariant,
    @Arg('quantity', () => GraphQuantity, { defaultValue: '1', description: 'In the unit of the variant; above zero.' }) quantity: Decimal,
    @Arg('at', () => GraphDateTime, { nullable: true, description: 'Instant at which the price holds; the moment of asking by default.' }) at: Instant | null | undefined,
    @Ctx() { prices }: PricingContext,
  ): Promise<Quote | null> {
    return prices.quote(sku, quantity, at ?? null);
  }

  @NeedsScopes(['price:read'])
  @FieldResolver(() => [PriceBreakType], {
    nullable: true,
    description: 'Prices by quantity for the caller, ascending, each different from the one before. Empty where the variant has no price; null when the source of prices or contracts cannot be read.',
  })
  priceBreaks(@Root() { sku }: PricedVariant, @Ctx() { prices }: PricingContext): Promise<readonly Break[]> {
    return prices.listBreaks(sku);
  }
}

@Resolver(() => PricedProduct)
export class PricedProductResolver {
  @Directive('@requires(fields: "variantSkus")')
  @NeedsScopes(['price:read'])
  @FieldResolver(() => PriceRangeType, { nullable: true, description: 'Over the variants that have a price; null when none has.' })
  priceRange(@Root() { variantSkus }: PricedProduct, @Ctx() { prices }: PricingContext): Promise<Range | null> {
    return prices.findRange(variantSkus);
  }
}
