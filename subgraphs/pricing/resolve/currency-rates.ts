import { divide, multiply } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { CurrencyRate } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { CurrencyRates, FoundRate } from './price-facts.ts';

/**
 * Rates by instant: the latest known to hold then, straight, backwards (1 / rate), or over one currency both are told against.
 * Nothing holds before the first instant it is told for.
 */
export function createCurrencyRates(known: readonly CurrencyRate[]): CurrencyRates {
  const series = new Map<string, CurrencyRate[]>();
  for (const rate of [...known].sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : a.reference < b.reference ? -1 : 1))) {
    const key = pair(rate.baseCurrencyCode, rate.currencyCode);
    series.set(key, [...(series.get(key) ?? []), rate]);
  }
  const bases = [...new Set(known.map((rate) => rate.baseCurrencyCode))].sort();
  const latest = (from: CurrencyCode, to: CurrencyCode, at: Instant): CurrencyRate | null => series.get(pair(from, to))?.findLast((rate) => rate.validFrom <= at) ?? null;
  const straight = (from: CurrencyCode, to: CurrencyCode, at: Instant): FoundRate | null => {
    const forth = latest(from, to, at);
    if (forth !== null) return { rate: forth.rate, validFrom: forth.validFrom };
    const back = latest(to, from, at);
    return back === null ? null : { rate: divide(ONE, back.rate), validFrom: back.validFrom };
  };
  return {
    rateAt: (from, to, at) => {
      if (from === to) return { rate: ONE, validFrom: at };
      const found = straight(from, to, at);
      if (found !== null) return found;
      for (const base of bases) {
        const [into, out] = [latest(base, from, at), latest(base, to, at)];
        if (into !== null && out !== null) {
          return { rate: multiply(divide(ONE, into.rate), out.rate), validFrom: into.validFrom > out.validFrom ? into.validFrom : out.validFrom };
        }
      }
      return null;
    },
  };
}

const ONE = '1' as Parameters<typeof divide>[0];
const pair = (from: CurrencyCode, to: CurrencyCode): string => `${from}/${to}`;
