import { decimal } from '../../../domain/decimal.ts';
import type { PriceRuleRow } from './tables.ts';

/** Rules of one place differ in their windows only: where two of them hold, nothing says which. */
const placeOf = (rule: PriceRuleRow): string =>
  JSON.stringify([
    rule.price_list_code, rule.target_kind, rule.target_code, rule.precedence, rule.unit_code, rule.min_quantity === null ? null : decimal(rule.min_quantity),
  ]);

const overlap = (a: PriceRuleRow, b: PriceRuleRow): boolean =>
  (a.valid_from === null || b.valid_until === null || a.valid_from < b.valid_until) && (b.valid_from === null || a.valid_until === null || b.valid_from < a.valid_until);

export interface Settlement {
  /** Of the incoming, those that may take the place of what is stored. */
  readonly accepted: readonly PriceRuleRow[];
  /** The others, with the rule they overlap with. */
  readonly refused: readonly { readonly row: PriceRuleRow; readonly by: PriceRuleRow }[];
}

/**
 * Which of several versions of rules may be served together. What is stored and has not changed stands; of what has changed the
 * lowest reference goes first; who overlaps with one that stands is refused, and its stored version stands again. That may
 * refuse others, so it is tried until nobody more is. The answer follows from the two sets alone, in whatever order they came:
 * the stored ones overlap nowhere, so in the worst case all of them stand.
 */
export function settleOverlaps(stored: readonly PriceRuleRow[], incoming: readonly PriceRuleRow[]): Settlement {
  const changed = new Map(incoming.map((row) => [row.reference, row]));
  const standing = new Map(stored.filter(({ reference }) => !changed.has(reference)).map((row) => [row.reference, row]));
  const fallback = new Map(stored.map((row) => [row.reference, row]));
  const refused = new Map<string, PriceRuleRow>();
  for (;;) {
    const losers = findLosers([...standing.values()], [...changed.values()]);
    if (losers.size === 0) break;
    for (const [reference, by] of losers) {
      changed.delete(reference);
      refused.set(reference, by);
      const old = fallback.get(reference);
      if (old) standing.set(reference, old);
    }
  }
  return { accepted: [...changed.values()], refused: incoming.flatMap((row) => (refused.has(row.reference) ? [{ row, by: refused.get(row.reference)! }] : [])) };
}

/** One look: who overlaps with what stands, or with a changed one of a lower reference that does not itself. */
function findLosers(standing: readonly PriceRuleRow[], changed: readonly PriceRuleRow[]): ReadonlyMap<string, PriceRuleRow> {
  const places = new Map<string, PriceRuleRow[]>();
  const placed = (row: PriceRuleRow): PriceRuleRow[] => {
    const key = placeOf(row);
    const known = places.get(key) ?? [];
    places.set(key, known);
    return known;
  };
  for (const row of standing) placed(row).push(row);
  const losers = new Map<string, PriceRuleRow>();
  for (const row of [...changed].sort((a, b) => (a.reference < b.reference ? -1 : 1))) {
    const others = placed(row);
    const by = others.filter((other) => overlap(row, other)).sort((a, b) => (a.reference < b.reference ? -1 : 1))[0];
    if (by) losers.set(row.reference, by);
    else others.push(row);
  }
  return losers;
}

const windowOf = ({ valid_from: from, valid_until: until }: PriceRuleRow): string =>
  from === null && until === null ? 'always' : `${from === null ? 'since ever' : `from ${from}`} ${until === null ? 'for ever' : `until ${until}`}`;

export const complainAboutOverlap = (row: PriceRuleRow, by: PriceRuleRow): string =>
  `holds ${windowOf(row)}, and so overlaps with ${by.reference}, which holds ${windowOf(by)} for the same list, target, quantity and unit: end one before the other begins, or give them different precedence`;
