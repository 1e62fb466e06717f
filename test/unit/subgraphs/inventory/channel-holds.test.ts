import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { Hold, HoldOutcome } from '../../../../domain/inventory.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { openPostgres } from '../../../../platform/stores/postgres.ts';
import { removeRule, setRule } from '../../../../subgraphs/inventory/channels/administration.ts';
import { moveByHand } from '../../../../subgraphs/inventory/channels/move-by-hand.ts';
import { runAllocationRound } from '../../../../subgraphs/inventory/channels/rebalance.ts';
import type { RuleDraft } from '../../../../subgraphs/inventory/channels/rule.ts';
import { readStanding } from '../../../../subgraphs/inventory/channels/standing.ts';
import { readMoves } from '../../../../subgraphs/inventory/channels/store-moves.ts';
import { createHoldPlacement, placeHold } from '../../../../subgraphs/inventory/holds/placement.ts';
import { cancelCommitted, commitHold, markAccepted, releaseHold } from '../../../../subgraphs/inventory/holds/transitions.ts';
import { applyItems } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { disagreements, item, later, request, stock, stockOf, toolsOn } from './inventory-fixture.ts';

let store: TestDatabase;
const tools = () => toolsOn(store.database);

beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(async () => {
  expect(await disagreements(store.database)).toEqual([]);
  expect(await store.database.query(`select sku, channel, used from inventory.channel_use use join inventory.allocation_rule using (period)
    where used < (select coalesce(sum(quantity), 0) from inventory.channel_use_line line where (line.sku, line.channel, line.period) = (use.sku, use.channel, use.period))`)).toEqual([]);
  await store.drop();
});

let key = 0;
const keyed = () => ({ owner: 'console', idempotencyKey: `rule-${(key += 1)}` });
const share = (channel: string, percent: number, buffer = 0) => ({ channel, share: { kind: 'PERCENT' as const, percent: decimal(percent) }, buffer: decimal(buffer) });
const rule = (code: string, skus: string[] | null, rest: Partial<RuleDraft> = {}): RuleDraft => ({
  code, name: code, skus, shares: [share('site', 70), share('amazon', 20), share('edi', 10)], periodHours: 168, reallocation: null, ...rest,
});
const set = async (draft: RuleDraft) => {
  const outcome = await setRule(tools(), keyed(), draft);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  return outcome.value!;
};
const sell = (channel: string | null, sku: string, quantity: number, rest = {}) => placeHold(tools(), request({ [sku]: quantity }, { channel, ...rest }));
const held = (outcome: HoldOutcome): Hold => {
  if (outcome.kind === 'SHORT') throw new Error(`short: ${JSON.stringify(outcome.lines)}`);
  return outcome.hold;
};
const unused = async (sku: string) => {
  const { standing } = (await readStanding(store.database, sku, tools()))!;
  return { base: standing.base, pool: standing.pool, ...Object.fromEntries(standing.channels.map((channel) => [channel.channel, channel.unused])) };
};
const used = async (sku: string) => {
  const { standing } = (await readStanding(store.database, sku, tools()))!;
  return Object.fromEntries(standing.channels.map((channel) => [channel.channel, channel.used]));
};

describe('selling through channels', () => {
  it('sells each channel its own share and the pool, and says so when the rest is others’', async () => {
    await stock(store.database, [stockOf('A1', 100)]);
    await set(rule('a1', ['A1'], { shares: [share('site', 60), share('amazon', 20), share('edi', 10)] }));
    expect(await unused('A1')).toEqual({ base: '100', pool: '10', site: '60', amazon: '20', edi: '10' });
    expect(await sell('amazon', 'A1', 31)).toMatchObject({ kind: 'SHORT', lines: [{ requested: '31', available: '30' }] });
    held(await sell('amazon', 'A1', 25));
    expect(await unused('A1')).toEqual({ base: '100', pool: '5', site: '60', amazon: '0', edi: '10' });
    expect((await sell(null, 'A1', 6)).kind).toBe('SHORT');
    held(await sell(null, 'A1', 5));
    expect(await sell('amazon', 'A1', 1)).toMatchObject({ kind: 'SHORT', lines: [{ available: '0', reason: 'CHANNEL_EXHAUSTED' }] });
    held(await sell('site', 'A1', 60));
    held(await sell('edi', 'A1', 10));
    expect(await unused('A1')).toEqual({ base: '100', pool: '0', site: '0', amazon: '0', edi: '0' });
  });

  it('gives back what is released, expires, is replaced or cancelled; not what was sold', async () => {
    await stock(store.database, [stockOf('B1', 100)]);
    await set(rule('b1', ['B1']));
    const first = held(await sell('amazon', 'B1', 15));
    await releaseHold(tools(), { holdId: first.id, owner: 'shop' });
    await releaseHold(tools(), { holdId: first.id, owner: 'shop' });
    expect(await used('B1')).toEqual({ site: '0', amazon: '0', edi: '0' });

    const replaced = held(await sell('amazon', 'B1', 15));
    const second = held(await sell('amazon', 'B1', 20, { replacesHoldId: replaced.id }));
    expect((await used('B1'))['amazon']).toBe('20');
    await store.database.run(`update inventory.hold set expires_at = clock_timestamp() where id = $1`, [second.id]);
    // Before the timer has written it down.
    expect((await used('B1'))['amazon']).toBe('0');
    expect((await unused('B1')).base).toBe('100');

    const cancelled = held(await sell('edi', 'B1', 4));
    await commitHold(tools(), { holdId: cancelled.id, owner: 'shop', orderReference: 'B-1' });
    await cancelCommitted(tools(), { orderReference: 'B-1' });
    expect((await used('B1'))['edi']).toBe('0');

    const sold = held(await sell('edi', 'B1', 6));
    await commitHold(tools(), { holdId: sold.id, owner: 'shop', orderReference: 'B-2' });
    await markAccepted(tools(), { orderReference: 'B-2', acceptedAt: later(0) });
    await store.database.transaction((tx) => applyStock(tx, [stockOf('B1', 94, { asOf: later(5_000) })], later(0)));
    expect(await unused('B1')).toEqual({ base: '100', pool: '0', site: '70', amazon: '20', edi: '4' });
  });

  it('grows with receipts, shrinks with losses, and counts a kit by its components', async () => {
    await stock(store.database, [stockOf('WHEEL', 10), stockOf('FRAME', 10), stockOf('BIKE', 0)]);
    await store.database.transaction((tx) => applyItems(tx, [item('BIKE', { kind: 'KIT', components: [{ sku: 'WHEEL', quantity: decimal(2) }, { sku: 'FRAME', quantity: decimal(1) }] })], later(0)));
    await set(rule('wheels', ['WHEEL'], { shares: [share('site', 50), share('amazon', 50)] }));
    expect(await sell('amazon', 'BIKE', 3)).toMatchObject({ kind: 'SHORT', lines: [{ available: '2' }] });
    held(await sell('amazon', 'BIKE', 2));
    expect(await unused('WHEEL')).toEqual({ base: '10', pool: '0', site: '5', amazon: '1' });
    await store.database.transaction((tx) => applyStock(tx, [stockOf('WHEEL', 20, { asOf: later(2_000) })], later(0)));
    expect(await unused('WHEEL')).toEqual({ base: '20', pool: '0', site: '10', amazon: '6' });
    await store.database.transaction((tx) => applyStock(tx, [stockOf('WHEEL', 6, { asOf: later(4_000) })], later(0)));
    expect(await unused('WHEEL')).toEqual({ base: '6', pool: '0', site: '2', amazon: '0' });
  });

  it('lets nobody around a share by asking for a later day', async () => {
    await stock(store.database, [stockOf('C1', 10)]);
    await set(rule('c1', ['C1'], { shares: [share('site', 80)] }));
    const tomorrow = later(86_400_000).slice(0, 10) as never;
    expect(await sell('amazon', 'C1', 3, { requestedOn: tomorrow })).toMatchObject({ kind: 'SHORT' });
    const dated = held(await sell('amazon', 'C1', 2, { requestedOn: tomorrow }));
    expect(await unused('C1')).toEqual({ base: '10', pool: '0', site: '8' });
    await releaseHold(tools(), { holdId: dated.id, owner: 'shop' });
    expect(await unused('C1')).toEqual({ base: '10', pool: '2', site: '8' });
  });

  it('never lets several processes eat another channel’s share of one SKU', async () => {
    await stock(store.database, [stockOf('HOT', 200)]);
    await set(rule('hot', ['HOT'], { shares: [share('site', 50), share('amazon', 20), share('edi', 10)] }));
    const processes = await Promise.all([1, 2, 3].map((n) => openPostgres({ url: store.url, maxConnections: 6, applicationName: `process-${n}`, log: silentLog })));
    try {
      const placements = processes.map((database) => createHoldPlacement({ ...tools(), database, clock: systemClock }));
      const channels = ['site', 'amazon', 'edi', 'other', null];
      const sold: Record<string, number> = {};
      const buy = async (n: number): Promise<void> => {
        const channel = channels[n % channels.length]!;
        const outcome = await placements[n % placements.length]!.placeHold(request({ HOT: 1 + (n % 3) }, { channel, owner: `buyer-${n}` }));
        if (outcome.kind === 'SHORT') return;
        // Every seventh changes their mind.
        if (n % 7 === 0) await releaseHold({ ...tools(), database: processes[(n + 1) % 3]! }, { holdId: outcome.hold.id, owner: `buyer-${n}` });
        else sold[channel ?? ''] = (sold[channel ?? ''] ?? 0) + Number(outcome.hold.lines[0]!.quantity);
      };
      await Promise.all(Array.from({ length: 450 }, (_, n) => buy(n)));
      // The pool of 40 may go to anybody; own shares are untouched by the others.
      const overdrawn = Object.entries({ site: 100, amazon: 40, edi: 20, other: 0, '': 0 }).map(([channel, own]) => Math.max(0, (sold[channel] ?? 0) - own));
      expect(overdrawn.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(40);
      expect(await used('HOT')).toEqual({ site: String(sold['site']), amazon: String(sold['amazon']), edi: String(sold['edi']) });
      const { standing, atpToday } = (await readStanding(store.database, 'HOT', tools()))!;
      expect(standing.base).toBe('200');
      const kept = standing.channels.reduce((sum, { unused: own }) => sum + Number(own), Number(standing.pool));
      expect(kept).toBe(Number(atpToday));
    } finally {
      await Promise.all(processes.map((database) => database.close()));
    }
  }, 60_000);
});

describe('rules', () => {
  it('lets the rule that lists a SKU win over the one for all', async () => {
    await stock(store.database, [stockOf('D1', 10), stockOf('D2', 10)]);
    await set(rule('everything', null, { shares: [share('site', 100)] }));
    await set(rule('special', ['D1'], { shares: [share('amazon', 50)] }));
    expect(await unused('D1')).toEqual({ base: '10', pool: '5', amazon: '5' });
    expect(await unused('D2')).toEqual({ base: '10', pool: '0', site: '10' });
    expect(await setRule(tools(), keyed(), rule('again', null))).toMatchObject({ ok: false, refusals: [{ code: 'CONFLICT', field: ['skus'] }] });
    for (const code of ['special', 'everything']) expect(await removeRule(tools(), keyed(), code)).toMatchObject({ ok: true });
    expect(await readStanding(store.database, 'D1', tools())).toBeNull();
    expect(await removeRule(tools(), keyed(), 'special')).toMatchObject({ ok: false, refusals: [{ code: 'NOT_FOUND', field: ['code'] }] });
  });

  it('refuses what cannot be, naming the field, and changes nothing', async () => {
    await stock(store.database, [stockOf('E1', 10), stockOf('E2', 10), stockOf('KIT', 0)]);
    await store.database.transaction((tx) => applyItems(tx, [item('KIT', { kind: 'KIT', components: [{ sku: 'E2', quantity: decimal(2) }] })], later(0)));
    await set(rule('e1', ['E1']));
    const fields = async (draft: RuleDraft): Promise<unknown> => {
      const outcome = await setRule({ ...tools(), policy: { channels: new Map([['site', {} as never], ['amazon', {} as never], ['edi', {} as never]]) } }, keyed(), draft);
      return outcome.ok ? 'made' : outcome.refusals.map(({ code, field }) => `${code} ${field.join('.')}`);
    };
    expect(await fields(rule('x', ['E1', 'NOPE', 'KIT']))).toEqual(['CONFLICT skus.0', 'NOT_FOUND skus.1', 'INVALID_INPUT skus.2']);
    expect(await fields(rule('x', ['E2'], { shares: [share('site', 80), share('amazon', 30)] }))).toEqual(['INVALID_INPUT shares']);
    expect(await fields(rule('x', ['E2'], { shares: [share('site', 101), share('moon', -1, -1), share('site', 0)] }))).toEqual([
      'INVALID_INPUT shares.0.percent', 'INVALID_INPUT shares.1.channel', 'INVALID_INPUT shares.1.percent', 'INVALID_INPUT shares.1.buffer', 'INVALID_INPUT shares.2.channel',
    ]);
    expect(await fields(rule(' ', [], { name: '', periodHours: 0, shares: [], reallocation: { afterPercent: decimal(-1), safetyFactor: decimal('0.5') } }))).toEqual([
      'INVALID_INPUT code', 'INVALID_INPUT name', 'INVALID_INPUT periodHours', 'INVALID_INPUT skus', 'INVALID_INPUT reallocation.afterPercent', 'INVALID_INPUT reallocation.safetyFactor', 'INVALID_INPUT shares',
    ]);
    expect(await readStanding(store.database, 'E2', tools())).toBeNull();
  });

  it('carries a key out once', async () => {
    await stock(store.database, [stockOf('F1', 10)]);
    const request1 = keyed();
    const [first, again] = await Promise.all([setRule(tools(), request1, rule('f1', ['F1'])), setRule(tools(), request1, rule('f1', ['F1']))]);
    expect(again).toEqual(first);
    await expect(setRule(tools(), request1, rule('f1', ['F1'], { name: 'other' }))).rejects.toMatchObject({ code: 'CONFLICT', field: ['idempotencyKey'] });
  });
});

const move = (sku: string, from: string | null, to: string | null, quantity: number, rest = {}) =>
  moveByHand(tools(), { ...keyed(), sku, from, to, quantity: decimal(quantity), reason: 'campaign', ...rest });

describe('moves', () => {
  it('give a channel more to sell, once, audited', async () => {
    await stock(store.database, [stockOf('G1', 100)]);
    const { period } = await set(rule('g1', ['G1']));
    const once = { ...keyed(), sku: 'G1', from: 'site', to: 'amazon', quantity: decimal(30), reason: 'campaign' };
    for (const _ of [1, 2]) expect(await moveByHand(tools(), once)).toMatchObject({ ok: true, value: { standing: { base: '100' } } });
    expect(await unused('G1')).toEqual({ base: '100', pool: '0', site: '40', amazon: '50', edi: '10' });
    expect(await sell('amazon', 'G1', 51)).toMatchObject({ kind: 'SHORT' });
    held(await sell('amazon', 'G1', 50));
    expect(await readMoves(store.database, 'G1', 10, null)).toMatchObject([
      { sku: 'G1', ruleCode: 'g1', from: 'site', to: 'amazon', quantity: '30', cause: 'MANUAL', movedBy: 'console', reason: 'campaign', figures: null },
    ]);
    expect(period.number).toMatch(/^\d+$/);
    await expect(store.database.run('delete from inventory.allocation_move')).rejects.toThrow('append-only');
  });

  it('move no more than there is, between channels that have a share', async () => {
    await stock(store.database, [stockOf('G2', 100), stockOf('G3', 1)]);
    await set(rule('g2', ['G2']));
    held(await sell('site', 'G2', 50));
    const refusal = async (outcome: ReturnType<typeof move>): Promise<unknown> => {
      const result = await outcome;
      return result.ok ? 'moved' : result.refusals.map(({ code, field }) => `${code} ${field.join('.')}`);
    };
    expect(await refusal(move('G2', 'site', null, 21))).toEqual(['INVALID_INPUT quantity']);
    expect(await refusal(move('G2', null, 'site', 1))).toEqual(['INVALID_INPUT quantity']);
    expect(await refusal(move('G2', 'site', 'moon', 1))).toEqual(['INVALID_INPUT to']);
    expect(await refusal(move('G2', 'site', 'site', 1, { reason: ' ' }))).toEqual(['INVALID_INPUT to', 'INVALID_INPUT reason']);
    expect(await refusal(move('G2', 'site', null, 1.5))).toEqual(['INVALID_INPUT quantity']);
    expect(await refusal(move('G3', 'site', null, 1))).toEqual(['NOT_FOUND sku']);
    expect(await refusal(move('G2', 'site', null, 20))).toBe('moved');
    // What has been drawn from the pool becomes a channel's own before it gets more.
    held(await sell('edi', 'G2', 15));
    expect(await refusal(move('G2', null, 'edi', 4))).toBe('moved');
    expect(await unused('G2')).toEqual({ base: '100', pool: '11', site: '0', amazon: '20', edi: '4' });
    expect((await readMoves(store.database, 'G2', 2, null)).map(({ cause, quantity }) => `${cause} ${quantity}`)).toEqual(['MANUAL 4', 'SETTLED 5']);
  });
});

const ageBy = (code: string, hours: number) =>
  store.database.run(`update inventory.allocation_rule set began_at = began_at - $2 * interval '1 hour', evaluated_at = evaluated_at - $2 * interval '1 hour' where code = $1`, [code, hours]);
const announced = async (): Promise<unknown[]> =>
  (await store.database.query<{ payload: { sku: string } }>('delete from inventory.outbox returning payload')).map((row) => row.payload.sku);
const reallocation = { afterPercent: decimal(25), safetyFactor: decimal('1.5') };

describe('time', () => {
  it('returns the surplus of a channel that sells below its pace, with the figures it rested on', async () => {
    await stock(store.database, [stockOf('H1', 100), stockOf('H2', 100)]);
    await set(rule('h1', ['H1', 'H2'], { reallocation }));
    held(await sell('site', 'H1', 60));
    held(await sell('amazon', 'H1', 4));
    await ageBy('h1', 84);
    await announced();
    for (const _ of [1, 2]) await runAllocationRound(tools());
    // Half the period: amazon needs 4 more, keeps 6 of 16, returns 10; edi sold none and returns 10; site is ahead of its pace.
    expect(await unused('H1')).toEqual({ base: '100', pool: '20', site: '10', amazon: '6', edi: '0' });
    expect(await unused('H2')).toEqual({ base: '100', pool: '0', site: '70', amazon: '20', edi: '10' });
    expect(await announced()).toContain('H1');
    const [ofEdi, ofAmazon] = await readMoves(store.database, 'H1', 10, null);
    expect(ofEdi).toMatchObject({ from: 'edi', to: null, quantity: '10', cause: 'SELL_THROUGH', movedBy: 'rule:h1' });
    expect(ofAmazon).toMatchObject({ from: 'amazon', quantity: '10', figures: { base: '100', own: '20', used: '4', soldPercent: '20', need: '4', kept: '6' } });
  });

  it('begins a new period with what can be sold then, and undoes what was moved', async () => {
    await stock(store.database, [stockOf('I1', 100)]);
    const { period } = await set(rule('i1', ['I1']));
    const old = held(await sell('amazon', 'I1', 10));
    await move('I1', 'site', 'amazon', 20);
    await runAllocationRound(tools());
    await ageBy('i1', 400);
    await announced();
    await runAllocationRound(tools());
    const [after] = await store.database.query<{ period: string; age: number }>(`select period::text, extract(epoch from clock_timestamp() - began_at)::float / 3600 as age from inventory.allocation_rule where code = 'i1'`);
    expect(Number(after!.period)).toBeGreaterThan(Number(period.number));
    expect(Math.round(after!.age)).toBe(400 - 2 * 168);
    expect(await unused('I1')).toEqual({ base: '90', pool: '0', site: '63', amazon: '18', edi: '9' });
    expect((await readMoves(store.database, 'I1', 2, null)).map(({ cause, from, to, quantity }) => [cause, from, to, quantity])).toEqual([
      ['PERIOD_ENDED', null, 'site', '20'], ['PERIOD_ENDED', 'amazon', null, '20'],
    ]);
    expect(await announced()).toEqual(['I1']);
    // What was held before comes back as goods, and takes nothing off anybody's use.
    held(await sell('amazon', 'I1', 5));
    await releaseHold(tools(), { holdId: old.id, owner: 'shop' });
    expect(await used('I1')).toEqual({ site: '0', amazon: '5', edi: '0' });
    expect((await unused('I1')).base).toBe('100');
  });

  it('begins one when the shares change, not when SKUs come or go; tells whose figures changed', async () => {
    await stock(store.database, [stockOf('J1', 100), stockOf('J2', 10)]);
    const first = await set(rule('j1', ['J1']));
    held(await sell('site', 'J1', 10));
    await runAllocationRound(tools());
    await announced();
    const same = await set(rule('j1', ['J1', 'J2'], { name: 'renamed' }));
    expect(same.period).toEqual(first.period);
    expect((await used('J1'))['site']).toBe('10');
    await runAllocationRound(tools());
    expect(await announced()).toEqual(['J2']);
    const changed = await set(rule('j1', ['J1', 'J2'], { shares: [share('site', 50)] }));
    expect(changed.period.number).not.toBe(first.period.number);
    expect(await unused('J1')).toEqual({ base: '90', pool: '45', site: '45' });
    await runAllocationRound(tools());
    expect(new Set(await announced())).toEqual(new Set(['J1', 'J2']));
  });
});
