import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PricingClient } from '../../../../domain/clients.ts';
import type { Principal } from '../../../../domain/principal.ts';
import { addMs, instant, type Instant } from '../../../../domain/time.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Followed } from '../../../../subgraphs/frame/subscription.ts';
import { mergePrices, type PriceEvent } from '../../../../subgraphs/pricing/changes/price-events.ts';
import { subscriptions } from '../../../../subgraphs/pricing/changes/subscriptions.ts';
import { tellWindowEdges } from '../../../../subgraphs/pricing/changes/window-edges.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { nobody, noPricing } from '../../../support/no-pricing.ts';
import { eventually } from '../../../support/storefront-operations.ts';

const [priceChanged] = subscriptions;
const BUYER: Principal = { ...nobody.principal, kind: 'BUYER', scopes: ['price:read'], customerNumber: 'C1', companyNumber: 'ACME' };
const at = instant('2026-11-21T08:00:00Z');
const changed = (sku: string | null, priceListCode: string | null): PriceEvent => ({ type: 'price.changed', sku, priceListCode, at });

describe('priceChanged', () => {
  it('asks for scope and for 1 to 250 SKUs', () => {
    const check = (skus: string[], principal = BUYER) => () => priceChanged!.check({ skus }, principal);
    expect(check(['A'])).not.toThrow();
    expect(check(['A'], { ...BUYER, scopes: [] })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    for (const skus of [[], Array.from({ length: 251 }, (_, index) => `S${index}`)]) {
      expect(check(skus)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field: ['skus'] }));
    }
  });

  const follow = async (lists: { now: readonly string[]; fails?: boolean }, skus: readonly string[] = ['A', 'B']) => {
    const eventLog = createMemoryEventLog({ clock: systemClock, capacity: 100 });
    const asked: unknown[] = [];
    const entered: string[][] = [];
    const pricing: PricingClient = {
      ...noPricing,
      readListsInForce: async (request) => {
        asked.push(request);
        if (lists.fails) throw new Error('away');
        return lists.now;
      },
    };
    const scope = { principal: BUYER, shopping: { ...nobody.shopping, channel: 'web' } };
    const followed: Followed<PriceEvent> = await priceChanged!.follow!({ skus }, {
      pricing, scope, eventLog, log: silentLog, catalog: { readCategorySkus: async () => null }, onEntered: (keys) => entered.push([...keys]),
    });
    return { followed, eventLog, entered, asked };
  };

  it('is told of the lists in force for the buyer, and of no other', async () => {
    const { followed, asked } = await follow({ now: ['ACME-2026', 'BASE'] });
    expect(asked).toEqual([{ buyer: { customerNumber: 'C1', companyNumber: 'ACME', locationNumber: null }, channel: 'web' }]);
    const told = (sku: string | null, list: string | null): boolean => followed.includes(changed(sku, list));
    expect([told('A', 'ACME-2026'), told(null, 'ACME-2026'), told('A', 'BASE'), told('A', null), told(null, null)]).toEqual([true, true, true, true, true]);
    expect([told('A', 'OTHER-2026'), told(null, 'OTHER-2026'), told('C', 'ACME-2026'), told('C', null)]).toEqual([false, false, false, false]);
    expect(followed.keys()).toEqual(['A', 'B']);
    followed.close();
  });

  it('tells everything anew when the buyer gets another contract, and follows that', async () => {
    const lists: { now: readonly string[]; fails?: boolean } = { now: ['OLD'] };
    const { followed, eventLog, entered } = await follow(lists);
    await eventLog.append('customer', [{ type: 'customer.changed', number: 'SOMEBODY', at }]);
    lists.now = ['NEW'];
    await eventLog.append('customer', [{ type: 'customer.changed', number: 'ACME', at }]);
    await eventually(async () => expect(entered).toEqual([['A', 'B']]));
    expect([followed.includes(changed('A', 'NEW')), followed.includes(changed('A', 'OLD'))]).toEqual([true, false]);
    // A list that is based on another from now on: its rules tell so.
    lists.now = ['NEW', 'ITS-BASE'];
    await eventLog.append('price', [changed(null, 'NEW')]);
    await eventually(async () => expect(followed.includes(changed('A', 'ITS-BASE'))).toBe(true));
    lists.fails = true;
    await eventLog.append('customer', [{ type: 'customer.changed', number: 'C1', at }]);
    await new Promise((done) => setTimeout(done, 20));
    expect(followed.includes(changed('A', 'NEW'))).toBe(true);
    followed.close();
  });

  it('makes one of two changes, of any list where they are of two', () => {
    expect(mergePrices(changed('A', 'X'), changed('A', 'X'))).toEqual(changed('A', 'X'));
    expect(mergePrices(changed('A', 'X'), changed('A', 'Y'))).toEqual(changed('A', null));
    const snapshot = priceChanged!.coalescing!.snapshot('A', at);
    expect(mergePrices(changed('A', 'X'), snapshot)).toEqual(snapshot);
  });
});

describe('windows that begin and end', () => {
  let test: TestDatabase;
  const start = Date.now() + 3_600_000;
  const clock = manualClock(start);
  const after = (ms: number): Instant => addMs(instant(start), ms);

  beforeAll(async () => {
    test = await createTestDatabase();
    await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  });
  afterAll(() => test.drop());
  beforeEach(async () => {
    await test.database.run('delete from pricing.price_rule');
    await test.database.run('delete from pricing.promotion');
    await test.database.run('delete from pricing.minimum_advertised');
    await test.database.run('delete from pricing.outbox');
    await test.database.run('update pricing.window_watch set told_until = $1', [instant(clock.now())]);
  });

  const addRule = (reference: string, list: string, sku: string | null, from: Instant | null, until: Instant | null): Promise<unknown> =>
    test.database.run(
      `insert into pricing.price_rule (reference, price_list_code, precedence, target_kind, target_code, valid_from, valid_until, amount, seen_at)
       values ($1, $2, '', $3, $4, $5, $6, 1, clock_timestamp())`,
      [reference, list, sku === null ? 'ALL' : 'SKU', sku ?? '', from, until],
    );
  const told = async (): Promise<unknown[]> =>
    (await test.database.query<{ payload: { sku: string | null; priceListCode: string | null } }>('select payload from pricing.outbox order by id'))
      .map(({ payload }) => [payload.sku, payload.priceListCode]).sort();

  it('are told once, when they do, whoever looks', async () => {
    const base = clock.now() - start;
    await addRule('r1', 'ACME', 'A', after(base + 1_000), after(base + 5_000));
    await addRule('r2', 'WEB', null, null, after(base + 5_000));
    await addRule('r3', 'ACME', 'B', null, null);
    expect(await tellWindowEdges(test.database, clock)).toBe(0);
    clock.advance(1_000);
    expect((await Promise.all([1, 2, 3].map(() => tellWindowEdges(test.database, clock)))).sort()).toEqual([0, 0, 1]);
    expect(await told()).toEqual([['A', 'ACME']]);
    clock.advance(3_999);
    expect(await tellWindowEdges(test.database, clock)).toBe(0);
    clock.advance(1);
    expect(await tellWindowEdges(test.database, clock)).toBe(2);
    expect(await told()).toEqual([['A', 'ACME'], ['A', 'ACME'], [null, 'WEB']].sort());
  });

  it('of promotions and of minimum advertised prices are told as well', async () => {
    const base = clock.now() - start;
    await test.database.run(
      `insert into pricing.promotion (code, revision, name, effect, priority, stacking, targets, channels, price_list_codes, valid_until, active, changed_at, changed_by)
       values ('SALE', 1, 'Sale', '{}', 0, 'STACKS', '[]', '{}', '{}', $1, true, clock_timestamp(), 'test')`, [after(base + 1_000)]);
    await test.database.run(`insert into pricing.minimum_advertised (sku, valid_from, amount, currency_code) values ('A', $1, 1, 'EUR')`, [after(base + 2_000)]);
    clock.advance(1_000);
    expect(await tellWindowEdges(test.database, clock)).toBe(1);
    expect(await told()).toEqual([[null, null]]);
    clock.advance(1_000);
    expect(await tellWindowEdges(test.database, clock)).toBe(1);
    expect(await told()).toEqual([['A', null], [null, null]].sort());
  });

  it('are told at the next look when nobody looked in time', async () => {
    const base = clock.now() - start;
    await addRule('r1', 'ACME', 'A', after(base + 1_000), after(base + 2_000));
    clock.advance(86_400_000);
    expect(await tellWindowEdges(test.database, clock)).toBe(1);
    expect(await tellWindowEdges(test.database, clock)).toBe(0);
  });
});
