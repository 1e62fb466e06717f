import { add, isPositive, least, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { HoldLine } from '../../../domain/inventory.ts';
import type { RoutingHint } from '../../../domain/orders.ts';

export interface RoutedLine {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Of a kit: what of which article the line is made of. */
  readonly components: ReadonlyMap<Sku, Decimal> | null;
}

interface Demand {
  readonly lineNumber: number;
  left: Decimal;
}

/**
 * Where sourcing would have each line leave from: what the hold took, given to the lines that want the article in their
 * order. Every piece the hold took is in exactly one hint; a kit's hints name its components.
 */
export function routingOf(lines: readonly RoutedLine[], taken: readonly HoldLine[]): RoutingHint[] {
  const demands = demandsOf(lines);
  const hints = new Map<string, RoutingHint>();
  const hint = (lineNumber: number, { sku, locationCode, dueOn }: HoldLine, quantity: Decimal): void => {
    const key = JSON.stringify([lineNumber, sku, locationCode, dueOn]);
    hints.set(key, { lineNumber, sku, locationCode, quantity: add(hints.get(key)?.quantity ?? ZERO, quantity), dueOn });
  };
  for (const piece of taken) {
    let left = piece.quantity;
    const wanted = demands.get(piece.sku) ?? [];
    for (const demand of wanted) {
      const share = least(demand.left, left);
      if (!isPositive(share)) continue;
      hint(demand.lineNumber, piece, share);
      demand.left = subtract(demand.left, share);
      left = subtract(left, share);
    }
    if (isPositive(left)) hint(wanted.at(-1)?.lineNumber ?? strayLine(lines, taken), piece, left);
  }
  return [...hints.values()];
}

function demandsOf(lines: readonly RoutedLine[]): Map<Sku, Demand[]> {
  const demands = new Map<Sku, Demand[]>();
  for (const { lineNumber, sku, quantity, components } of lines) {
    for (const [wanted, left] of components ?? [[sku, quantity] as const]) demands.set(wanted, [...(demands.get(wanted) ?? []), { lineNumber, left }]);
  }
  return demands;
}

/** For an article no line is known to want: the first line nothing was taken for under its own name must be the kit. */
function strayLine(lines: readonly RoutedLine[], taken: readonly HoldLine[]): number {
  const own = new Set(taken.map((piece) => piece.sku));
  return (lines.find((line) => !own.has(line.sku)) ?? lines[0]!).lineNumber;
}
