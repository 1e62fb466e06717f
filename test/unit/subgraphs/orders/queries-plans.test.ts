import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../../../domain/time.ts';
import { NEWS_OF_SHIPMENT } from '../../../../subgraphs/orders/following/store-carrier-news.ts';
import { EVERY_ORDER, type OrderFilter, type OrderSort } from '../../../../subgraphs/orders/reading/order-filter.ts';
import { orderListing } from '../../../../subgraphs/orders/reading/store-order-list.ts';
import type { Visibility } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { createWorld, type World } from './harness.ts';

let world: World;
const COUNT = 20_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

async function explain(text: string, values: readonly unknown[]): Promise<readonly Plan[]> {
  const [row] = await world.database.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(`explain (analyze, format json) ${text}`, values);
  return nodesOf(row!['QUERY PLAN'][0]!.Plan);
}

beforeAll(async () => {
  world = await createWorld();
  await world.database.run(
    `insert into orders.sales_order (id, number, source, owner, payload_hash, channel, external_order_id, customer_number, company_number, contact, currency_code, total,
       placed_at, updated_at, state, attention, erp_order_id, erp_number)
     select gen_random_uuid(), 'R-' || md5(n::text), 'graph', 'owner' || n % 2000, 'x', 'channel' || n % 20, 'X' || n, 'C' || n % 1000, case when n % 2 = 0 then 'F' || n % 200 end,
       jsonb_build_object('email', 'Buyer' || n || '@example.com'), 'EUR', 10, timestamptz '2025-01-01' + n * interval '20 minutes', timestamptz '2025-01-01' + (n * 7 % ${COUNT}) * interval '20 minutes',
       case when n % 500 = 0 then 'NEEDS_ATTENTION' when n % 50 = 0 then 'PARTIALLY_SHIPPED' else 'DELIVERED' end, case when n % 500 = 0 then 'refused' end, 'e' || n, 'S' || n
     from generate_series(1, ${COUNT}) n`,
  );
  await world.database.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, ordered_quantity)
     select id, line, 'SKU' || (row_number() over ()) % 3000, 1, 1 from orders.sales_order cross join generate_series(1, 2) line`,
  );
  await world.database.run(
    `insert into orders.shipment (id, order_id, erp_order_id, number, direction, state, tracking, tracking_keys, lines, erp_updated_at)
     select erp_order_id, id, erp_order_id, number, 'OUTBOUND', 'SHIPPED', '[]', array['T' || erp_order_id], '[]', placed_at from orders.sales_order`,
  );
  await world.database.run(
    `insert into orders.carrier_news (reported_by, idempotency_key, payload_hash, tracking_key, tracking_number, kind, at, received_at)
     select 'dhl', id, 'x', tracking_keys[1], tracking_keys[1], 'DELIVERED', erp_updated_at, erp_updated_at from orders.shipment`,
  );
  await world.database.run('analyze orders.sales_order, orders.order_line, orders.shipment, orders.carrier_news');
}, 60_000);
afterAll(() => world.close());

const everybody: Visibility = { all: true, channel: null, subject: 'clerk', numbers: [] };
const shopper: Visibility = { all: false, channel: null, subject: 'owner7', numbers: ['C7', 'F8'] };
const nobody: Visibility = { all: false, channel: null, subject: 'new here', numbers: ['C-new'] };
const ofChannel: Visibility = { all: true, channel: 'channel7', subject: 'clerk', numbers: [] };

const FILTERS: Readonly<Record<string, Partial<OrderFilter>>> = {
  nothing: {}, states: { states: ['PARTIALLY_SHIPPED', 'NEEDS_ATTENTION'] }, customer: { customerNumber: 'C77' }, company: { companyNumber: 'F80' }, channel: { channel: 'channel7' },
  'days placed': { placedAfter: instant(Date.UTC(2025, 2, 1)), placedBefore: instant(Date.UTC(2025, 2, 3)) }, 'last changes': { updatedAfter: instant(Date.UTC(2025, 9, 1)) },
  sku: { sku: 'SKU77' }, 'a number': { search: 'R-c4ca4238a0b923820dcc509a6f75849b' }, 'how a number begins': { search: 'R-c4ca4' }, 'an ERP\'s number': { search: 'S777' },
  'an e-mail address': { search: 'buyer77@example.com' }, attention: { needsAttention: true },
};

describe('a page out of 20,000 orders', () => {
  const cases = Object.entries(FILTERS).flatMap(([name, filter]) =>
    ([['everybody', everybody], ['a shopper', shopper], ['nobody', nobody], ['those of a channel', ofChannel]] as const).flatMap(([who, visibility]) =>
      (['PLACED_NEWEST', 'UPDATED_OLDEST'] as const).map((sort): [string, string, OrderSort, Visibility, Partial<OrderFilter>] => [name, who, sort, visibility, filter])));

  it.each(cases)('by %s, for %s, %s, reads no order it need not', async (_name, _who, sort, visibility, filter) => {
    const { text, values } = orderListing({ visibility, filter: { ...EVERY_ORDER, ...filter }, sort, after: null, limit: 25 });
    const scans = (await explain(text, values)).filter((node) => node['Relation Name'] === 'sales_order');
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });

  it('far from the beginning costs no more than the first', async () => {
    const after = { at: instant(Date.UTC(2025, 1, 1)), id: '00000000-0000-0000-0000-000000000000' };
    const { text, values } = orderListing({ visibility: everybody, filter: EVERY_ORDER, sort: 'PLACED_NEWEST', after, limit: 25 });
    const nodes = await explain(text, values);
    expect(Math.max(...nodes.map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)))).toBeLessThanOrEqual(25);
  });
});

describe('news of one shipment out of 20,000', () => {
  it('are found by its numbers', async () => {
    const nodes = await explain(`select n.* from orders.shipment s cross join lateral ${NEWS_OF_SHIPMENT} n where s.id = any($1::text[])`, [['e77', 'e78']]);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });

  it('find it', async () => {
    const nodes = await explain(`select s.id from orders.carrier_news w join orders.shipment s on s.id = w.shipment_id or (w.shipment_id is null and s.tracking_keys @> array[w.tracking_key]) where w.id = $1`, [77]);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });
});
