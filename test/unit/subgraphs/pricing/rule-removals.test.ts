import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PriceRule } from '../../../../domain/pricing.ts';
import type { FeedPassReport, PassKind } from '../../../../platform/feed.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { reasonsOfRemovalWatch } from '../../../../subgraphs/pricing/book/removal-store.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createDeltaSource, type DeltaSource } from './delta-source.ts';
import { createGuardedShop, type GuardedShop } from './guard-fixture.ts';
import { fixed, listOf, listPriceOf, ruleOf } from './price-samples.ts';

const contract = (sku: string, price: string): PriceRule => ruleOf('ACME', fixed(price), { reference: `acme-${sku}`, target: { kind: 'SKU', sku } });

let test: TestDatabase;
let source: DeltaSource;
let shop: GuardedShop;

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  source = createDeltaSource({ prices: ['A', 'B', 'C'].map((sku) => listPriceOf(sku, '100')), lists: [listOf('ACME')] });
  source.write(contract('A', '90'), contract('B', '90'));
  shop = openShop();
  await shop.sync();
  source.asked.length = 0;
});

/** Another process, or the same one started again: only PostgreSQL is common to both. */
const openShop = (): GuardedShop => createGuardedShop(test.database, { prices: [], lists: [], rules: [] }, { ports: source.ports });

const pass = async (kind?: PassKind, of = shop): Promise<FeedPassReport> => (await of.sync(['priceRules'], kind))['priceRules']!;
const lastAsked = (seconds: number) => test.database.run('update pricing.rule_removal_watch set asked_at = clock_timestamp() - make_interval(secs => $1)', [seconds]);
const minuteLater = () => lastAsked(61);
const priceOfA = () => shop.priceOf('A', 'ACME');

describe('a price rule that is gone from its source', () => {
  it('is missed within a minute: one full pass, and then deltas again', async () => {
    source.remove('acme-A');
    expect([await pass(), source.asked, await priceOfA()]).toMatchObject([{ mode: 'DELTA' }, [], '90']);
    await minuteLater();
    expect([await pass(), await priceOfA(), await shop.priceOf('B', 'ACME')]).toMatchObject([{ mode: 'FULL', rowsRemoved: 1 }, '100', '90']);
    await minuteLater();
    expect(await pass()).toMatchObject({ mode: 'DELTA' });
    expect(source.asked).toHaveLength(2);
  });

  it('is missed at once after a hint', async () => {
    source.remove('acme-A');
    expect([await pass('HINTED'), await priceOfA()]).toMatchObject([{ mode: 'FULL' }, '100']);
  });

  it('is missed by a process that was started since, and asked for by one of them only', async () => {
    await minuteLater();
    await pass();
    source.remove('acme-A');
    const other = openShop();
    expect(await pass('DUE', other)).toMatchObject({ mode: 'DELTA' });
    expect(source.asked).toHaveLength(1);
    await minuteLater();
    expect([await pass('DUE', other), await priceOfA()]).toMatchObject([{ mode: 'FULL' }, '100']);
  });

  it('is missed though it came and went between two questions', async () => {
    source.write(contract('C', '95'));
    await pass();
    expect([source.asked, await shop.priceOf('C', 'ACME')]).toEqual([[], '95']);
    source.remove('acme-C');
    await minuteLater();
    expect([await pass('DUE', openShop()), await shop.priceOf('C', 'ACME')]).toMatchObject([{ mode: 'FULL' }, '100']);
    await minuteLater();
    expect([await pass(), source.asked]).toMatchObject([{ mode: 'DELTA' }, [{ listed: ['acme-C'] }, { listed: [] }]]);
  });

  it('is missed though it went while it was listed', async () => {
    source.write(contract('C', '95'));
    source.onListed = () => source.remove('acme-C');
    await pass();
    await minuteLater();
    expect([await pass(), await shop.priceOf('C', 'ACME')]).toMatchObject([{ mode: 'FULL' }, '100']);
  });

  it('is missed when it came and went while a full pass ran', async () => {
    source.write(contract('C', '95'));
    source.onListed = () => source.remove('acme-C');
    await pass('FULL');
    await minuteLater();
    expect([await pass(), await shop.priceOf('C', 'ACME')]).toMatchObject([{ mode: 'FULL' }, '100']);
  });

  it('is missed however often the full pass breaks off: the mark stays until that has closed', async () => {
    source.remove('acme-A');
    await minuteLater();
    const breaksOff = () => {
      source.onListed = () => {
        throw new Error('the line went dead');
      };
      return expect(pass('DUE', openShop())).rejects.toThrow('the line went dead');
    };
    await breaksOff();
    await breaksOff();
    source.remove('acme-B');
    expect([await pass(), await priceOfA(), await shop.priceOf('B', 'ACME')]).toMatchObject([{ mode: 'FULL', rowsRemoved: 2 }, '100', '100']);
    await minuteLater();
    expect(await pass()).toMatchObject({ mode: 'DELTA' });
  });

  it('is asked for once where the guard keeps it: the mark is of the source', async () => {
    source.write(contract('A', '100'), contract('B', '40'));
    await pass();
    for (const change of await shop.parked()) await shop.decide({ decision: 'APPROVED', of: { id: change.id } });
    expect(await shop.priceOf('B', 'ACME')).toBe('40');
    source.remove('acme-B');
    await minuteLater();
    expect(await pass()).toMatchObject({ mode: 'FULL' });
    expect([await shop.parked(), await shop.priceOf('B', 'ACME')]).toMatchObject([[{ key: 'acme-B', after: null }], '40']);
    for (let minute = 0; minute < 3; minute += 1) {
      await minuteLater();
      expect(await pass()).toMatchObject({ mode: 'DELTA' });
    }
  });

  it('waits after a long full pass for as long as that took: what changed has its turn in between', async () => {
    source.onListed = () => lastAsked(300);
    await pass('FULL');
    source.remove('acme-A');
    source.write(contract('C', '95'));
    expect([await pass('HINTED'), await pass('HINTED'), await shop.priceOf('C', 'ACME')]).toMatchObject([{ mode: 'DELTA', rowsChanged: 1 }, { mode: 'DELTA' }, '95']);
    const [{ rest }] = (await test.database.query<{ rest: number }>('select extract(epoch from rest_until - clock_timestamp())::float8 as rest from pricing.rule_removal_watch')) as [{ rest: number }];
    expect(rest).toBeGreaterThan(100);
    expect(rest).toBeLessThan(600);
    await test.database.run('update pricing.rule_removal_watch set rest_until = clock_timestamp()');
    expect([await pass('DUE', openShop()), await priceOfA()]).toMatchObject([{ mode: 'FULL' }, '100']);
  });
});

describe('a source that does not say what is gone', () => {
  it('is read by delta as ever, told of in health when it lasts, and heard when it speaks again', async () => {
    source.trouble = 'no rights';
    source.remove('acme-A');
    source.write(contract('C', '95'));
    await minuteLater();
    expect([await pass(), await shop.priceOf('C', 'ACME'), await priceOfA()]).toMatchObject([{ mode: 'DELTA', rowsChanged: 1 }, '95', '90']);
    expect(await reasonsOfRemovalWatch(test.database)).toEqual([]);
    await pass('HINTED');
    expect(source.asked).toHaveLength(1);
    await test.database.run("update pricing.rule_removal_watch set failing_since = failing_since - interval '1 hour'");
    expect(await reasonsOfRemovalWatch(test.database)).toEqual([expect.stringMatching(/whether price rules were deleted there.*: no rights$/)]);
    source.trouble = null;
    await minuteLater();
    expect([await pass(), await priceOfA()]).toMatchObject([{ mode: 'FULL' }, '100']);
    expect(await reasonsOfRemovalWatch(test.database)).toEqual([]);
  });

  it('at the first pass owes a full one to its first answer: what went before it nobody knows', async () => {
    await test.database.run('update pricing.rule_removal_watch set mark = null');
    source.remove('acme-A');
    source.trouble = 'not yet';
    await minuteLater();
    expect(await pass()).toMatchObject({ mode: 'DELTA' });
    source.trouble = null;
    await minuteLater();
    expect([await pass(), await priceOfA()]).toMatchObject([{ mode: 'FULL' }, '100']);
    await minuteLater();
    expect(await pass()).toMatchObject({ mode: 'DELTA' });
  });
});
