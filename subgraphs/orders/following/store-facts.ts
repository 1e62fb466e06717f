import { equals, isZero } from '../../../domain/decimal.ts';
import type { ChangeEvent } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { ORDER_COLUMNS, type LineRecord, type OrderRecord, type ShipmentRow } from '../records.ts';
import { readLines, readShipmentsOfOrders } from '../reading/store-reads.ts';
import { addFacts, announceChanges, orderChanged } from '../reading/store-timeline.ts';
import type { FactKind, TimelineFact } from '../reading/timeline-fact.ts';
import { factsOf, type KnownOfOrder } from './order-facts.ts';
import { settleReturns } from '../returns/settlement.ts';
import { deriveProgress, type LineProgress, type OrderProgress, type ShipmentFact } from './order-state.ts';
import { arrivalsOf } from './parcels.ts';
import type { ShipmentNews } from './records.ts';
import { readNewsOfOrders } from './store-carrier-news.ts';
import { readMemosOfOrders } from './store-memo-reads.ts';

/**
 * Facts from the ERP (documents, shipments) are written one transaction at a time: feeds and the submission worker tell
 * of the same orders, and a shipment must not be parked by one while the other is linking its order.
 */
export const lockFacts = (tx: Sql): Promise<readonly unknown[]> => tx.query(`select pg_advisory_xact_lock(hashtextextended('orders facts', 0))`);

const lockOrders = (tx: Sql, ids: readonly string[]): Promise<readonly OrderRecord[]> =>
  tx.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders.sales_order o where o.id = any($1::uuid[]) order by o.id for update`, [ids]);

export interface ErpReport {
  /** Connector instance that tells. */
  readonly source: string;
  /** When we heard of it: no earlier than the ERP's own commit, so the stock ledger may count from here. */
  readonly at: Instant;
}

export interface Cause {
  readonly at: Instant;
  readonly source: string;
  /** Orders whose visible facts changed even if their state did not. */
  readonly touched: ReadonlySet<string>;
}

interface Change {
  readonly order: OrderRecord;
  readonly lines: readonly LineRecord[];
  readonly progress: OrderProgress;
  readonly stateChanged: boolean;
  /** What the ERP and the carriers have told of it so far. */
  readonly facts: readonly TimelineFact[];
}

/** Derives state and quantities of these orders from their facts, writes what changed, notes it in their timelines and announces it. */
export async function settleOrders(tx: Sql, orderIds: readonly string[], cause: Cause): Promise<void> {
  if (orderIds.length === 0) return;
  const orders = await lockOrders(tx, orderIds);
  const known = await readKnown(tx, orderIds);
  const changes = orders.flatMap((order) => changeOf(order, known(order.id), cause) ?? []);
  await writeChanges(tx, changes);
  await addFacts(tx, changes.flatMap((change) => [...change.facts, ...(change.stateChanged ? factsOfState(change, cause) : [])]));
  await announceChanges(tx, changes.map(({ order }): ChangeEvent => orderChanged(order, cause.at)));
  // What goes on from here is found by the sweep of returns.
  await settleReturns(tx, orderIds, { at: cause.at, source: cause.source, touched: new Map(), dueAt: cause.at });
}

type Known = Omit<KnownOfOrder, 'order'> & { readonly lines: readonly LineRecord[] };

/** Everything that says how far these orders are, read at once. */
async function readKnown(tx: Sql, orderIds: readonly string[]): Promise<(orderId: string) => Known> {
  const lines = groupBy(await readLines(tx, orderIds), (line) => line.orderId);
  const shipments = groupBy(await readShipmentsOfOrders(tx, orderIds), (shipment) => shipment.orderId!);
  const news = shipments.size === 0 ? new Map<string, never[]>() : groupBy(await readNewsOfOrders(tx, orderIds), ({ orderId }) => orderId);
  const memos = groupBy(await readMemosOfOrders(tx, orderIds), ({ orderId }) => orderId);
  return (id) => ({ lines: lines.get(id) ?? [], shipments: shipments.get(id) ?? [], news: news.get(id) ?? [], memos: memos.get(id) ?? [] });
}

function changeOf(order: OrderRecord, known: Known, { touched, source }: Cause): Change | null {
  const { lines } = known;
  const nothingIsLeft = order.source === 'graph' && lines.length > 0 && lines.every((line) => isZero(line.quantity));
  const progress = deriveProgress({
    // Cancelled by hand; should the ERP have it after all, it is the ERP that delivers.
    cancelledHere: order.compensated || nothingIsLeft || (order.submission === 'CANCELLED' && order.erpState !== 'CONFIRMED'),
    needsAttention: order.attention !== null,
    erpState: order.erpState,
    // The ERP's messages call a line what it was told.
    lines: lines.map((line) => ({ ...line, sku: line.erpSku ?? line.sku })),
    delivered: order.erpDelivered,
    shipments: known.shipments.map((shipment) => shipmentFact(shipment, known.news)),
  });
  const stateChanged = progress.state !== order.state;
  const quantitiesChanged = lines.some((line) => isOther(line, progress.lines.get(line.lineNumber)!));
  if (!stateChanged && !quantitiesChanged && !touched.has(order.id)) return null;
  return { order, lines, progress, stateChanged, facts: factsOf({ order, ...known }, source) };
}

const shipmentFact = (shipment: ShipmentRow, news: readonly ShipmentNews[]): ShipmentFact => ({
  ...shipment, isBackorder: shipment.backorderOf !== null, arrivals: arrivalsOf(shipment, news.filter(({ ofShipment }) => ofShipment === shipment.id)),
});

const isOther = (line: LineRecord, { shipped, allocated, backordered, returned }: LineProgress): boolean =>
  !equals(line.shippedQuantity, shipped) || !equals(line.backorderedQuantity, backordered) || !equals(line.returnedQuantity, returned) ||
  (line.allocatedQuantity === null || allocated === null ? line.allocatedQuantity !== allocated : !equals(line.allocatedQuantity, allocated));

/** What no document of the ERP tells. An order may need attention many times. */
function factsOfState({ order, progress: { state } }: Change, { at, source }: Cause): TimelineFact[] {
  const fact = (kind: FactKind, name: string, detail: string | null): TimelineFact[] => [{ orderId: order.id, kind, fact: name, at, source, detail }];
  if (state === 'NEEDS_ATTENTION') return fact('ATTENTION', at, order.attention);
  if (state === 'CANCELLED') return fact('CANCELLED', '', null);
  return order.state === 'NEEDS_ATTENTION' && state === 'RECEIVED' ? fact('RESOLVED', at, null) : [];
}

async function writeChanges(tx: Sql, changes: readonly Change[]): Promise<void> {
  const states = changes.filter((change) => change.stateChanged).map(({ order, progress }) => ({ id: order.id, state: progress.state }));
  if (states.length > 0) {
    await tx.run(
      `update orders.sales_order o set state = c.state from jsonb_to_recordset($1::jsonb) as c(id uuid, state text) where o.id = c.id`,
      [JSON.stringify(states)],
    );
  }
  const quantities = changes.flatMap(({ order, lines, progress }) => lines.flatMap((line) => {
    const now = progress.lines.get(line.lineNumber)!;
    return isOther(line, now) ? [{ id: order.id, lineNumber: line.lineNumber, ...now }] : [];
  }));
  if (quantities.length === 0) return;
  await tx.run(
    `update orders.order_line l set shipped_quantity = c.shipped, allocated_quantity = c.allocated, backordered_quantity = c.backordered, returned_quantity = c.returned
     from jsonb_to_recordset($1::jsonb) as c(id uuid, "lineNumber" int, shipped numeric, allocated numeric, backordered numeric, returned numeric)
     where l.order_id = c.id and l.line_number = c."lineNumber"`,
    [JSON.stringify(quantities)],
  );
}

export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
