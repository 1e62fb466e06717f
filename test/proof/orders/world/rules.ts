import type pg from 'pg';
import { Violation } from '../../world/violation.ts';
import { watchOrderBooks, type BookedOrder, type OrderBooks } from './books.ts';
import type { ErpDesk } from './erp-desk.ts';
import type { Acknowledged, OrderJournal } from './order-journal.ts';

export interface Watched {
  readonly desk: ErpDesk;
  readonly orders: OrderJournal;
  /** The ERP document each order was seen with first. */
  readonly linked: Map<string, string>;
  readonly cancelling: ReadonlySet<string>;
  /** Whether the ERP may refuse an order for its customer's sake. */
  readonly blocksCustomers: boolean;
}

/** Checks what must hold at every moment, whatever is under way. @throws Violation */
export async function checkOrders(monitor: Pick<pg.Client, 'query'>, watched: Watched): Promise<void> {
  const { desk, orders, cancelling } = watched;
  // What was acknowledged before the books are read is in them.
  const acknowledged = [...orders.acknowledged.values()].map((told) => ({ ...told }));
  const books = await watchOrderBooks(monitor);
  if (orders.broken.length > 0) throw new Violation('no process fails', orders.broken[0]!);
  const byNumber = new Map(books.orders.map((order) => [order.number, order]));
  for (const told of acknowledged) checkAcknowledged(told, byNumber.get(told.number), books, cancelling);
  checkUnique(books.orders);
  checkHolds(books, byNumber);
  checkDocuments(desk, byNumber);
  for (const order of books.orders) checkOrder(order, watched);
}

function checkAcknowledged(told: Acknowledged, order: BookedOrder | undefined, { holds }: OrderBooks, cancelling: ReadonlySet<string>): void {
  const rule = 'an acknowledged order is present';
  if (!order || order.id !== told.id || order.owner !== told.owner) throw new Violation(rule, `${told.number} is ${order ? 'another' : 'gone'}`);
  const [asked, booked] = [told.placement.lines, order.lines].map((lines) => JSON.stringify(lines.map(({ sku, quantity }) => [sku, Number(quantity)])));
  if (asked !== booked) throw new Violation(rule, `${told.number} was told with ${asked}, and has ${booked}`);
  if (!told.isCertain) return;
  if (order.compensated) throw new Violation(rule, `${told.number} was told for certain and taken back`);
  if (order.submission === 'CANCELLED' && cancelling.has(order.number)) return;
  const hold = holds.find(({ id }) => id === order.holdId);
  if (order.holdState !== 'NONE' && (hold?.state !== 'COMMITTED' || hold.reference !== order.number)) throw new Violation('what is acknowledged is reserved', `${told.number}: its hold is ${hold?.state ?? 'gone'} for ${hold?.reference ?? 'nobody'}`);
}

function checkUnique(orders: readonly BookedOrder[]): void {
  const single = (rule: string, keyOf: (order: BookedOrder) => string | null): void => {
    for (const [key, same] of Map.groupBy(orders, keyOf)) if (key !== null && same.length > 1) throw new Violation(rule, `${key}: ${same.map(({ number }) => number).join(', ')}`);
  };
  single('one order per key', ({ owner, key }) => (key === null ? null : `${owner} ${key}`));
  single('one order per (channel, externalOrderId)', ({ channel, externalId, compensated }) => (externalId === null || compensated ? null : `${channel} ${externalId}`));
}

function checkHolds({ holds }: OrderBooks, byNumber: ReadonlyMap<string, BookedOrder>): void {
  const stray = holds.find(({ reference }) => reference !== null && !byNumber.has(reference));
  if (stray) throw new Violation('each committed hold belongs to an order', `${stray.id} is for ${stray.reference}`);
}

function checkDocuments(desk: ErpDesk, byNumber: ReadonlyMap<string, BookedOrder>): void {
  for (const [reference, documents] of desk.made()) {
    if (documents.length > 1) throw new Violation('exactly one ERP document each', `${reference} has ${documents.map(({ id }) => id).join(', ')}`);
    const order = byNumber.get(reference);
    if (!order) throw new Violation('a refused order leaves no ERP document', `${reference} has ${documents[0]!.id} and no order`);
    if (order.compensated || order.submission === 'CANCELLED') throw new Violation('an order taken back leaves no ERP document', `${reference} has ${documents[0]!.id}`);
  }
}

function checkOrder({ id, number, source, submission, state, erpState, erpId }: BookedOrder, { linked, orders, blocksCustomers }: Watched): void {
  if (source !== 'graph') throw new Violation('a document of ours is no order of others', `${number} from ${source}`);
  const isDead = submission === 'ATTENTION' || state === 'NEEDS_ATTENTION';
  if (isDead && erpState === 'CONFIRMED') throw new Violation('none both dead-lettered and confirmed', `${number} is ${submission}, ${state}, and ${erpId} is confirmed`);
  if (submission === 'ATTENTION' && !blocksCustomers && !orders.refused.has(number)) throw new Violation('a dead letter is what the ERP refused', `nobody said no to ${number}`);
  if (submission === 'DONE' && erpId === null) throw new Violation('what is done has its document', number);
  const before = linked.get(id);
  if (before !== undefined && before !== erpId) throw new Violation('an order keeps its document', `${number} had ${before}, now ${erpId ?? 'none'}`);
  // A draft is nobody's order yet: a copy of one may be told of first.
  if (erpId !== null && erpState !== 'DRAFT') linked.set(id, erpId);
}
