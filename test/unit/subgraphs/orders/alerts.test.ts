import 'reflect-metadata';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { DEFAULT_ALERTS } from '../../../../subgraphs/orders/alerts/settings.ts';
import { listAlerts } from '../../../../subgraphs/orders/alerts/store.ts';
import { lookOnce, readUsual } from '../../../../subgraphs/orders/alerts/watch.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { instant } from '../../../../domain/time.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const HOUR = 3_600_000;
let world: World;
let subgraph: Subgraph<'orders'>;
let clock = manualClock(NOW);

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});
beforeEach(async () => {
  clock = manualClock(NOW);
  await world.database.run('truncate orders.alert, orders.sales_order cascade');
});

async function look(): Promise<readonly string[]> {
  const usual = await readUsual(world.database, instant(clock.now()), DEFAULT_ALERTS.weeks);
  await lookOnce({ database: world.database, clock, log: silentLog }, DEFAULT_ALERTS, usual);
  return (await listAlerts(world.database, { open: true, kind: null }, null, 50)).map(({ kind, subject }) => `${kind} ${subject}`).sort();
}

let orders = 0;
const placed = async (atMs: number, more: { channel?: string; submission?: string; state?: string; attention?: string } = {}): Promise<string> => {
  orders += 1;
  const [row] = await world.database.query<{ id: string }>(
    `insert into orders.sales_order (id, number, source, owner, idempotency_key, payload_hash, currency_code, total, placed_at, state, submission, channel, attention)
     values (gen_random_uuid(), 'SO-' || $1, 'graph', 'me', $1, 'h', 'EUR', 1, $2, $3, $4, $5, $6) returning id`,
    [String(orders), instant(atMs), more.state ?? 'ACCEPTED_BY_ERP', more.submission ?? 'DONE', more.channel ?? 'web', more.attention ?? null],
  );
  return row!.id;
};

describe('alerts on orders', () => {
  it('tell of papers printed a day ago for goods that have not left, until they leave', async () => {
    const order = await placed(NOW - 30 * HOUR);
    await world.database.run(
      `insert into orders.shipment (id, order_id, erp_order_id, number, direction, state, tracking, lines, erp_updated_at, printed_at)
       values ('s1', $1, 'e', 'OUT/1', 'OUTBOUND', 'PLANNED', '[]', '[]', $2, $2)`, [order, instant(NOW - 23 * HOUR)]);
    expect(await look()).toEqual([]);
    clock.advance(2 * HOUR);
    expect(await look()).toEqual([`UNSHIPPED SO-${orders} OUT/1`]);
    expect(await look()).toHaveLength(1);
    await world.database.run(`update orders.shipment set state = 'SHIPPED'`);
    expect(await look()).toEqual([]);
    const resolved = await listAlerts(world.database, { open: false, kind: 'UNSHIPPED' }, null, 5);
    expect(resolved).toMatchObject([{ orderId: order, since: instant(NOW - 23 * HOUR), resolvedAt: instant(NOW + 2 * HOUR) }]);
  });

  it('tell of each order somebody must look at, and of those that wait for the ERP all together', async () => {
    await placed(NOW - HOUR, { state: 'NEEDS_ATTENTION', submission: 'ATTENTION', attention: 'no TAX code of erp for "VAT"' });
    const named = `STUCK SO-${orders}`;
    for (let n = 0; n < 3; n += 1) await placed(NOW - HOUR + n, { state: 'RECEIVED', submission: 'PENDING' });
    await placed(NOW - 60_000, { state: 'RECEIVED', submission: 'PENDING' });
    expect(await look()).toEqual([named, 'STUCK submission']);
    const alerts = await listAlerts(world.database, { open: true, kind: 'STUCK' }, null, 5);
    expect(alerts.map(({ detail }) => detail).sort()).toEqual(['3 order(s) wait for the ERP', `order ${named.slice(6)} needs attention: no TAX code of erp for "VAT"`]);
  });

  it('tell of a channel whose orders stay away, by the hour of its week, and of no channel that is only quiet', async () => {
    for (let week = 1; week <= 4; week += 1) {
      for (let n = 0; n < 60; n += 1) await placed(NOW - week * 7 * 24 * HOUR - n * 30_000, { channel: 'web' });
      for (let n = 0; n < 60; n += 1) await placed(NOW - week * 7 * 24 * HOUR - 6 * HOUR - n * 30_000, { channel: 'night' });
      await placed(NOW - week * 7 * 24 * HOUR - 3 * 24 * HOUR, { channel: 'night' });
      await placed(NOW - week * 7 * 24 * HOUR - 3 * 24 * HOUR, { channel: 'web' });
    }
    for (let n = 0; n < 60; n += 1) await placed(NOW - 6 * HOUR - n * 30_000, { channel: 'night' });
    expect(await look()).toEqual(['ABSENT web']);
    for (let n = 0; n < 50; n += 1) await placed(NOW - n * 30_000 - 1_000, { channel: 'web' });
    expect(await look()).toEqual([]);
  });

  it('are for operations alone, with the order they are about, page by page', async () => {
    for (let n = 0; n < 5; n += 1) await placed(NOW - HOUR, { state: 'NEEDS_ATTENTION', submission: 'ATTENTION', attention: 'no' });
    await look();
    const ask = (who: Parameters<typeof principal>[1], after: string | null = null) => execute({
      schema: subgraph.schema, contextValue: subgraph.createContext(scopeOf(principal('ops', who))), variableValues: { after },
      document: parse('query ($after: String) { orderAlerts(first: 3, after: $after) { nodes { kind subject since order { number } } pageInfo { hasNextPage endCursor } } }'),
    }) as Promise<{ data?: { orderAlerts: { nodes: { subject: string; order: { number: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }; errors?: readonly Error[] }>;
    const first = await ask({ scopes: ['operations'] });
    expect(first.errors).toBeUndefined();
    const second = await ask({ scopes: ['operations'] }, first.data!.orderAlerts.pageInfo.endCursor);
    const nodes = [...first.data!.orderAlerts.nodes, ...second.data!.orderAlerts.nodes];
    expect(new Set(nodes.map(({ subject }) => subject)).size).toBe(5);
    expect(nodes.every(({ subject, order }) => order.number === subject)).toBe(true);
    expect((await ask({ scopes: ['order:read:all'] })).errors![0]!.message).toContain('operations');
  });
});
