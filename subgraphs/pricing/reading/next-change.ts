import { compare, type Decimal } from '../../../domain/decimal.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { Instant } from '../../../domain/time.ts';
import { covers, smallestQuantity, type BoughtUnit } from '../resolve/rule-fit.ts';
import { unitFactor } from '../resolve/units.ts';
import type { PriceBasis } from './promoted-price.ts';

interface Window {
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
}

/** What lies ahead, beside the windows of rules. */
export interface Ahead {
  /** Promotions that are not on offer yet. */
  readonly upcoming: readonly Promotion[];
  /** When what may be advertised next changes; null: nobody knows of a change, or it does not matter. */
  readonly advertised: Instant | null;
}

/**
 * The next instant at which a rule or a promotion that could matter to the price of so many begins or ends, or what may be
 * advertised changes; null: none is known. What the source has yet to tell of is not.
 * @param own in the item's own unit
 */
export function nextChange(basis: PriceBasis, own: Decimal, unitCode: string | null, { upcoming, advertised }: Ahead): Instant | null {
  const { facts: { listPrice: item, rules }, promotions, at } = basis;
  const factor = item === null ? null : unitFactor(item, unitCode);
  if (item === null || factor === null) return null;
  const unit: BoughtUnit = { code: unitCode ?? item.unitCode, factor };
  const ofRules = [...rules.values()].flat().filter((rule) => {
    const smallest = smallestQuantity(rule, unit);
    return (rule.unitCode === null || rule.unitCode === unit.code) && (smallest === null || compare(own, smallest) >= 0);
  });
  const ofPromotions = [...promotions, ...upcoming].filter(({ targets, minQuantity, maxQuantity }) =>
    (targets.length === 0 || targets.some((target) => covers({ target }, item))) &&
    (minQuantity === null || compare(own, minQuantity) >= 0) && (maxQuantity === null || compare(own, maxQuantity) <= 0));
  return earliest([...[...ofRules, ...ofPromotions].flatMap((window) => edgesOf(window, at)), ...(advertised === null ? [] : [advertised])]);
}

const edgesOf = ({ validFrom, validUntil }: Window, at: Instant): readonly Instant[] => [validFrom, validUntil].filter((edge): edge is Instant => edge !== null && edge > at);

const earliest = (edges: readonly Instant[]): Instant | null => edges.reduce<Instant | null>((first, edge) => (first === null || edge < first ? edge : first), null);
