import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '../../../../domain/time.ts';
import { findBrokenAudit } from '../../../../platform/audit.ts';
import { readConfig } from '../../../../platform/config.ts';
import { silentLog, type Log } from '../../../../platform/log.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { expireOnce } from '../../../../subgraphs/pricing/guard/expiry.ts';
import { createGuardDesk, type GuardDesk } from '../../../../subgraphs/pricing/guard/guard-desk.ts';
import { reasonsOfGuard } from '../../../../subgraphs/pricing/guard/guard-health.ts';
import { readGuardSettings } from '../../../../subgraphs/pricing/guard/guard-settings.ts';
import { createPriceGuard } from '../../../../subgraphs/pricing/guard/price-guard.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createGuardedShop, type GuardedShop } from './guard-fixture.ts';
import { listPriceOf, POLICY } from './price-samples.ts';
import { testClock, type PriceWorld } from './pricing-fixture.ts';

let test: TestDatabase;
let world: PriceWorld;
let shop: GuardedShop;
let desk: GuardDesk;
const now = () => instant(testClock.now());

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(() => open());

async function open(env: Readonly<Record<string, string>> = {}): Promise<void> {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = { prices: ['A', 'B', 'C', 'D'].map((sku) => listPriceOf(sku, '100')), lists: [], rules: [] };
  shop = createGuardedShop(test.database, world, { env });
  desk = createGuardDesk({ database: test.database, now });
  await shop.sync();
}

/** Parks one change of each SKU; ids in their order. */
async function parkAll(amount = '1'): Promise<readonly string[]> {
  world.prices = world.prices.map(({ sku }) => listPriceOf(sku, amount));
  await shop.sync();
  return [...(await shop.parked())].sort((a, b) => a.key.localeCompare(b.key)).map(({ id }) => id);
}

describe('a decision', () => {
  it('is carried out once for its key, also when it is asked for twice at once', async () => {
    const [id] = await parkAll();
    await shop.takeEvents();
    const request = { actor: 'ann', idempotencyKey: 'k', decision: 'APPROVED', of: { id: id! }, note: null } as const;
    const answers = await Promise.all([desk.decide(request), desk.decide(request), desk.decide(request)]);
    for (const { changes, userErrors } of answers) expect([changes, userErrors]).toMatchObject([[{ id, state: 'APPROVED' }], []]);
    expect(await shop.takeEvents()).toEqual([['A', null]]);
    expect((await desk.decide({ ...request, decision: 'REJECTED' })).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['idempotencyKey'] }]);
    expect((await desk.decide({ ...request, idempotencyKey: 'k2' })).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['id'], message: expect.stringContaining('approved by ann') }]);
  });

  it('is one of two that race', async () => {
    const [id] = await parkAll();
    const answers = await Promise.all((['APPROVED', 'REJECTED'] as const).map((decision) => shop.decide({ decision, of: { id: id! } })));
    expect(answers.map(({ userErrors }) => userErrors.length).sort()).toEqual([0, 1]);
  });

  it('on several is all or nothing, and names each that cannot be', async () => {
    const ids = await parkAll();
    await shop.decide({ decision: 'REJECTED', of: { id: ids[1]! } });
    const strange = randomUUID();
    const { changes, userErrors } = await shop.decide({ decision: 'APPROVED', of: { ids: [ids[0]!, ids[1]!, strange] } });
    expect([changes, userErrors.map(({ code, field }) => [code, field])]).toEqual([[], [['NOT_FOUND', ['ids', '2']], ['CONFLICT', ['ids', '1']]]]);
    expect([await shop.priceOf('A', null), (await shop.parked()).length]).toEqual(['100', 3]);
    const done = await shop.decide({ decision: 'APPROVED', of: { ids: [ids[0]!, ids[2]!] } });
    expect(done.changes.map(({ state }) => state)).toEqual(['APPROVED', 'APPROVED']);
    expect([await shop.priceOf('A', null), await shop.priceOf('B', null), await shop.priceOf('C', null), await shop.priceOf('D', null)]).toEqual(['1', '100', '1', '100']);
  });

  it('on a batch takes what is still pending of it', async () => {
    const ids = await parkAll();
    await shop.decide({ decision: 'APPROVED', of: { id: ids[0]! } });
    const { batchId } = (await shop.parked())[0]!;
    expect((await shop.decide({ decision: 'REJECTED', of: { batchId } })).changes).toHaveLength(3);
    expect((await shop.decide({ decision: 'REJECTED', of: { batchId } })).userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['batchId'] }]);
    expect(await findBrokenAudit(test.database, 'pricing')).toBeNull();
  });

  it('comes too late after the expiry, by the database\'s clock, whether or not anybody has looked', async () => {
    await open({ PRICE_GUARD_EXPIRY_MS: '1' });
    const [id] = await parkAll();
    expect((await shop.decide({ decision: 'APPROVED', of: { id: id! } })).userErrors).toMatchObject([{ code: 'TOO_LATE', field: ['id'] }]);
    const counts = await Promise.all([expireOnce({ database: test.database, now }), expireOnce({ database: test.database, now })]);
    expect(counts.sort()).toEqual([0, 4]);
    expect((await shop.decide({ decision: 'REJECTED', of: { id: id! } })).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
    await shop.sync();
    expect([await shop.priceOf('A', null), (await shop.parked('EXPIRED')).length, await shop.parked()]).toEqual(['100', 4, []]);
    expect(await reasonsOfGuard(test.database)).toEqual([expect.stringMatching(/^4 price change\(s\) have expired .* since \d{4}-.*EXPIRED/)]);
    world.prices = world.prices.map(({ sku }) => listPriceOf(sku, '101'));
    await shop.sync();
    expect([await shop.priceOf('A', null), await reasonsOfGuard(test.database)]).toEqual(['101', []]);
  });

  it.each([
    [{ idempotencyKey: ' ' }, ['idempotencyKey']], [{ idempotencyKey: 'k'.repeat(256) }, ['idempotencyKey']], [{ idempotencyKey: 'a\0' }, ['idempotencyKey']],
    [{ note: 'x'.repeat(1_001) }, ['note']], [{ note: '\ud800' }, ['note']], [{ of: { id: 'nothing' } }, ['id']], [{ of: { ids: [] } }, ['ids']],
    [{ of: { ids: [randomUUID(), '1'] } }, ['ids', '1']], [{ of: { batchId: '' } }, ['batchId']],
  ])('is refused for %j', async (more, field) => {
    const { userErrors } = await desk.decide({ actor: 'ann', idempotencyKey: 'k', decision: 'APPROVED', of: { id: randomUUID() }, note: null, ...more } as never);
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field }]);
  });
});

describe('the list of what is parked', () => {
  it('pages, counts and filters', async () => {
    await parkAll();
    const first = await desk.list({}, 3, null);
    const rest = await desk.list({}, 3, first.pageInfo.endCursor);
    expect([first.nodes.length, first.pageInfo.hasNextPage, rest.nodes.length, rest.pageInfo.hasNextPage, await desk.count(first.filter)]).toEqual([3, true, 1, false, 4]);
    expect(new Set([...first.nodes, ...rest.nodes].map(({ key }) => key))).toEqual(new Set(['A', 'B', 'C', 'D']));
    expect((await desk.list({ sku: 'B' }, 10, null)).nodes.map(({ key }) => key)).toEqual(['B']);
    const { nodes } = await desk.list({ source: 'erp', batchId: first.nodes[0]!.batchId }, 10, null);
    expect([nodes.length, (await desk.list({ source: 'pim' }, 10, null)).nodes, (await desk.list({ priceListCode: 'X' }, 10, null)).nodes, (await desk.list({ state: 'REJECTED' }, 10, null)).nodes]).toEqual([4, [], [], []]);
  });

  it('refuses pages and filters that are none, naming them', async () => {
    const refusals: [Promise<unknown>, string[]][] = [
      [Promise.resolve().then(() => desk.list({}, 0, null)), ['first']], [Promise.resolve().then(() => desk.list({}, 1, 'x')), ['after']],
      [Promise.resolve().then(() => desk.list({ batchId: '7' }, 1, null)), ['filter', 'batchId']], [Promise.resolve().then(() => desk.list({ sku: '\0' }, 1, null)), ['filter', 'sku']],
    ];
    for (const [asked, field] of refusals) await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT', field });
  });
});

describe('settings', () => {
  const read = (env: Readonly<Record<string, string>>) => readGuardSettings(readConfig({ SANDBOX: 'off', ...env }), 'erp', new Map([['gold', 'GOLD']]));

  it('choose the most particular entry', () => {
    const { thresholdOf } = read({ PRICE_GUARD: 'default=20,erp=15,erp:gold=30/10,erp:A:B=5,other=1' });
    expect([thresholdOf(null), thresholdOf('X'), thresholdOf('GOLD'), thresholdOf('A:B')]).toEqual([{ up: '15', down: '15' }, { up: '15', down: '15' }, { up: '30', down: '10' }, { up: '5', down: '5' }]);
    expect(read({}).thresholdOf(null)).toEqual({ up: '20', down: '20' });
    expect(read({ PRICE_GUARD: 'other=1' }).thresholdOf(null)).toEqual({ up: '20', down: '20' });
  });

  it('count SKUs or a share of them, never fewer than fifty', () => {
    expect(['10', '500', '25%'].map((PRICE_GUARD_MAX_SKUS) => [100, 10_000].map((skus) => read({ PRICE_GUARD_MAX_SKUS }).radiusOf(skus)))).toEqual([[50, 50], [500, 500], [50, 2500]]);
  });

  it.each(['erp', 'erp=', '=5', 'erp=-5', 'erp=5/0', 'erp=1/2/3', 'erp=much'])('refuse %s', (entry) => {
    expect(() => read({ PRICE_GUARD: entry })).toThrow(expect.objectContaining({ code: 'MISCONFIGURED', message: expect.stringContaining(JSON.stringify(entry)) }));
  });

  it.each(['0', '101%', 'some'])('refuse %s SKUs', (PRICE_GUARD_MAX_SKUS) => {
    expect(() => read({ PRICE_GUARD_MAX_SKUS })).toThrow(/PRICE_GUARD_MAX_SKUS/);
  });

  it('tell at start what is not guarded, and let it pass', async () => {
    const told: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields: object, message: string) => told.push(message) } as never;
    createPriceGuard({ settings: read({ PRICE_GUARD: 'erp=off,erp:LIST=0,erp:GUARDED=10' }), policy: POLICY, channelLists: [], now, log });
    expect(told).toEqual([expect.stringContaining('prices of erp but for lists'), expect.stringContaining('price list LIST')]);
    await open({ PRICE_GUARD: 'erp=0' });
    await parkAll();
    expect([await shop.parked(), await shop.priceOf('A', null)]).toEqual([[], '1']);
  });
});
