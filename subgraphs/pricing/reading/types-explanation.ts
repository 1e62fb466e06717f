import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { KeptAsPart } from '../../graph/cache-tags.ts';
import type { Decimal, RoundingMode } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { NoPriceReason, PriceLayer, ResolutionPolicy, RoundingPlace } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphCurrencyCode, GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import { GraphNoPriceReason } from '../quotes/no-price-reason.ts';
import type { CandidateOutcome } from '../resolve/explain-price.ts';
import { GraphPriceLayer } from './types.ts';

const GraphCandidateOutcome = {
  WON: 'WON', UNIT: 'UNIT', WINDOW: 'WINDOW', QUANTITY: 'QUANTITY', LIST_NOT_ASKED: 'LIST_NOT_ASKED', LOST_TO_PRECEDENCE: 'LOST_TO_PRECEDENCE', LOST_TO_LOWER: 'LOST_TO_LOWER', NO_PRICE: 'NO_PRICE',
} as const satisfies { [K in CandidateOutcome]: K };

registerEnumType(GraphCandidateOutcome, {
  name: 'PriceCandidateOutcome',
  description: 'What became of something that could have been the price.',
  valuesConfig: {
    WON: { description: 'It is the price.' },
    UNIT: { description: 'It is for another unit.' },
    WINDOW: { description: 'It does not hold at that instant.' },
    QUANTITY: { description: 'It is for larger quantities.' },
    LIST_NOT_ASKED: { description: 'A list before its own had decided.' },
    LOST_TO_PRECEDENCE: { description: 'Another rule of its list comes before it.' },
    LOST_TO_LOWER: { description: 'Another is lower.' },
    NO_PRICE: { description: 'It comes to no price, or could not be compared.' },
  },
});

const GraphAcrossLists = { FIRST_LIST: 'FIRST_LIST', FIRST_WINS: 'FIRST_WINS', LOWEST_WINS: 'LOWEST_WINS' } as const satisfies { [K in ResolutionPolicy['acrossLists']]: K };

registerEnumType(GraphAcrossLists, {
  name: 'PriceListOrder',
  description: "How the buyer's price lists are read, as the system that owns prices does.",
  valuesConfig: {
    FIRST_LIST: { description: 'The first list decides alone; what it has no rule for costs the list price.' },
    FIRST_WINS: { description: 'The first list with a rule that fits.' },
    LOWEST_WINS: { description: 'The lowest of all.' },
  },
});

const GraphWithinList = { FIRST_WINS: 'FIRST_WINS', LOWEST_WINS: 'LOWEST_WINS' } as const satisfies { [K in ResolutionPolicy['withinList']]: K };

registerEnumType(GraphWithinList, { name: 'PriceRuleOrder', description: 'Which of the rules of one list that fit is its price: the first by precedence, or the lowest.' });

const GraphRoundingMode = { HALF_UP: 'HALF_UP', HALF_EVEN: 'HALF_EVEN', DOWN: 'DOWN', UP: 'UP' } as const satisfies { [K in RoundingMode]: K };

registerEnumType(GraphRoundingMode, { name: 'PriceRoundingMode', description: 'HALF_UP: halves away from zero. HALF_EVEN: halves to the even digit. DOWN, UP: towards zero, away from it.' });

const GraphRoundingPlace = { UNIT: 'UNIT', LINE: 'LINE' } as const satisfies { [K in RoundingPlace]: K };

registerEnumType(GraphRoundingPlace, { name: 'PriceRoundingPlace', description: 'UNIT: the price of one is rounded. LINE: only what the line comes to is.' });

@KeptAsPart()
@ObjectType('PriceCandidate', { description: "A rule of one of the buyer's lists that is for the variant, or its list price, and what became of it." })
export class PriceCandidateType {
  @Field(() => GraphPriceLayer)
  layer!: PriceLayer;

  @Field(() => String, { nullable: true, description: "Null: the variant's own price." })
  priceListCode!: string | null;

  @Field(() => String, { nullable: true, description: "Null: the variant's own price, or a list that cannot be used." })
  ruleReference!: string | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'Smallest quantity, in `unit`; null: any.' })
  minQuantity!: Decimal | null;

  @Field(() => String, { nullable: true, description: "The unit it is for; null: the variant's own, however it is bought." })
  unit!: string | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Inclusive; null: since ever.' })
  validFrom!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive; null: for ever.' })
  validUntil!: Instant | null;

  @Field(() => String, { description: 'What it says, in words: "10 % off the list price". Of one that follows from the cost, without figures unless the caller has finance:read.' })
  description!: string;

  @Field(() => GraphMoney, {
    nullable: true, description: "Of one of the variant's own unit, before rounding and promotions, in the list's currency. Null where it does not hold or has none, and, without finance:read, where the cost follows from it.",
  })
  amount!: Money | null;

  @Field(() => GraphNoPriceReason, { nullable: true, description: 'Why it comes to no price.' })
  refusal!: NoPriceReason | null;

  @Field(() => GraphCandidateOutcome)
  outcome!: CandidateOutcome;
}

@KeptAsPart()
@ObjectType('UsedExchangeRate', { description: 'A rate of exchange on the way to a price, from the system that owns prices.' })
export class UsedExchangeRateType {
  @Field(() => GraphCurrencyCode)
  from!: string;

  @Field(() => GraphCurrencyCode)
  to!: string;

  @Field(() => GraphDecimal, { description: 'Units of `to` that one of `from` is.' })
  rate!: Decimal;

  @Field(() => GraphDateTime, { description: 'Since when it holds.' })
  validFrom!: Instant;
}

@KeptAsPart()
@ObjectType('PriceRounding', { description: 'How the price was rounded: once, by the rule of its price list.' })
export class PriceRoundingType {
  @Field(() => GraphRoundingMode)
  mode!: RoundingMode;

  @Field(() => Int, { nullable: true, description: 'Fraction digits; null: at UNIT not at all, at LINE the currency\'s own.' })
  digits!: number | null;

  @Field(() => GraphRoundingPlace)
  place!: RoundingPlace;
}

@KeptAsPart()
@ObjectType('PriceExplanation', { description: "Why a price is what it is, computed when asked for. Of the buyer's own lists and what everybody pays only; promotions stand in `PriceQuote.promotions`." })
export class PriceExplanationType {
  @Field(() => GraphAcrossLists)
  acrossLists!: ResolutionPolicy['acrossLists'];

  @Field(() => GraphWithinList)
  withinList!: ResolutionPolicy['withinList'];

  @Field(() => [PriceCandidateType], { description: 'In the order in which they are asked: list by list, then the list price.' })
  candidates!: readonly PriceCandidateType[];

  @Field(() => PriceCandidateType, { nullable: true, description: 'The one that is the price.' })
  winner!: PriceCandidateType | null;

  @Field(() => [UsedExchangeRateType], { description: "On the winner's way to the currency of the price." })
  rates!: readonly UsedExchangeRateType[];

  @Field(() => GraphDecimal, { nullable: true, description: "Of one of the variant's own unit before rounding and promotions, in the price's currency, to 12 digits; null, without finance:read, where the cost follows from it." })
  exact!: Decimal | null;

  @Field(() => PriceRoundingType, { nullable: true })
  rounding!: PriceRoundingType | null;
}
