import { equals, ZERO } from '../../domain/decimal.ts';
import type { ChangeEvent } from '../../domain/events.ts';
import type { Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { deriveProgress, type OrderProgress } from './order-state.ts';
import { ORDER_COLUMNS, type LineRecord, type OrderRecord, type ShipmentRow } from './records.ts';
import { readLines, readShipmentsOfOrders } from './store-reads.ts';
import { addToTimelines, announceChanges, orderChanged, type TimelineEntry } from './store-timeline.ts';

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
  readonly progress: OrderProgress;
  readonly stateChanged: boolean;
}

/** Derives state and shipped quantities of these orders from their facts, writes what changed and announces it. */
export async function settleOrders(tx: Sql, orderIds: readonly string[], cause: Cause): Promise<void> {
  if (orderIds.length === 0) return;
  const orders = await lockOrders(tx, orderIds);
  const lines = groupBy(await readLines(tx, orderIds), (line) => line.orderId);
  const shipments = groupBy(await readShipmentsOfOrders(tx, orderIds), (shipment) => shipment.orderId!);
  const changes = orders.flatMap((order) => changeOf(order, lines.get(order.id) ?? [], shipments.get(order.id) ?? [], cause.touched) ?? []);
  await writeChanges(tx, changes);
  await addToTimelines(tx, changes.filter((change) => change.stateChanged).map((change) => entryOf(change, cause)));
  await announceChanges(tx, changes.map(({ order }): ChangeEvent => orderChanged(order, cause.at)));
}

function changeOf(order: OrderRecord, lines: readonly LineRecord[], shipments: readonly ShipmentRow[], touched: ReadonlySet<string>): Change | null {
  const progress = deriveProgress({
    cancelledHere: order.compensated,
    needsAttention: order.attention !== null,
    erpState: order.erpState,
    lines,
    delivered: order.erpDelivered,
    shipments,
  });
  const stateChanged = progress.state !== order.state;
  const shippedChanged = lines.some((line) => !equals(line.shippedQuantity, progress.shipped.get(line.lineNumber) ?? ZERO));
  return stateChanged || shippedChanged || touched.has(order.id) ? { order, progress, stateChanged } : null;
}

const entryOf = ({ order, progress }: Change, { at, source }: Cause): TimelineEntry => ({
  orderId: order.id, at, state: progress.state, source, detail: progress.state === 'NEEDS_ATTENTION' ? order.attention : null,
});

async function writeChanges(tx: Sql, changes: readonly Change[]): Promise<void> {
  const states = changes.filter((change) => change.stateChanged).map(({ order, progress }) => ({ id: order.id, state: progress.state }));
  await tx.run(
    `update orders.sales_order o set state = c.state from jsonb_to_recordset($1::jsonb) as c(id uuid, state text) where o.id = c.id`,
    [JSON.stringify(states)],
  );
  const shipped = changes.flatMap(({ order, progress }) =>
    [...progress.shipped].map(([lineNumber, quantity]) => ({ id: order.id, lineNumber, quantity })));
  await tx.run(
    `update orders.order_line l set shipped_quantity = c.quantity
     from jsonb_to_recordset($1::jsonb) as c(id uuid, "lineNumber" int, quantity numeric)
     where l.order_id = c.id and l.line_number = c."lineNumber" and l.shipped_quantity <> c.quantity`,
    [JSON.stringify(shipped)],
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
