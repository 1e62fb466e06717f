import { add, compare, isPositive, isZero, least, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { ErpOrderState, OrderState } from '../../../domain/orders.ts';
import type { ShipmentState } from '../../../domain/shipments.ts';

/**
 * What is known of an order. Every fact is the latest of its document (by the ERP's `updatedAt`), so the state follows
 * from the facts alone: repeated, late and reordered messages cannot change it.
 */
export interface OrderFacts {
  /** Cancelled here: before the ERP was told, or line by line until nothing was left. */
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
  readonly lines: readonly { readonly sku: Sku; readonly quantity: Decimal; readonly allocated?: Decimal }[];
  /** It holds the rest of an earlier one. */
  readonly isBackorder: boolean;
  /** Of each parcel that can be followed: whether it has arrived. */
  readonly arrivals: readonly boolean[];
}

export interface LineProgress {
  readonly shipped: Decimal;
  /** Set aside and not shipped yet; null: the ERP does not tell. */
  readonly allocated: Decimal | null;
  /** In backorders that have not left. */
  readonly backordered: Decimal;
  /** Of what was shipped, come back. */
  readonly returned: Decimal;
}

export interface OrderProgress {
  readonly state: OrderState;
  /** By line number. */
  readonly lines: ReadonlyMap<number, LineProgress>;
}

type BySku = ReadonlyMap<Sku, Decimal>;
type ByLine = ReadonlyMap<number, Decimal>;

/**
 * RECEIVED -> ACCEPTED_BY_ERP -> PARTIALLY_SHIPPED -> SHIPPED -> DELIVERED, or CANCELLED, or NEEDS_ATTENTION; by facts, not by
 * steps: a feed reports where an order is, not how it came there.
 */
export function deriveProgress(facts: OrderFacts): OrderProgress {
  const { lines, shipments } = facts;
  const left = shipments.filter(isOut('SHIPPED'));
  const planned = shipments.filter(isOut('PLANNED'));
  const back = shipments.filter(({ direction, state }) => direction === 'RETURN' && state === 'SHIPPED');
  const bySku = aheadOf(quantitiesOf(left), facts.delivered);
  const shipped = spreadOverLines(lines, bySku);
  const open = lines.map((line) => ({ ...line, quantity: subtract(line.quantity, shipped.get(line.lineNumber)!) }));
  const tells = planned.some((shipment) => shipment.lines.some(({ allocated }) => allocated !== undefined));
  const allocated = spreadOverLines(open, allocatedOf(planned));
  const backordered = spreadOverLines(open, quantitiesOf(planned.filter(({ isBackorder }) => isBackorder)));
  const returned = spreadOverLines(lines.map((line) => ({ ...line, quantity: shipped.get(line.lineNumber)! })), quantitiesOf(back));
  return {
    state: stateOf(facts, shipped, left),
    lines: new Map(lines.map(({ lineNumber }) => [lineNumber, {
      shipped: shipped.get(lineNumber)!, allocated: tells ? allocated.get(lineNumber)! : null, backordered: backordered.get(lineNumber)!, returned: returned.get(lineNumber)!,
    }])),
  };
}

const isOut = (state: ShipmentState) => (shipment: ShipmentFact): boolean => shipment.direction === 'OUTBOUND' && shipment.state === state;

function stateOf(facts: OrderFacts, shipped: ByLine, left: readonly ShipmentFact[]): OrderState {
  const { lines } = facts;
  if (facts.cancelledHere) return 'CANCELLED';
  if ([...shipped.values()].some(isPositive)) {
    if (!covers(lines, shipped)) return 'PARTIALLY_SHIPPED';
    return haveAllArrived(lines, left) ? 'DELIVERED' : 'SHIPPED';
  }
  if (facts.erpState === 'CANCELLED' || (lines.length > 0 && lines.every(({ quantity }) => isZero(quantity)))) return 'CANCELLED';
  if (facts.erpState === 'CONFIRMED') return 'ACCEPTED_BY_ERP';
  return facts.needsAttention ? 'NEEDS_ATTENTION' : 'RECEIVED';
}

const covers = (lines: OrderFacts['lines'], byLine: ByLine): boolean => lines.every((line) => compare(byLine.get(line.lineNumber)!, line.quantity) >= 0);

/** Shipments alone must account for the whole order: one the order's document knows of and we do not may still be on its way. */
function haveAllArrived(lines: OrderFacts['lines'], left: readonly ShipmentFact[]): boolean {
  const arrivals = left.flatMap((shipment) => shipment.arrivals);
  return arrivals.length > 0 && arrivals.every(Boolean) && covers(lines, spreadOverLines(lines, quantitiesOf(left)));
}

function quantitiesOf(shipments: readonly Pick<ShipmentFact, 'lines'>[]): Map<Sku, Decimal> {
  const bySku = new Map<Sku, Decimal>();
  for (const { lines } of shipments) for (const { sku, quantity } of lines) bySku.set(sku, add(bySku.get(sku) ?? ZERO, quantity));
  return bySku;
}

const allocatedOf = (shipments: readonly ShipmentFact[]): BySku =>
  quantitiesOf(shipments.map(({ lines }) => ({ lines: lines.map(({ sku, allocated }) => ({ sku, quantity: allocated ?? ZERO })) })));

/** The order document and its shipments arrive apart and tell the same thing: whichever is ahead counts. */
function aheadOf(bySku: Map<Sku, Decimal>, delivered: OrderFacts['delivered']): BySku {
  for (const [sku, quantity] of Object.entries(delivered)) {
    if (compare(quantity, bySku.get(sku) ?? ZERO) > 0) bySku.set(sku, quantity);
  }
  return bySku;
}

/** Fills lines in order: two lines of one SKU share what there is of it. */
function spreadOverLines(lines: OrderFacts['lines'], bySku: BySku): ByLine {
  const left = new Map(bySku);
  const byLine = new Map<number, Decimal>();
  for (const line of [...lines].sort((a, b) => a.lineNumber - b.lineNumber)) {
    const available = left.get(line.sku) ?? ZERO;
    const share = isPositive(available) ? least(available, line.quantity) : ZERO;
    byLine.set(line.lineNumber, share);
    left.set(line.sku, subtract(available, share));
  }
  return byLine;
}
