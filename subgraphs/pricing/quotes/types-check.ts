import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Decimal } from '../../../domain/decimal.ts';
import { GraphChangedPrice } from '../../graph/changed-price.ts';
import { MoneyInput } from '../../graph/money-input.ts';
import { GraphCurrencyCode, GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import type { PriceCheck } from './price-check.ts';
import { BasketPriceQuoteType } from './types-quote.ts';

@InputType('ExpectedPriceLineInput')
class ExpectedPriceLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Above zero, counted in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: 'The variant\'s own by default.' })
  unit?: string | null;

  @Field(() => MoneyInput, { description: 'What the buyer saw: of one of the variant\'s own unit.' })
  expectedUnitPrice!: Money;
}

@InputType('PriceCheckInput', { description: 'Either a token or lines.' })
export class PriceCheckInput {
  @Field(() => String, { nullable: true, description: 'BasketPriceQuote.token, unchanged.' })
  token?: string | null;

  @Field(() => [ExpectedPriceLineInput], { nullable: true, description: '1 to 500; for storefronts that keep unit prices and no quotes.' })
  lines?: ExpectedPriceLineInput[] | null;

  @Field(() => GraphCurrencyCode, { nullable: true, description: 'For `lines`; default: the request\'s. A token has its own.' })
  currency?: string | null;

  @Field(() => ID, { nullable: true, description: 'As PriceQuoteContextInput.companyLocation.' })
  companyLocation?: string | null;
}

@ObjectType('PricesConfirmed', { description: 'Every line costs what the buyer saw.' })
class PricesConfirmedType {
  @Field(() => BasketPriceQuoteType, { description: 'The same prices, quoted for the whole time again.' })
  newQuote!: BasketPriceQuoteType;
}

@ObjectType('PricesChanged', { description: 'Not every line costs what the buyer saw: show both prices, and let the buyer decide.' })
class PricesChangedType {
  @Field(() => [GraphChangedPrice])
  changes!: readonly GraphChangedPrice[];

  @Field(() => BasketPriceQuoteType, { description: 'At the prices of now.' })
  newQuote!: BasketPriceQuoteType;
}

@ObjectType('QuoteExpired', { description: 'The quote is too old to be ordered by.' })
class QuoteExpiredType {
  @Field(() => GraphDateTime)
  expiredAt!: Instant;

  @Field(() => BasketPriceQuoteType, { description: 'At the prices of now.' })
  newQuote!: BasketPriceQuoteType;
}

export enum GraphQuoteRefusalReason {
  FORGED = 'FORGED',
  NOT_YOURS = 'NOT_YOURS',
}

registerEnumType(GraphQuoteRefusalReason, {
  name: 'QuoteRefusalReason',
  valuesConfig: {
    FORGED: { description: 'Not a token of this deployment, or changed on its way.' },
    NOT_YOURS: { description: 'Given to another buyer, for another location of the company, or for another channel.' },
  },
});

@ObjectType('QuoteRefused', { description: 'The token is none the caller can use.' })
class QuoteRefusedType {
  @Field(() => GraphQuoteRefusalReason)
  reason!: GraphQuoteRefusalReason;

  @Field(() => String, { description: 'What is wrong and what to do, for people.' })
  message!: string;
}

const CHECK_TYPES = {
  CONFIRMED: PricesConfirmedType, CHANGED: PricesChangedType, EXPIRED: QuoteExpiredType, REFUSED: QuoteRefusedType,
} as const satisfies Record<PriceCheck['kind'], unknown>;

export const PriceCheckUnion = createUnionType({
  name: 'PriceCheck',
  description: 'What has become of the prices a buyer saw.',
  types: () => [PricesConfirmedType, PricesChangedType, QuoteExpiredType, QuoteRefusedType] as const,
  resolveType: (value) => CHECK_TYPES[(value as unknown as PriceCheck).kind],
});
