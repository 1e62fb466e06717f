import 'reflect-metadata';
import { startJobs } from '../../platform/jobs.ts';
import { silentLog } from '../../platform/log.ts';
import { createOrders } from '../../subgraphs/orders/index.ts';
import { DEFAULT_SETTINGS } from '../../subgraphs/orders/settings.ts';
import { SUBMIT_QUEUE } from '../../subgraphs/orders/submission/store-submission.ts';
import { ErpWorld } from '../unit/subgraphs/orders/fakes.ts';
import { createWorld, type World } from '../unit/subgraphs/orders/harness.ts';
import { pause } from './processes.ts';
import { printTable } from './report.ts';

const QUEUED = 10_000;
/** What one call takes at an ERP that is not next door. */
const CALL_MS = 20;
const ERP_CALLS = new Set(['findCustomer', 'findOrder', 'createOrder']);

/** Ten thousand orders that waited out an outage go to an ERP that answers in 20 ms; each is looked up, created, and told to the ledger. */
export async function drainQueue(): Promise<string[]> {
  const world = await createWorld(new ErpWorld());
  try {
    await queue(world);
    const jobs = await startJobs({ database: world.database, log: silentLog });
    const orders = await createOrders(world.dependencies((moment, method) => (moment === 'before' && ERP_CALLS.has(method) ? pause(CALL_MS) : undefined), world.database, jobs), DEFAULT_SETTINGS);
    const startedAt = performance.now();
    await orders.start();
    let left = QUEUED;
    while (left > 0) {
      await pause(250);
      [left] = (await world.database.query<{ left: number }>(`select count(*)::int as left from orders.sales_order where submission = 'PENDING'`)).map((row) => row.left) as [number];
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    await orders.stop();
    await jobs.stop();
    printTable(['queue after an outage', 'orders/s', 'seconds'], [[`${QUEUED} orders, an ERP that answers in ${CALL_MS} ms`, (QUEUED / seconds).toFixed(0), seconds.toFixed(1)]]);
    const documents = new Set(world.erp.documents.map(({ reference }) => reference));
    return documents.size === QUEUED && world.erp.documents.length === QUEUED ? [] : [`${QUEUED} orders became ${world.erp.documents.length} documents of ${documents.size} references`];
  } finally {
    await world.close();
  }
}

/** As placements left them: held, committed, and a job each. */
async function queue({ database, jobs }: World): Promise<void> {
  await database.run(
    `insert into orders.sales_order (id, number, source, owner, idempotency_key, payload_hash, customer_number, currency_code, total, placed_at, state, hold_state, submission, due_at)
     select gen_random_uuid(), 'SO-' || lpad(n::text, 12, '0'), 'graph', 'bench', 'key-' || n, 'hash', 'C1', 'EUR', 50, clock_timestamp(), 'RECEIVED', 'NONE', 'PENDING', clock_timestamp() + interval '1 hour'
     from generate_series(1, $1::int) n`, [QUEUED]);
  await database.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, ordered_quantity, unit_price, line_total)
     select id, line, 'A', 1, 1, 10, 10 from orders.sales_order, generate_series(1, 5) line`);
  const ids = await database.query<{ id: string }>('select id from orders.sales_order');
  await database.transaction(async (tx) => {
    for (const { id } of ids) await jobs.enqueue(tx, SUBMIT_QUEUE, { orderId: id, attempt: 0 });
  });
}
