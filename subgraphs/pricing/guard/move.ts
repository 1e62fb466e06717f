import { compare, divide, isNegative, multiply, negate, round, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CurrencyCode, Money } from '../../../domain/money.ts';
import type { LayeredList, PriceList } from '../../../domain/pricing.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import { resolvePrice } from '../resolve/resolve-price.ts';
import type { GuardThreshold } from './guard-settings.ts';
import { pointsOf, type PointContext, type ProbePoint } from './probe-points.ts';
import { lostKey, type LostPrice } from './store-memory.ts';

/** A price that is another one, or none any more. */
export interface Move {
  readonly sku: Sku;
  /** Null: the base price. */
  readonly listCode: string | null;
  readonly point: ProbePoint;
  readonly before: Money;
  /** Null: there is none any more. */
  readonly after: Money | null;
  /** Of what it was, rounded to 0.01, negative where it falls; null: nothing to compare, no price or another currency. */
  readonly percent: Decimal | null;
  /** More than may be without approval. */
  readonly isBeyond: boolean;
  /** `before` is of a time when the SKU was last sold. */
  readonly wasLost: boolean;
}

/** How a price is asked for: as a buyer of these lists would. */
export interface ProbeVariant {
  readonly listCode: string | null;
  readonly lists: readonly LayeredList[];
  /** Null: the list's own. */
  readonly currencyCode: CurrencyCode | null;
  /** The lists and all they are computed from. */
  readonly chain: readonly string[];
  readonly threshold: GuardThreshold;
}

export interface ProbeContext extends PointContext {
  /** What has no price yet: what it gets first is no change. */
  readonly isNew: (sku: Sku, listCode: string | null) => boolean;
  readonly lost: ReadonlyMap<string, LostPrice>;
}

export interface ProbeFinding {
  /** The largest; null: nothing moved. */
  readonly move: Move | null;
  /** Whether there was a price to move. */
  readonly hadPrice: boolean;
}

/** Compares what a SKU costs a buyer before and after, wherever the price may take a step. */
export function probeSku(sku: Sku, before: PriceFacts, after: PriceFacts, variant: ProbeVariant, context: ProbeContext): ProbeFinding {
  const { listCode, lists, currencyCode, chain, threshold } = variant;
  const [was, is] = [asIfActive(before), asIfActive(after)];
  let [worst, hadPrice]: [Move | null, boolean] = [null, false];
  for (const point of pointsOf(before, after, chain, context)) {
    const ask = (facts: PriceFacts): Money | null => {
      const found = resolvePrice(facts, { ...point, lists, currencyCode });
      return found.ok ? found.price.unitPrice : null;
    };
    const lost = currencyCode === null ? context.lost.get(lostKey({ sku, listCode, quantity: point.quantity, unitCode: point.unitCode })) : undefined;
    const served = context.isNew(sku, listCode) ? null : ask(was);
    const old = served ?? lost?.price ?? null;
    if (old === null) continue;
    hadPrice = true;
    const fresh = ask(is);
    if (served === null && fresh === null) continue;
    const move = compareMoney(old, fresh, threshold);
    if (move === null) continue;
    const found: Move = { sku, listCode, point, before: old, after: fresh, wasLost: served === null, ...move };
    if (worst === null || isLarger(found, worst)) worst = found;
  }
  return { move: worst, hadPrice };
}

/** A list that is switched off answers nobody, but what happens to its prices meanwhile is seen when it is switched on again. */
function asIfActive(facts: PriceFacts): PriceFacts {
  if ([...facts.lists.values()].every(({ active }) => active)) return facts;
  return { ...facts, lists: new Map([...facts.lists].map(([code, list]): [string, PriceList] => [code, { ...list, active: true }])) };
}

const HUNDRED = '100' as Decimal;

/** Null: it is the same price. */
export function compareMoney(before: Money, after: Money | null, { up, down }: GuardThreshold): Pick<Move, 'percent' | 'isBeyond'> | null {
  if (after === null) return { percent: null, isBeyond: false };
  if (after.currencyCode !== before.currencyCode) return { percent: null, isBeyond: true };
  const difference = subtract(after.amount, before.amount);
  const sign = compare(after.amount, before.amount);
  if (sign === 0) return null;
  // Exactly, without the quotient: the edge itself is allowed.
  const moved = multiply(isNegative(difference) ? negate(difference) : difference, HUNDRED);
  const isBeyond = compare(moved, multiply(before.amount, sign > 0 ? up : down)) > 0;
  return { percent: round(divide(multiply(difference, HUNDRED), before.amount), 2, 'HALF_UP'), isBeyond };
}

/** What is beyond comes first, then what cannot be compared, then the greater percentage. */
export function isLarger(a: Move, b: Move): boolean {
  if (a.isBeyond !== b.isBeyond) return a.isBeyond;
  if (a.percent === null || b.percent === null) return a.percent === null && b.percent !== null;
  return compare(magnitude(a.percent), magnitude(b.percent)) > 0;
}

export const magnitude = (percent: Decimal): Decimal => (isNegative(percent) ? negate(percent) : percent);
