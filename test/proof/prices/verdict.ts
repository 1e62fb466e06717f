import { compare, decimal, divide, equals, multiply, round, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { PriceOutcome } from '../../../domain/pricing.ts';
import { addDays } from '../../../domain/time.ts';
import { isEligible } from './offers.ts';
import { fractionOf, type DatedPrice, type Offer, type SoldLine, type SoldOrder, type Source } from './source.ts';

/**
 * EXACT: unit price to its last digit, line total to the cent. Every other has a reason that is checked by arithmetic of its own: the
 * source's figures must be what follows from it. NO_LIST_PRICE: none holds that day and we refuse; the source charged a whole percentage
 * of one that had ended. ENDED_LIST_PRICE: the source charged the price of a neighbouring window. OFFER_NOT_GIVEN, OTHER_OFFER_GIVEN:
 * an offer fits by product, day, quantity and channel, and the source gave none, or a smaller one. UNEXPLAINED fails the proof.
 */
export type Verdict = 'EXACT' | 'NO_LIST_PRICE' | 'ENDED_LIST_PRICE' | 'OFFER_NOT_GIVEN' | 'OTHER_OFFER_GIVEN' | 'UNEXPLAINED';

export interface Judged {
  readonly verdict: Verdict;
  readonly order: SoldOrder;
  readonly line: SoldLine;
  readonly ours: string;
  /** The offer that fits best; null: none does. */
  readonly offer: Offer | null;
  /** Whether the source's line total, to all its digits, follows from our unit price. */
  readonly hasAllDigits: boolean;
}

type Judge = (order: SoldOrder, line: SoldLine, outcome: PriceOutcome) => Judged;

const DIGITS = 4;
const CENTS = 2;
/** What a piece costs before offers, of the list price. */
const LEVEL = { reseller: decimal('0.6'), web: decimal('1') } as const;

export function createJudge({ prices, offers }: Pick<Source, 'prices' | 'offers'>): Judge {
  const pricesOf = Map.groupBy(prices, ({ sku }) => sku);
  const offersOf = new Map<string, Offer[]>();
  for (const offer of offers) for (const sku of offer.skus) offersOf.set(sku, [...(offersOf.get(sku) ?? []), offer]);
  return (order, line, outcome) => {
    const fitting = (offersOf.get(line.sku) ?? []).filter((offer) => isEligible(offer, order, line)).sort((a, b) => compare(b.percent, a.percent));
    const known = pricesOf.get(line.sku) ?? [];
    return { ...compareFigures(line, outcome), verdict: judge({ order, line, outcome, fitting, known }), order, line, offer: fitting[0] ?? null };
  };
}

function compareFigures(line: SoldLine, outcome: PriceOutcome): Pick<Judged, 'ours' | 'hasAllDigits'> {
  if (outcome.kind === 'NO_PRICE') return { ours: outcome.reason, hasAllDigits: false };
  const { unitPrice, lineTotal, discount } = outcome.line;
  return { ours: `${unitPrice.amount}, ${subtract(lineTotal.amount, discount)}`, hasAllDigits: equals(shown(totalOf(unitPrice.amount, line)), line.lineTotal) };
}

interface Evidence {
  readonly order: SoldOrder;
  readonly line: SoldLine;
  readonly outcome: PriceOutcome;
  /** The offers that fit, the best first. */
  readonly fitting: readonly Offer[];
  /** All list prices the SKU ever had. */
  readonly known: readonly DatedPrice[];
}

function judge(evidence: Evidence): Verdict {
  const { line, outcome, order, fitting, known } = evidence;
  if (outcome.kind === 'PRICED' && isSame(line, outcome.line.unitPrice.amount, subtract(outcome.line.lineTotal.amount, outcome.line.discount))) return 'EXACT';
  const holding = known.find(({ from, until }) => from <= order.day && (until === null || order.day < until));
  if (!holding) return outcome.kind === 'NO_PRICE' && outcome.reason === 'NO_LIST_PRICE' && known.some((past) => isPercentageOf(past, evidence)) ? 'NO_LIST_PRICE' : 'UNEXPLAINED';
  if (follows(evidence, holding)) {
    if (fitting.length > 0 && equals(line.given, decimal('0'))) return 'OFFER_NOT_GIVEN';
    return fitting.slice(1).some(({ percent }) => equals(percent, line.given)) ? 'OTHER_OFFER_GIVEN' : 'UNEXPLAINED';
  }
  return known.some((other) => isNeighbour(other, order) && follows(evidence, other)) ? 'ENDED_LIST_PRICE' : 'UNEXPLAINED';
}

/** Whether the source's figures are what this list price and the percentage it says it gave come to. */
function follows({ line, order }: Evidence, { price }: DatedPrice): boolean {
  const unit = round(multiply(price, subtract(LEVEL[order.channel], fractionOf(line.given))), DIGITS, 'HALF_UP');
  return isSame(line, unit, round(totalOf(unit, line), CENTS, 'HALF_UP'));
}

/** Of a list price that had ended by then. What has no list price any more went at 60, 65, 72 or 74 percent of the last one. */
function isPercentageOf({ price, until }: DatedPrice, { line, order }: Evidence): boolean {
  if (until === null || until > order.day) return false;
  const percent = round(divide(multiply(line.unitPrice, decimal(100)), price), 0, 'HALF_UP');
  const unit = round(multiply(price, fractionOf(percent)), DIGITS, 'HALF_UP');
  return isSame(line, unit, round(totalOf(unit, line), CENTS, 'HALF_UP'));
}

const isSame = (line: SoldLine, unit: Decimal, total: Decimal): boolean => equals(line.unitPrice, unit) && equals(round(line.lineTotal, CENTS, 'HALF_UP'), total);

const totalOf = (unit: Decimal, { quantity, given }: SoldLine): Decimal => multiply(multiply(unit, quantity), subtract(decimal('1'), fractionOf(given)));

const SIGNIFICANT = 10;

/** As the export shows an amount: ten significant digits. */
function shown(amount: Decimal): Decimal {
  const [whole = ''] = amount.split('.');
  return round(amount, SIGNIFICANT - (whole === '0' ? 0 : whole.length), 'HALF_UP');
}

/** Ended the day before, or about to begin. */
const isNeighbour = ({ from, until }: DatedPrice, { day }: SoldOrder): boolean => until === day || from === addDays(day, 1);
