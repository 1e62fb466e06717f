import type { Clients } from '../../../domain/clients.ts';
import type { Hold } from '../../../domain/inventory.ts';
import { dayOf, instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { destinationOf, wantedOn } from './placement.ts';
import { routingOf } from './routing.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { cancelForLostHold, recordHoldCommitted } from './store-holds.ts';
import { readLines, readOrder } from '../reading/store-reads.ts';

export interface HoldTools {
  readonly database: Database;
  readonly clients: Pick<Clients, 'inventory'>;
  readonly clock: Clock;
  readonly holdTtlSeconds: number;
}

/**
 * The confirm step of try / confirm / cancel: makes the order's hold final, once, whoever comes first - the placement,
 * a repeated request or the submission job. When the hold has expired it is asked for once more; when the stock is gone
 * the order is taken back. Idempotent. @throws Failure when inventory is silent: the order stays as it is.
 */
export async function confirmHold(tools: HoldTools, order: OrderRecord): Promise<'RESERVED' | 'LOST'> {
  if (order.holdState === 'LOST') return 'LOST';
  if (order.holdState !== 'PENDING') return 'RESERVED';
  const first = await commit(tools, order, order.holdId!);
  const lines = first ? [] : await readLines(tools.database, [order.id]);
  const hold = first ?? (await holdAgain(tools, order, lines));
  // Other goods than the first time, perhaps elsewhere; what a kit is made of is not known any more, only that it is one.
  const routing = hold && !first ? routingOf(lines.map((line) => ({ ...line, components: null })), hold.lines) : null;
  if (hold && (await recordHoldCommitted(tools.database, order.id, hold.id, routing))) return 'RESERVED';
  if (!hold && (await cancelForLostHold(tools.database, order, instant(tools.clock.now())))) return 'LOST';
  // Another process settled it between our question and our answer: theirs stands.
  const settled = await readOrder(tools.database, order.id);
  if (settled?.holdState !== 'LOST' && settled?.holdState !== 'RELEASED') return 'RESERVED';
  await tools.clients.inventory.cancelCommitted({ orderReference: order.number });
  // An order that was cancelled is still the answer to whoever placed it.
  return settled.holdState === 'LOST' ? 'LOST' : 'RESERVED';
}

const commit = ({ clients }: HoldTools, order: OrderRecord, holdId: string): Promise<Hold | null> =>
  clients.inventory.commitHold({ holdId, owner: order.owner, orderReference: order.number });

async function holdAgain(tools: HoldTools, order: OrderRecord, lines: readonly LineRecord[]): Promise<Hold | null> {
  const wanted = wantedOn(order.requestedOn, lines);
  // The day asked for may have passed meanwhile: then as soon as there is.
  const requestedOn = wanted !== null && wanted >= dayOf(instant(tools.clock.now())) ? wanted : null;
  const outcome = await tools.clients.inventory.placeHold({
    idempotencyKey: `order:${order.number}:again`,
    owner: order.owner,
    lines: order.holdLines,
    channel: order.channel,
    ttlSeconds: tools.holdTtlSeconds,
    replacesHoldId: null,
    requestedOn,
    shipTo: destinationOf(order.shipTo ?? lines.find((line) => line.shipTo)?.shipTo ?? null),
  });
  return outcome.kind === 'HELD' ? commit(tools, order, outcome.hold.id) : null;
}
