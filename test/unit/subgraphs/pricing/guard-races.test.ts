import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Sql } from '../../../../platform/stores/sql.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createGuardedShop, type GuardedShop } from './guard-fixture.ts';
import { fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import type { PriceWorld } from './pricing-fixture.ts';

let test: TestDatabase;
let world: PriceWorld;
let shop: GuardedShop;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = { prices: ['A', 'B', 'C', 'D', 'E'].map((sku) => listPriceOf(sku, '100')), lists: [listOf('RETAIL')], rules: [ruleOf('RETAIL', fixed('90'), { reference: 'a', target: { kind: 'SKU', sku: 'A' } })] };
  shop = createGuardedShop(test.database, world);
  await shop.sync();
  await shop.takeEvents();
});

const countAll = async (): Promise<number> => (await test.database.query<{ count: number }>('select count(*)::int as count from pricing.parked_change'))[0]!.count;
const held = async (): Promise<number> => (await test.database.query<{ count: number }>('select count(*)::int as count from pricing.incoming_change'))[0]!.count;

/** A process that dies at its next statement that matches, before the transaction commits. */
function dyingAt(sql: Sql, statement: RegExp): Sql {
  const die = (text: string): void => {
    if (statement.test(text)) throw new Error('killed');
  };
  return { query: (text, values) => (die(text), sql.query(text, values)), run: (text, values) => (die(text), sql.run(text, values)) };
}

describe('a process that dies', () => {
  it('after a page leaves what it held back to the pass that goes on, and a page that comes again is held back once', async () => {
    const feed = shop.feeds.find(({ name }) => name === 'prices')!;
    const page = [listPriceOf('A', '1'), listPriceOf('B', '99')];
    for (let time = 0; time < 3; time += 1) await test.database.transaction((tx) => feed.apply(tx, page));
    expect([await held(), await countAll(), await shop.priceOf('B', null)]).toEqual([2, 0, '100']);
    world.prices = [...page, ...world.prices.slice(2)];
    await shop.sync();
    expect([await held(), await countAll(), await shop.priceOf('A', null), await shop.priceOf('B', null)]).toEqual([0, 1, '100', '99']);
  });

  it.each([['while it parks', /insert into pricing.parked_change/], ['while it judges', /rollback to savepoint/], ['while it serves', /insert into pricing.outbox/], ['as it remembers', /insert into pricing.guard_moved/]])(
    '%s leaves nothing behind, and the next one does it once', async (_when, statement) => {
      world.prices = [listPriceOf('A', '1'), listPriceOf('B', '99'), ...world.prices.slice(2)];
      const feed = shop.feeds.find(({ name }) => name === 'prices')!;
      await test.database.transaction((tx) => feed.apply(tx, world.prices));
      const startedAt = new Date().toISOString();
      await expect(test.database.transaction((tx) => feed.finishPass!(dyingAt(tx, statement), startedAt))).rejects.toThrow('killed');
      expect([await held(), await countAll(), await shop.priceOf('B', null), await shop.takeEvents()]).toEqual([2, 0, '100', []]);
      await shop.sync();
      await shop.sync();
      expect([await held(), await countAll(), await shop.priceOf('A', null), await shop.priceOf('B', null), await shop.takeEvents()]).toEqual([0, 1, '100', '99', [['B', null]]]);
    });
});

describe('several processes', () => {
  it('park and serve each change once', async () => {
    world.prices = world.prices.map(({ sku }, index) => listPriceOf(sku, index < 3 ? '10' : '101'));
    world.rules[0] = { ...world.rules[0]!, formula: percentOff('99') };
    const others = [shop, createGuardedShop(test.database, world), createGuardedShop(test.database, world)];
    for (let turn = 0; turn < 3; turn += 1) await Promise.all(others.map((process) => process.sync()));
    expect([await countAll(), (await shop.parked()).length, (await shop.takeEvents()).map(([sku]) => sku).sort()]).toEqual([4, 4, ['D', 'E']]);
  });

  it('decide and read at once: what is served is what was served or what was approved, and no approval is lost', async () => {
    for (let turn = 1; turn <= 10; turn += 1) {
      const before = await shop.priceOf('A', null);
      const next = String(turn % 2 === 0 ? 1_000 + turn : turn);
      world.prices[0] = listPriceOf('A', next);
      await shop.sync(['prices']);
      const [change] = await shop.parked();
      // Half of the time the source changes its mind while somebody approves.
      if (turn % 3 === 0) world.prices[0] = listPriceOf('A', `${next}0000`);
      const [decided] = await Promise.all([shop.decide({ decision: 'APPROVED', of: { id: change!.id } }), shop.sync(['prices'])]);
      const approved = decided.userErrors.length === 0;
      expect(await shop.priceOf('A', null)).toBe(approved ? next : before);
      expect(approved || turn % 3 === 0).toBe(true);
      await shop.sync(['prices']);
      expect(await shop.priceOf('A', null)).toBe(approved ? next : before);
      for (const left of await shop.parked()) await shop.decide({ decision: 'REJECTED', of: { id: left.id } });
    }
  });
});
