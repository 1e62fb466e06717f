import pg from 'pg';
import type { Acknowledgement } from './shoppers.ts';

interface StoredOrder {
  readonly number: string;
  readonly key: string;
  readonly submission: string;
  readonly state: string;
  readonly compensated: boolean;
}

export interface Verdict {
  readonly orders: number;
  /** Nobody was told of them: their process died before it could. They are in the ERP all the same. */
  readonly unheard: number;
  readonly deadLettered: number;
  readonly problems: readonly string[];
}

/** One moment of the store, read past every gateway. */
export async function readPending(url: string): Promise<number> {
  const [row] = await query<{ pending: number }>(url, `select count(*)::int as pending from orders.sales_order where submission = 'PENDING'`);
  return row!.pending;
}

/** Whether everything that was promised is so, now that nothing is on its way any more. */
export async function judge(url: string, acknowledged: readonly Acknowledgement[], documents: ReadonlyMap<string, readonly string[]>): Promise<Verdict> {
  const orders = await query<StoredOrder>(url, `select number, idempotency_key as key, submission, state, compensated from orders.sales_order where source = 'graph'`);
  const byNumber = new Map(orders.map((order) => [order.number, order]));
  const heard = new Set(acknowledged.map(({ number }) => number));
  const problems = [
    ...acknowledged.flatMap((one) => lost(one, byNumber.get(one.number))),
    ...orders.flatMap((order) => wrongInErp(order, documents.get(order.number) ?? [])),
    ...[...documents.keys()].filter((reference) => reference.startsWith('SO-') && !byNumber.has(reference)).map((reference) => `the ERP has ${reference}, and no order is called so`),
    ...(await wrongInBooks(url)),
  ];
  return {
    orders: orders.length, problems,
    unheard: orders.filter(({ number, compensated }) => !compensated && !heard.has(number)).length,
    deadLettered: orders.filter(({ submission }) => submission === 'ATTENTION').length,
  };
}

function lost({ idempotencyKey, number }: Acknowledgement, order: StoredOrder | undefined): string[] {
  if (!order) return [`${number} was acknowledged and is gone`];
  if (order.key !== idempotencyKey) return [`${number} was answered to ${idempotencyKey} and belongs to ${order.key}`];
  return order.compensated ? [`${number} was acknowledged and taken back`] : [];
}

function wrongInErp({ number, submission, compensated, state }: StoredOrder, documents: readonly string[]): string[] {
  const standing = documents.filter((document) => document !== 'cancel');
  if (documents.length > 1) return [`${number} has ${documents.length} documents in the ERP`];
  if (compensated) return standing.length === 0 ? [] : [`${number} was taken back and stands in the ERP`];
  if (submission === 'ATTENTION') return standing.includes('sale') ? [`${number} needs attention and is confirmed in the ERP`] : [];
  if (submission !== 'DONE' || state === 'RECEIVED') return [`${number} is ${submission}, ${state} although nothing is on its way`];
  return standing.length === 1 ? [] : [`${number} is done and has no document in the ERP`];
}

/** Inventory's own rules: counters are the open lines and the ledger's sum; each hold's lines went in once and out at most once. */
async function wrongInBooks(url: string): Promise<string[]> {
  const counters = await query<{ what: string }>(url, `
    with level as (select sku, location_code, held + held_dated as counted from inventory.stock_level),
      line as (select sku, location_code, sum(quantity) as open from inventory.hold_line where open group by 1, 2),
      book as (select sku, location_code, sum(delta) as booked from inventory.ledger group by 1, 2)
    select format('%s at %s: counter %s, open lines %s, ledger %s', sku, location_code, counted, coalesce(open, 0), coalesce(booked, 0)) as what
    from level left join line using (sku, location_code) left join book using (sku, location_code)
    where counted <> coalesce(open, 0) or counted <> coalesce(booked, 0)`);
  const twice = await query<{ what: string }>(url, `
    select format('%s of hold %s: %s in, %s out', sku, hold_id, count(*) filter (where delta > 0), count(*) filter (where delta < 0)) as what
    from inventory.ledger group by sku, location_code, hold_id having count(*) filter (where delta > 0) <> 1 or count(*) filter (where delta < 0) > 1`);
  const orphans = await query<{ what: string }>(url, `
    select format('hold %s is committed for %s, which is no standing order', h.id, h.order_reference) as what
    from inventory.hold h left join orders.sales_order o on o.number = h.order_reference and not o.compensated where h.state = 'COMMITTED' and o.id is null`);
  return [...counters, ...twice, ...orphans].map(({ what }) => what);
}

export async function query<Row extends object>(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
