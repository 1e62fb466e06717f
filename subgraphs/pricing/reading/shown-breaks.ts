import { add, compare, divide, isPositive, multiply, ONE, round, type Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { thresholdsOf } from '../resolve/price-breaks.ts';
import { samePrice } from '../resolve/resolve-price.ts';
import { unitFactor } from '../resolve/units.ts';
import { promotedPrice, requestOf, type PriceBasis, type PromotedPrice } from './promoted-price.ts';
import { shownPrice, type ShownBasis, type ShownPrice } from './shown-price.ts';

/** From this quantity on. */
export interface ShownBreak {
  /** In the unit asked for. */
  readonly minQuantity: Decimal;
  /** Of one of the item's own unit. */
  readonly unitPrice: Money;
  /** Where it ends, exclusive: the next break, or where there is no price to be shown. Null: it goes on. */
  readonly below: Decimal | null;
}

/**
 * Unit prices by quantity, ascending, neighbours that touch differ: each computed by asking for the price of that very quantity. Looked for
 * where a rule or a promotion on the price of a piece begins, in whole quantities where it is the promotion or another unit that sets it.
 */
export function listShownBreaks(basis: ShownBasis, unitCode: string | null): readonly ShownBreak[] {
  const { listPrice: item } = basis.facts;
  const factor = item === null ? null : unitFactor(item, unitCode);
  if (factor === null) return [];
  const priceAt = (quantity: Decimal): PromotedPrice | null => {
    const resolved = promotedPrice(basis, quantity, unitCode);
    return resolved.ok ? resolved.price : null;
  };
  const plain = thresholdsOf(basis.facts, requestOf(basis, factor, unitCode)).map((own) => (factor === ONE ? own : wholeFrom(own, factor)));
  const starts = ascending([...plain, ...basis.promotions.flatMap((promotion) => quantitiesOf(promotion, factor))]);
  return differing([...starts, ...basketStarts(basis, starts, factor, priceAt)], basis, unitCode);
}

function differing(quantities: readonly Decimal[], basis: ShownBasis, unitCode: string | null): readonly ShownBreak[] {
  const breaks: ShownBreak[] = [];
  let open: Omit<ShownBreak, 'below'> | null = null;
  for (const minQuantity of ascending(quantities)) {
    const shown = shownPrice(basis, minQuantity, unitCode);
    const price: ShownPrice | null = shown.kind === 'SHOWN' ? shown.price : null;
    if (open !== null && price !== null && samePrice(price.unitPrice, open.unitPrice)) continue;
    if (open !== null) breaks.push({ ...open, below: minQuantity });
    open = price === null ? null : { minQuantity, unitPrice: price.unitPrice };
  }
  return open === null ? breaks : [...breaks, { ...open, below: null }];
}

const ascending = (quantities: readonly Decimal[]): readonly Decimal[] => [...new Set(quantities)].sort(compare);

/** Where a promotion begins, and the first whole quantity that is too much for it. */
function quantitiesOf({ minQuantity, maxQuantity }: Promotion, factor: Decimal): readonly Decimal[] {
  const begins = minQuantity === null || !isPositive(minQuantity) ? [] : [factor === ONE ? minQuantity : wholeFrom(minQuantity, factor)];
  return maxQuantity === null ? begins : [...begins, add(round(divide(maxQuantity, factor), 0, 'DOWN'), ONE)];
}

/**
 * The first whole quantities whose line comes to what a promotion wants of the basket: from each price that was found, and from that
 * without promotions, by which those that compete are compared.
 */
function basketStarts(basis: PriceBasis, starts: readonly Decimal[], factor: Decimal, priceAt: (quantity: Decimal) => PromotedPrice | null): readonly Decimal[] {
  const wanted = basis.promotions.flatMap(({ minBasket }) => (minBasket === null || !isPositive(minBasket.amount) ? [] : [minBasket.amount]));
  if (wanted.length === 0) return [];
  const found = new Set<Decimal>();
  // A promotion may bring the price down so far that the next needs more: as often as there are promotions, at most.
  for (let round = 0, from = starts; round <= wanted.length && from.length > 0; round += 1) {
    const prices = from.flatMap((quantity) => unitPricesAt(quantity, priceAt));
    const next = [...new Set(prices.flatMap((price) => wanted.map((amount) => wholeFrom(amount, multiply(price, factor)))))].filter((quantity) => !found.has(quantity));
    for (const quantity of next) found.add(quantity);
    from = next;
  }
  return [...found];
}

function unitPricesAt(quantity: Decimal, priceAt: (quantity: Decimal) => PromotedPrice | null): readonly Decimal[] {
  const price = priceAt(quantity);
  if (price === null) return [];
  const plain = divide(add(price.lineTotal.amount, price.promotions.reduce((off, { amount }) => add(off, amount), '0' as Decimal)), price.own);
  return [price.unitPrice.amount, plain].filter(isPositive);
}

/** The smallest whole number, one at least, of which each is `step` and that reaches `amount`. */
function wholeFrom(amount: Decimal, step: Decimal): Decimal {
  const least = round(divide(amount, step), 0, 'UP');
  return compare(least, ONE) < 0 ? ONE : least;
}
