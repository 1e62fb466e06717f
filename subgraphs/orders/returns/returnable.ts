import { add, compare, greatest, isPositive, least, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { ReturnStatus } from './return-state.ts';

/** What counts against what can still be returned of an order. */
export interface Returned {
  readonly lines: readonly { readonly lineNumber: number; readonly sku: Sku; readonly shippedQuantity: Decimal }[];
  /** Asked for here. */
  readonly ours: readonly { readonly status: ReturnStatus; readonly lines: readonly { readonly lineNumber: number; readonly quantity: Decimal; readonly received: Decimal }[] }[];
  /** Made in the ERP alone: it names SKUs, not lines. */
  readonly erp: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
}

/**
 * How much of each line may still be asked back: what was shipped less what came back or is on its way, whoever arranged it. A
 * declined or cancelled return takes nothing; of a closed one only what came counts.
 */
export function returnableByLine({ lines, ours, erp }: Returned): Map<number, Decimal> {
  const left = new Map(lines.map((line) => [line.lineNumber, line.shippedQuantity]));
  for (const { status, lines: asked } of ours) {
    if (status === 'DECLINED' || status === 'CANCELLED') continue;
    for (const { lineNumber, quantity, received } of asked) left.set(lineNumber, subtract(left.get(lineNumber) ?? ZERO, status === 'CLOSED' ? received : quantity));
  }
  const elsewhere = new Map<Sku, Decimal>();
  for (const { sku, quantity } of erp) elsewhere.set(sku, add(elsewhere.get(sku) ?? ZERO, quantity));
  // From the last line on: which one the ERP meant nobody knows, and lines are filled from the first one when they are shipped.
  for (const { lineNumber, sku } of lines.toSorted((a, b) => b.lineNumber - a.lineNumber)) {
    const open = greatest(ZERO, left.get(lineNumber)!);
    const taken = least(open, elsewhere.get(sku) ?? ZERO);
    elsewhere.set(sku, subtract(elsewhere.get(sku) ?? ZERO, taken));
    left.set(lineNumber, subtract(open, taken));
  }
  return left;
}

/** Line numbers asked for more than is left, with what is left. */
export const beyond = (asked: readonly { readonly lineNumber: number; readonly quantity: Decimal }[], left: ReadonlyMap<number, Decimal>): ReadonlyMap<number, Decimal> =>
  new Map(asked.flatMap(({ lineNumber, quantity }) => {
    const rest = left.get(lineNumber) ?? ZERO;
    return compare(quantity, rest) > 0 ? [[lineNumber, isPositive(rest) ? rest : ZERO] as const] : [];
  }));
