import { add, divide, greatest, isZero, least, multiply, round, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { PriceFormula } from '../../../domain/pricing.ts';

const HUNDREDTH = '0.01' as Decimal;

/** base - base * percent / 100, exactly; a negative percent raises. */
export const takePercent = (base: Decimal, percent: Decimal): Decimal => subtract(base, multiply(multiply(base, percent), HUNDREDTH));

/**
 * Odoo's `_compute_price` (addons/product/models/product_pricelist_item.py): discount, round to a multiple, surcharge,
 * then the margins around the undiscounted base: the least first, so that the greatest wins where they contradict.
 */
export function applyFormula(base: Decimal, formula: Extract<PriceFormula, { kind: 'FORMULA' }>): Decimal {
  const { percentOff, roundTo, surcharge, minMargin, maxMargin } = formula;
  let price = takePercent(base, percentOff);
  if (roundTo !== null && !isZero(roundTo)) price = roundToMultiple(price, roundTo);
  price = add(price, surcharge);
  if (minMargin !== null) price = greatest(price, add(base, minMargin));
  if (maxMargin !== null) price = least(price, add(base, maxMargin));
  return price;
}

/** Nearest multiple, halves away from zero: Odoo's float_round. */
const roundToMultiple = (value: Decimal, step: Decimal): Decimal => multiply(round(divide(value, step), 0, 'HALF_UP'), step);
