import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import type { PlaceOrder } from '../placing/place-order.ts';
import type { OrderRecord } from '../records.ts';
import type { OrdersSettings } from '../settings.ts';
import { ORDER_COLUMNS } from '../records.ts';
import type { ReturnPolicy } from './policy.ts';
import { settleReturns, type ReturnCause } from './settlement.ts';
import { RETURN_QUEUE, type ReturnJob } from './store-work.ts';

/** What this room works with. */
export interface ReturnTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
  readonly policy: ReturnPolicy;
  readonly placeOrder: PlaceOrder;
}

/** The order's row, locked: what may be returned, and what is refunded, is decided by one at a time. */
export async function lockOrder(tx: Sql, id: string): Promise<OrderRecord | null> {
  const [order] = await tx.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders.sales_order o where o.id = $1 for update`, [id]);
  return order ?? null;
}

export async function enqueueWork({ jobs }: Pick<ReturnTools, 'jobs'>, tx: Sql, planned: readonly ReturnJob[], delayMs = 0): Promise<void> {
  for (const job of planned) await jobs.enqueue(tx, RETURN_QUEUE, job, delayMs > 0 ? { startAfterSeconds: Math.ceil(delayMs / 1000) } : {});
}

/** After facts of one return were written under its order's lock: what follows from them, and the jobs for what is next. */
export async function settleAndEnqueue(
  tools: Pick<ReturnTools, 'jobs' | 'settings'>, tx: Sql, orderId: string, news: { readonly at: Instant; readonly source: string; readonly touched: ReturnCause['touched'] },
): Promise<void> {
  const planned = await settleReturns(tx, [orderId], { ...news, dueAt: addMs(news.at, tools.settings.submission.sweepGraceMs) });
  await enqueueWork(tools, tx, planned);
}

export const nowOf = ({ clock }: Pick<ReturnTools, 'clock'>): Instant => instant(clock.now());
