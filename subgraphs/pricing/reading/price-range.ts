import { compare } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';

export interface Range {
  readonly min: Money;
  readonly max: Money;
}

interface Priced {
  readonly unitPrice: Money;
  readonly listPrice: Money;
}

/** What a product's variants cost, one of each. */
export interface PriceRange<Price extends Priced> extends Range {
  /** Of the same variants before lists and promotions; null where that is in several currencies. */
  readonly listPrices: Range | null;
  /** Whether one of them costs less than its list price. */
  readonly onSale: boolean;
  readonly prices: readonly Price[];
}

/** Null where none has a price, or they are in several currencies, which have no order. */
export function findRange<Price extends Priced>(found: readonly (Price | null)[]): PriceRange<Price> | null {
  const prices = found.filter((price) => price !== null);
  const range = rangeOf(prices.map(({ unitPrice }) => unitPrice));
  return range === null ? null : { ...range, listPrices: rangeOf(prices.map(({ listPrice }) => listPrice)), onSale: prices.some(isReduced), prices };
}

const isReduced = ({ unitPrice, listPrice }: Priced): boolean => unitPrice.currencyCode === listPrice.currencyCode && compare(unitPrice.amount, listPrice.amount) < 0;

/** Cheapest and dearest; null for none, and for several currencies. */
export function rangeOf(prices: readonly Money[]): Range | null {
  const [first] = prices;
  if (first === undefined || prices.some((price) => price.currencyCode !== first.currencyCode)) return null;
  const [min, max] = prices.reduce<[Money, Money]>(
    ([low, high], price) => [compare(price.amount, low.amount) < 0 ? price : low, compare(price.amount, high.amount) > 0 ? price : high],
    [first, first],
  );
  return { min, max };
}
