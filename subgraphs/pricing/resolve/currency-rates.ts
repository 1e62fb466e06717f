import { divide, divideFinely, multiply, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { CurrencyRate } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { CurrencyRates, FoundRate } from './price-facts.ts';

/** So many of one currency are so many of the other: kept apart, because 1 / 1.1 has no end and 11 / 1.1 is ten. */
interface Fraction {
  readonly times: Decimal;
  readonly over: Decimal;
  readonly validFrom: Instant;
}

/**
 * Rates by instant: the latest known to hold then, straight, backwards (1 / rate), or over one currency both are told against (of
 * several the first by code; those rates are told from before others). Nothing holds before the first instant it is told for.
 */
export function createCurrencyRates(known: readonly CurrencyRate[]): CurrencyRates {
  const latest = latestOf(known);
  const bases = unique(known.map(({ baseCurrencyCode }) => baseCurrencyCode));
  const pivots = [...new Set([...bases, ...unique(known.map(({ currencyCode }) => currencyCode))])];
  const straight = (from: CurrencyCode, to: CurrencyCode, at: Instant): Fraction | null => {
    const forth = latest(from, to, at);
    if (forth !== null) return { times: forth.rate, over: ONE, validFrom: forth.validFrom };
    const back = latest(to, from, at);
    return back === null ? null : { times: ONE, over: back.rate, validFrom: back.validFrom };
  };
  return {
    rateAt: (from, to, at) => {
      if (from === to) return { rate: ONE, over: ONE, times: ONE, validFrom: at };
      const found = straight(from, to, at);
      if (found !== null) return asRate(found);
      for (const pivot of pivots) {
        const [into, out] = [straight(from, pivot, at), straight(pivot, to, at)];
        if (into !== null && out !== null) return asRate(chain(into, out));
      }
      return null;
    },
  };
}

/** What an amount is in the other currency, exact but for a division without end (40 digits). */
export const exchange = (amount: Decimal, { rate, times = rate, over = ONE }: FoundRate): Decimal =>
  over === ONE ? multiply(amount, times) : divideFinely(multiply(amount, times), over);

const asRate = ({ times, over, validFrom }: Fraction): FoundRate => ({ rate: over === ONE ? times : divide(times, over), times, over, validFrom });

const chain = (into: Fraction, out: Fraction): Fraction => ({
  times: multiply(into.times, out.times), over: multiply(into.over, out.over), validFrom: into.validFrom > out.validFrom ? into.validFrom : out.validFrom,
});

/** By pair; a pair is ordered when it is first asked for: of many thousand rates a request needs a few. */
function latestOf(known: readonly CurrencyRate[]): (from: CurrencyCode, to: CurrencyCode, at: Instant) => CurrencyRate | null {
  const told = Map.groupBy(known, (rate) => pair(rate.baseCurrencyCode, rate.currencyCode));
  const ordered = new Map<string, readonly CurrencyRate[]>();
  return (from, to, at) => {
    const key = pair(from, to);
    const rates = told.get(key);
    if (rates === undefined) return null;
    let series = ordered.get(key);
    if (series === undefined) ordered.set(key, (series = rates.sort(byInstant)));
    return series[countUntil(series, at) - 1] ?? null;
  };
}

/** How many of the ascending rates hold by then. */
function countUntil(series: readonly CurrencyRate[], at: Instant): number {
  let [low, high] = [0, series.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series[middle]!.validFrom <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const byInstant = (a: CurrencyRate, b: CurrencyRate): number => order(a.validFrom, b.validFrom) || order(a.reference, b.reference);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unique = (codes: readonly CurrencyCode[]): readonly CurrencyCode[] => [...new Set(codes)].sort(order);
const pair = (from: CurrencyCode, to: CurrencyCode): string => `${from}/${to}`;
