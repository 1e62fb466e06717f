import { compare, ONE, type Decimal } from '../../../domain/decimal.ts';
import type { PriceRule } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import { inOwnUnit } from '../resolve/units.ts';

/** One question whose answer is compared before and after. */
export interface ProbePoint {
  /** In the item's own unit. */
  readonly quantity: Decimal;
  /** Null: the item's own. */
  readonly unitCode: string | null;
  readonly at: Instant;
}

export interface PointContext {
  readonly now: Instant;
  /** References of the rules among the changes. */
  readonly changing: ReadonlySet<string>;
  /** When else something that changes begins to hold: a rate. After `now`. */
  readonly edges: readonly Instant[];
}

/** Of one SKU on one list: rules that have more breaks, or more windows to come, are looked at where they are nearest. */
const MOST_AMOUNTS = 12;
const MOST_INSTANTS = 12;

/**
 * Where the price of a SKU may take a step: at the smallest quantity of every rule of these lists, before and after, and now as well as
 * at every edge of a window that is still to come. What a rule that is about to change says comes before what others say.
 */
export function pointsOf(before: PriceFacts, after: PriceFacts, lists: readonly string[], { changing, now, edges }: PointContext): readonly ProbePoint[] {
  const rules = lists.flatMap((code) => [...(before.rules.get(code) ?? []), ...(after.rules.get(code) ?? [])]);
  const [own, others] = [rules.filter(({ reference }) => changing.has(reference)), rules.filter(({ reference }) => !changing.has(reference))];
  const amounts = amountsOf([...own, ...others], after.listPrice === null ? before : after);
  const instants = [now, ...new Set([...edges, ...edgesOf(own, now), ...edgesOf(others, now)])].slice(0, MOST_INSTANTS);
  return amounts.flatMap((amount) => instants.map((at) => ({ ...amount, at })));
}

function amountsOf(rules: readonly PriceRule[], { listPrice }: PriceFacts): readonly Omit<ProbePoint, 'at'>[] {
  const found = new Map<string, Omit<ProbePoint, 'at'>>();
  const put = (quantity: Decimal, unitCode: string | null): unknown => found.set(JSON.stringify([quantity, unitCode]), { quantity, unitCode });
  put(ONE, null);
  for (const { minQuantity, unitCode } of rules) {
    const quantity = listPrice === null ? null : inOwnUnit(listPrice, minQuantity ?? ONE, unitCode);
    if (quantity !== null) put(quantity, unitCode);
    if (found.size >= MOST_AMOUNTS) break;
  }
  return [...found.values()].sort((a, b) => compare(a.quantity, b.quantity));
}

const edgesOf = (rules: readonly PriceRule[], now: Instant): readonly Instant[] =>
  rules.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]).filter((edge): edge is Instant => edge !== null && edge > now).sort();
