import { compare, multiply, type Decimal } from '../../../domain/decimal.ts';
import type { ListPrice, PriceRule } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { PriceRequest } from './price-facts.ts';

/** How something is bought: the unit, and how many of the item's own unit one of it is. */
export interface BoughtUnit {
  /** Null: the item's own, which has no name. */
  readonly code: string | null;
  readonly factor: Decimal;
}

/** Why a rule does not hold for a request. */
export type Misfit = 'UNIT' | 'WINDOW' | 'QUANTITY';

/** Null: it holds. */
export function misfitOf(rule: PriceRule, { quantity, at }: PriceRequest, unit: BoughtUnit): Misfit | null {
  if (rule.unitCode !== null && rule.unitCode !== unit.code) return 'UNIT';
  if (!isValidAt(rule, at)) return 'WINDOW';
  const smallest = smallestQuantity(rule, unit);
  return smallest === null || compare(quantity, smallest) >= 0 ? null : 'QUANTITY';
}

/** Of a rule that holds for what is bought in this unit: in the item's own unit. Null: any. */
export const smallestQuantity = ({ minQuantity, unitCode }: PriceRule, { factor }: BoughtUnit): Decimal | null =>
  minQuantity === null || unitCode === null ? minQuantity : multiply(minQuantity, factor);

/** From the first instant of the window on, and no longer at its last: where one ends the next begins. */
export const isValidAt = (window: { readonly validFrom: Instant | null; readonly validUntil: Instant | null }, at: Instant): boolean =>
  (window.validFrom === null || window.validFrom <= at) && (window.validUntil === null || at < window.validUntil);

/** Whether a rule's target includes the SKU. */
export function covers({ target }: Pick<PriceRule, 'target'>, { sku, groupCode, categoryCodes }: Pick<ListPrice, 'sku' | 'groupCode' | 'categoryCodes'>): boolean {
  switch (target.kind) {
    case 'SKU':
      return target.sku === sku;
    case 'GROUP':
      return target.groupCode === groupCode;
    case 'CATEGORY':
      return categoryCodes.includes(target.categoryCode);
    case 'ALL':
      return true;
  }
}

/** Precedence compares as bytes do, not as a language does; the reference makes equals a fixed order. */
export const orderRules = (rules: readonly PriceRule[]): readonly PriceRule[] =>
  rules.length < 2 ? rules : [...rules].sort((a, b) => compareBytes(a.precedence, b.precedence) || compareBytes(a.reference, b.reference));

const ASCII = /^[\x20-\x7e]*$/;

const compareBytes = (a: string, b: string): number => {
  if (a === b) return 0;
  // Text in ASCII compares as its bytes do, at a fiftieth of the time.
  if (ASCII.test(a) && ASCII.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
};
