import { randomUUID } from 'node:crypto';
import { invalidInput } from '../../../domain/failure.ts';
import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { Problem } from '../placing/text-validation.ts';
import { addsUp, hashOf, problemsOf, type PastOrder } from './past-order.ts';
import { countImported, findImported, findTaken, insertPast, type PastRow } from './store.ts';

export interface RejectedOrder extends Problem {
  readonly number: string;
}

export interface ImportReport {
  readonly imported: number;
  /** Stored before, as told now. */
  readonly unchanged: number;
  readonly rejected: readonly RejectedOrder[];
  /** Numbers of stored orders whose parts do not sum up to their total: kept as they were told. */
  readonly notAddingUp: readonly string[];
  /** Of this source, stored by now. */
  readonly total: number;
}

export interface ImportTools {
  readonly database: Database;
  readonly clock: Clock;
}

/** At most so many at once: the caller sends the next batch when this one is answered. */
const MAX_BATCH = 500;

/**
 * Stores orders of the time before, without submission, holds or announcements. All of a batch that can be is stored in one
 * transaction; sent again it changes nothing. @throws Failure INVALID_INPUT for an unusable source or batch
 */
export async function importOrders({ database, clock }: ImportTools, source: string, orders: readonly PastOrder[]): Promise<ImportReport> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(source) || source === 'graph') throw invalidInput(['source'], 'source names the system the orders come from: lower-case letters, digits and -, not "graph"');
  if (orders.length > MAX_BATCH) throw invalidInput(['orders'], `at most ${MAX_BATCH} orders at once; send the rest in further batches`);
  return database.transaction(async (tx) => {
    const { rows, unchanged, rejected } = await sort(tx, source, orders);
    const ids = await insertPast(tx, source, rows, instant(clock.now()));
    const stored = rows.filter(({ id }) => ids.has(id));
    return {
      imported: stored.length, unchanged: unchanged + rows.length - stored.length, rejected,
      notAddingUp: stored.filter(({ order }) => !addsUp(order)).map(({ order }) => order.number),
      total: await countImported(tx, source),
    };
  });
}

interface Sorted {
  readonly rows: readonly PastRow[];
  readonly unchanged: number;
  readonly rejected: readonly RejectedOrder[];
}

async function sort(tx: Sql, source: string, orders: readonly PastOrder[]): Promise<Sorted> {
  const known = new Map((await findImported(tx, source, orders.map(({ number }) => number))).map(({ number, hash }) => [number, hash]));
  const fresh = orders.filter(({ number }) => !known.has(number));
  const referenceOf = ({ channel, externalOrderId }: { channel: string | null; externalOrderId: string | null }): string => JSON.stringify([channel ?? '', externalOrderId]);
  const named = fresh.flatMap(({ channel, externalOrderId }) => (externalOrderId === null ? [] : [{ channel, externalOrderId }]));
  const taken = new Set((await findTaken(tx, named)).map(referenceOf));
  const rows: PastRow[] = [];
  const rejected: RejectedOrder[] = [];
  let unchanged = 0;
  for (const [index, order] of orders.entries()) {
    const path = ['orders', String(index)];
    const hash = hashOf(order);
    const refuse = (field: string, message: string): void => void rejected.push({ number: order.number, field: [...path, field], message });
    const problems = problemsOf(order, path);
    if (problems.length > 0) rejected.push(...problems.map((problem) => ({ number: order.number, ...problem })));
    else if (known.get(order.number) === hash) unchanged += 1;
    else if (known.has(order.number)) refuse('number', 'an order of this number was imported with other contents; orders of the past do not change');
    else if (order.externalOrderId !== null && taken.has(referenceOf(order))) refuse('externalOrderId', 'this number of the channel belongs to another order');
    else {
      rows.push({ id: randomUUID(), hash, order });
      known.set(order.number, hash);
      taken.add(referenceOf(order));
    }
  }
  return { rows, unchanged, rejected };
}
