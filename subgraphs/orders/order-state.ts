import { add, compare, isPositive, least, subtract, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { ErpOrderState, OrderState, ShipmentState } from '../../domain/orders.ts';

/**
 * What is known of an order. Every fact is the latest of its document (by the ERP's `updatedAt`), so the state follows
 * from the facts alone: repeated, late and reordered messages cannot change it.
 */
export interface OrderFacts {
  /** Cancelled here before the ERP was told. */
  readonly cancelledHere: boolean;
  /** Refused by the ERP; somebody must look. */
  readonly needsAttention: boolean;
  /** State of the ERP's document; null while there is none. */
  readonly erpState: ErpOrderState | null;
  readonly lines: readonly { readonly lineNumber: number; readonly sku: Sku; readonly quantity: Decimal }[];
  /** Delivered so far by the ERP's order document. */
  readonly delivered: Readonly<Record<Sku, Decimal>>;
  readonly shipments: readonly ShipmentFact[];
}

export interface ShipmentFact {
  readonly state: ShipmentState;
  readonly direction: 'OUTBOUND' | 'RETURN';
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
}

export interface OrderProgress {
  readonly state: OrderState;
  /** By line number. */
  readonly shipped: ReadonlyMap<number, Decimal>;
}

/**
 * RECEIVED -> ACCEPTED_BY_ERP -> PARTIALLY_SHIPPED -> SHIPPED, or CANCELLED, or NEEDS_ATTENTION; by facts, not by steps: a
 * feed reports where an order is, not how it came there.
 */
export function deriveProgress(facts: OrderFacts): OrderProgress {
  const shipped = spreadOverLines(facts.lines, shippedBySku(facts));
  return { state: stateOf(facts, shipped), shipped };
}

function stateOf(facts: OrderFacts, shipped: ReadonlyMap<number, Decimal>): OrderState {
  if (facts.cancelledHere) return 'CANCELLED';
  const anyShipped = [...shipped.values()].some(isPositive);
  const allShipped = facts.lines.every((line) => compare(shipped.get(line.lineNumber) ?? ZERO, line.quantity) >= 0);
  if (anyShipped) return allShipped ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
  if (facts.erpState === 'CANCELLED') return 'CANCELLED';
  if (facts.erpState === 'CONFIRMED') return 'ACCEPTED_BY_ERP';
  return facts.needsAttention ? 'NEEDS_ATTENTION' : 'RECEIVED';
}

/** The order document and its shipments arrive apart and tell the same thing: whichever is ahead counts. */
function shippedBySku({ delivered, shipments }: OrderFacts): Map<Sku, Decimal> {
  const bySku = new Map<Sku, Decimal>();
  for (const shipment of shipments) {
    if (shipment.state !== 'SHIPPED' || shipment.direction !== 'OUTBOUND') continue;
    for (const { sku, quantity } of shipment.lines) bySku.set(sku, add(bySku.get(sku) ?? ZERO, quantity));
  }
  for (const [sku, quantity] of Object.entries(delivered)) {
    if (compare(quantity, bySku.get(sku) ?? ZERO) > 0) bySku.set(sku, quantity);
  }
  return bySku;
}

/** Fills lines in order: two lines of one SKU share what was shipped of it. */
function spreadOverLines(lines: OrderFacts['lines'], bySku: Map<Sku, Decimal>): Map<number, Decimal> {
  const left = new Map(bySku);
  const shipped = new Map<number, Decimal>();
  for (const line of [...lines].sort((a, b) => a.lineNumber - b.lineNumber)) {
    const available = left.get(line.sku) ?? ZERO;
    const share = isPositive(available) ? least(available, line.quantity) : ZERO;
    shipped.set(line.lineNumber, share);
    left.set(line.sku, subtract(available, share));
  }
  return shipped;
}
