import { add, compare, equals, greatest, isPositive, least, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { ErpOrder, ErpOrderLine } from '../../../domain/orders.ts';
import type { LineRecord } from '../records.ts';
import type { ChangedLine, LineOutcome } from './records.ts';

/* What the ERP's document says of our lines. Its quantities decide, not what it answered. Pure. */

/** What the ERP calls the goods of a line. */
export type ErpSkuOf = (line: { readonly lineNumber: number; readonly sku: Sku }) => Sku;

type OwnLine = Pick<LineRecord, 'lineNumber' | 'sku' | 'quantity'>;

/** A document that is cancelled orders what has left, and nothing more. */
const orderedBy = ({ state }: ErpOrder, line: ErpOrderLine): Decimal => (state === 'CANCELLED' ? line.delivered : greatest(line.quantity, line.delivered));

const quantityOf = (document: ErpOrder, belongs: (line: ErpOrderLine) => boolean): Decimal =>
  sum(document.lines.filter(belongs).map((line) => orderedBy(document, line)));

/**
 * What each changed line is by the document: by its line number where the document keeps it, else by SKU. Where several
 * lines are one SKU there, what the document has less (or more) than before is given to those that were to change, in order.
 */
export function readBack(lines: readonly OwnLine[], changed: readonly ChangedLine[], document: ErpOrder, erpSkuOf: ErpSkuOf): readonly LineOutcome[] {
  const numbered = new Set(document.lines.flatMap((line) => line.lineNumber ?? []));
  const outcomes = changed.filter(({ lineNumber }) => numbered.has(lineNumber)).map(({ lineNumber }): LineOutcome =>
    ({ lineNumber, quantity: quantityOf(document, (line) => line.lineNumber === lineNumber) }));
  const rest = changed.filter(({ lineNumber }) => !numbered.has(lineNumber));
  for (const [sku, same] of Map.groupBy(rest, erpSkuOf)) {
    const isOfSku = (line: ErpOrderLine): boolean => line.sku === sku && line.lineNumber == null;
    const before = sum(lines.filter((line) => !numbered.has(line.lineNumber) && erpSkuOf(line) === sku).map((line) => line.quantity));
    outcomes.push(...spread(same, subtract(quantityOf(document, isOfSku), before)));
  }
  return outcomes.sort((a, b) => a.lineNumber - b.lineNumber);
}

/** Gives each line of the difference what it was to change by; what nobody asked for is the last one's. */
function spread(changed: readonly ChangedLine[], difference: Decimal): readonly LineOutcome[] {
  let left = difference;
  const outcomes = changed.map(({ lineNumber, from, to }) => {
    const wanted = subtract(to, from);
    const given = isPositive(wanted) ? greatest(ZERO, least(wanted, left)) : least(ZERO, greatest(wanted, left));
    left = subtract(left, given);
    return { lineNumber, from, quantity: add(from, given) };
  });
  const last = outcomes.at(-1)!;
  return outcomes.map(({ lineNumber, quantity }) => ({ lineNumber, quantity: lineNumber === last.lineNumber ? greatest(ZERO, add(quantity, left)) : quantity }));
}

/** Whether a line became what was asked. */
export const isAsAsked = (changed: readonly ChangedLine[], outcomes: readonly LineOutcome[]): boolean =>
  changed.every((line) => equals(outcomes.find((outcome) => outcome.lineNumber === line.lineNumber)?.quantity ?? line.from, line.to));

/** What the document orders, by line number ("#1") where it keeps ours, else by SKU: to notice later what people changed there. */
export function orderedIn(document: ErpOrder): Readonly<Record<string, Decimal>> {
  const ordered: Record<string, Decimal> = {};
  for (const line of document.lines) {
    const key = line.lineNumber == null ? line.sku : `#${line.lineNumber}`;
    ordered[key] = add(ordered[key] ?? ZERO, orderedBy(document, line));
  }
  return ordered;
}

/** Lines of ours that the document has less of than it had; what it has more of is the ERP's own. */
export function loweredSince(lines: readonly OwnLine[], before: Readonly<Record<string, Decimal>>, document: ErpOrder, erpSkuOf: ErpSkuOf): readonly ChangedLine[] {
  const now = orderedIn(document);
  return Object.entries(before).flatMap(([key, quantity]) => {
    const own = lines.filter((line) => (key.startsWith('#') ? key === `#${line.lineNumber}` : erpSkuOf(line) === key));
    const left = now[key] ?? ZERO;
    // Nor less than the document still has: it may count in units of its own.
    let missing = least(subtract(quantity, left), subtract(sum(own.map((line) => line.quantity)), left));
    return own.toReversed().flatMap(({ lineNumber, sku, quantity: from }): ChangedLine[] => {
      if (compare(missing, ZERO) <= 0) return [];
      const less = least(missing, from);
      missing = subtract(missing, less);
      return isPositive(less) ? [{ lineNumber, sku, from, to: subtract(from, less) }] : [];
    });
  });
}
