import { add, compare, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Hold } from '../../../domain/inventory.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { destinationOf } from '../placing/placement.ts';
import { readOrder } from '../reading/store-reads.ts';
import { addToTimelines } from '../reading/store-timeline.ts';
import type { OrderRecord } from '../records.ts';
import type { ChangeRecord } from './records.ts';
import { recordStockTold } from './store.ts';
import type { ChangeTools } from './tools.ts';

/**
 * The confirm step of a change: tells the stock ledger what the order takes from now on. Every step may be repeated. Goods an
 * order gives back are subtracted by the ledger until a reading later than the ERP's acceptance is there, and by the ERP after
 * it: a reduction takes them out of the first, the ERP's own change out of the second. @throws Failure when inventory is silent
 */
export async function tellStock(tools: ChangeTools, change: ChangeRecord): Promise<void> {
  const { database, clients: { inventory } } = tools;
  const order = (await readOrder(database, change.orderId))!;
  const lines = [...givenBack(change)].map(([sku, quantity]) => ({ sku, quantity }));
  if (lines.length > 0) await inventory.reduceCommitted({ orderReference: order.number, lines, key: change.id });
  if (change.holdId !== null) await (hasGrown(change) ? takeExtra(tools, order, change, change.holdId) : inventory.releaseHold({ holdId: change.holdId, owner: change.owner }));
  await recordStockTold(database, change.id);
}

const outcomeOf = ({ outcome }: ChangeRecord, lineNumber: number, from: Decimal): Decimal => outcome.find((line) => line.lineNumber === lineNumber)?.quantity ?? from;

function givenBack(change: ChangeRecord): ReadonlyMap<string, Decimal> {
  const bySku = new Map<string, Decimal>();
  for (const { lineNumber, sku, from } of change.lines) {
    const now = outcomeOf(change, lineNumber, from);
    if (compare(now, from) < 0) bySku.set(sku, add(bySku.get(sku) ?? ZERO, subtract(from, now)));
  }
  return bySku;
}

const hasGrown = (change: ChangeRecord): boolean =>
  change.lines.some(({ lineNumber, from }) => compare(outcomeOf(change, lineNumber, from), from) > 0);

/**
 * Makes the hold of an increase the order's. It counts as accepted once the order is in the ERP and the change is: asked
 * after the hold became the order's, so that an acceptance noted in between is either seen here or sees the hold.
 */
async function takeExtra(tools: ChangeTools, order: OrderRecord, change: ChangeRecord, holdId: string): Promise<void> {
  const { clients: { inventory }, database, clock } = tools;
  const orderReference = order.number;
  const hold = (await inventory.commitHold({ holdId, owner: change.owner, orderReference })) ?? (await holdAgain(tools, order, change));
  if (hold === null) {
    const detail = 'the goods ordered in addition could not be reserved any more; they are delivered when there are some';
    await addToTimelines(database, [{ orderId: order.id, at: instant(clock.now()), state: order.state, source: 'graph', detail }]);
    return;
  }
  const acceptedAt = (await readOrder(database, order.id))!.erpAcceptedAt;
  if (acceptedAt !== null) await inventory.markAccepted({ orderReference, acceptedAt: later(acceptedAt, change.settledAt ?? acceptedAt) });
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

async function holdAgain({ clients: { inventory }, settings }: ChangeTools, order: OrderRecord, { id, owner, holdLines }: ChangeRecord): Promise<Hold | null> {
  const outcome = await inventory.placeHold({
    idempotencyKey: `change:${id}:again`, owner, lines: holdLines, channel: order.channel, ttlSeconds: settings.holdTtlSeconds, replacesHoldId: null,
    requestedOn: null, shipTo: destinationOf(order.shipTo),
  });
  return outcome.kind === 'HELD' ? inventory.commitHold({ holdId: outcome.hold.id, owner, orderReference: order.number }) : null;
}
