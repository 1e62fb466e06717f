import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Money } from '../../../domain/money.ts';
import { hasScope } from '../../../domain/principal.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { presentExplanation } from './present-explanation.ts';
import { rangeOf, type PriceRange, type Range } from './price-range.ts';
import type { PricingContext, Quote } from './price-session.ts';
import type { ShownTax } from './price-tax.ts';
import { PriceExplanationType } from './types-explanation.ts';
import { PriceBoundsType, PriceQuoteType, PriceRangeType, PriceTaxType } from './types.ts';

const DISPLAY = 'with taxes or without, as CHANNEL_TAX_DISPLAY has it for the channel';

/** What of a price is found out only when it is asked for. */
@Resolver(() => PriceQuoteType)
export class PriceQuoteResolver {
  @FieldResolver(() => PriceTaxType, { nullable: true, description: 'For `taxCountry`, else the country of the channel (CHANNEL_TAX_COUNTRIES), else at rates that hold everywhere. Null where no rate is known.' })
  tax(@Root() quote: Quote, @Ctx() { prices }: PricingContext): Promise<ShownTax | null> {
    return prices.taxOn(quote);
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: `\`unitPrice\` ${DISPLAY}. Null where that says nothing or no rate is known.` })
  displayPrice(@Root() quote: Quote, @Ctx() { prices }: PricingContext): Promise<Money | null> {
    return prices.displayPrice(quote);
  }

  @FieldResolver(() => GraphDateTime, {
    nullable: true, description: 'The next instant at which a rule or promotion that could change this price begins or ends, or the least that may be advertised changes; null: none is known. The price may change before by a change in the system that owns prices.',
  })
  validUntil(@Root() quote: Quote, @Ctx() { prices }: PricingContext): Promise<Instant | null> {
    return prices.validUntil(quote);
  }

  @FieldResolver(() => PriceExplanationType, { nullable: true, description: 'Why it is what it is. Null where `unitPrice` is the least that may be advertised: it would tell what is charged.' })
  explanation(@Root() quote: Quote, @Ctx() { prices, scope }: PricingContext): PriceExplanationType | null {
    const explained = prices.explain(quote);
    return explained === null ? null : presentExplanation(explained, hasScope(scope.principal, 'finance:read'));
  }
}

@Resolver(() => PriceRangeType)
export class PriceRangeResolver {
  @FieldResolver(() => PriceBoundsType, { nullable: true, description: `\`min\` and \`max\` ${DISPLAY}. Null where that says nothing or a rate is not known.` })
  async displayPrices(@Root() { prices: found }: PriceRange<Quote>, @Ctx() { prices }: PricingContext): Promise<Range | null> {
    const shown = await Promise.all(found.map((quote) => prices.displayPrice(quote)));
    return shown.includes(null) ? null : rangeOf(shown.filter((price) => price !== null));
  }
}
