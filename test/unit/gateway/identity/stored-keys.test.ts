import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiKeyRecord, ApiKeyUse } from '../../../../domain/access-keys.ts';
import { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import { instant } from '../../../../domain/time.ts';
import { followAccessChanges } from '../../../../gateway/identity/access-changes.ts';
import { combine } from '../../../../gateway/identity/combined.ts';
import type { Identity, KeyIdentity } from '../../../../gateway/identity/identity.ts';
import { createStoredKeys, type StoredKeys } from '../../../../gateway/identity/stored-keys.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const KEY = 'ucg_shop.abcdefghijklmnopqrstuvwxyz0123456789';
const NEXT = 'ucg_shop.9876543210zyxwvutsrqponmlkjihgfedcba';
const AWAY = new Failure('UPSTREAM_TIMEOUT', 'the customer subgraph did not answer');

const recordOf = (keys: readonly string[], more: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  prefix: 'ucg_shop', role: 'marketplace', documents: 'ANY', expiresAt: null,
  principal: { subject: 'key:ucg_shop', kind: 'SERVICE', scopes: ['catalog:read'], channel: 'amazon', customerNumber: null, companyNumber: null },
  secrets: keys.map((key, index) => ({ id: `secret-${index}`, sha256: createHash('sha256').update(key).digest('hex'), expiresAt: null })), ...more,
});

/** The customer subgraph as a gateway sees it: keys by prefix, and what it was asked. */
class Store {
  readonly records = new Map<string, ApiKeyRecord>();
  readonly asked: (readonly string[])[] = [];
  readonly uses: ApiKeyUse[] = [];
  failure: Error | null = null;
  /** Answers what was true when it was asked, once this resolves. */
  delay: Promise<unknown> | null = null;

  readonly findApiKeys = async ({ prefixes }: { readonly prefixes: readonly string[] }): Promise<(ApiKeyRecord | null)[]> => {
    this.asked.push(prefixes);
    const answer = prefixes.map((prefix) => this.records.get(prefix) ?? null);
    await this.delay;
    if (this.failure) throw this.failure;
    return answer;
  };
  readonly noteApiKeyUses = async ({ uses }: { readonly uses: readonly ApiKeyUse[] }): Promise<void> => void this.uses.push(...uses);
}

let store: Store;
let clock: ReturnType<typeof manualClock>;
let keys: StoredKeys;

beforeEach(() => {
  store = new Store();
  clock = manualClock(START);
  keys = createStoredKeys({ customer: store, clock, log: silentLog });
  store.records.set('ucg_shop', recordOf([KEY]));
});

/** Rests between two questions are over. */
const rest = (ms = 1_000): void => clock.advance(ms);

describe('a key of the store', () => {
  it('opens with what it was made with, and is asked for once by all at the same time', async () => {
    const all = await Promise.all([1, 2, 3].map(() => keys.identify(KEY)));
    expect(all[0]).toMatchObject({ principal: recordOf([]).principal, documents: 'ANY', role: 'marketplace', traffic: 'service', expiresAtMs: null });
    expect(store.asked).toEqual([['ucg_shop']]);
    for (const wrong of [NEXT, `${KEY}x`, KEY.slice(0, -1), 'ucg_shop.', 'ucg_shop', '']) expect(await keys.identify(wrong)).toBeNull();
    expect(store.asked).toHaveLength(1);
  });

  it('is not looked for where it has not the form of one', async () => {
    for (const odd of ['x', 'abc.def', `${'a'.repeat(40)}.${'b'.repeat(43)}`, `ucg_shop.${'x'.repeat(200)}`, "ucg'shop.abcdefghijklmnopqrstuvwxyz", 'x'.repeat(100_000)]) expect(await keys.identify(odd)).toBeNull();
    expect(store.asked).toEqual([]);
  });

  it('is read again in the background after 3 s, and before it is believed after 5', async () => {
    await keys.identify(KEY);
    rest(4_000);
    store.records.clear();
    expect(await keys.identify(KEY)).not.toBeNull();
    await vi.waitFor(() => expect(store.asked).toHaveLength(2));
    expect(await keys.identify(KEY)).toBeNull();
    store.records.set('ucg_shop', recordOf([KEY]));
    rest(5_001);
    expect(await keys.identify(KEY)).not.toBeNull();
  });

  it('ends when it says, or its secret does', async () => {
    store.records.set('ucg_shop', recordOf([KEY, NEXT], { expiresAt: instant(START + 4_000), secrets: [{ ...recordOf([KEY]).secrets[0]!, expiresAt: instant(START + 2_000) }, recordOf([KEY, NEXT]).secrets[1]!] }));
    expect((await keys.identify(KEY))!.expiresAtMs).toBe(START + 2_000);
    expect((await keys.identify(NEXT))!.expiresAtMs).toBe(START + 4_000);
    rest(2_000);
    expect(await keys.identify(KEY)).toBeNull();
    expect(await keys.identify(NEXT)).not.toBeNull();
    rest(2_000);
    expect(await keys.identify(NEXT)).toBeNull();
  });

  it.each<[string, Error]>([
    ['silent', AWAY], ['away', new Failure('UPSTREAM_UNAVAILABLE', 'connection refused')], ['broken', new Error('connection terminated')], ['full', new Failure('INTERNAL', 'Internal error x')],
  ])('opens for a minute after the store has become %s, and is never called wrong', async (_what, failure) => {
    const good = await keys.identify(KEY);
    store.failure = failure;
    for (const aheadMs of [6_000, 24_000, 30_000]) {
      rest(aheadMs);
      expect(await keys.identify(KEY)).toBe(good);
    }
    rest(1);
    await expect(keys.identify(KEY)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    await expect(keys.identify(NEXT)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await expect(keys.identify('ucg_cold.abcdefghijklmnopqrstuvwxyz')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    store.failure = null;
    rest();
    expect(await keys.identify(KEY)).not.toBeNull();
  });

  it('is not waited for by everybody while the store does not answer', async () => {
    await keys.identify(KEY);
    store.failure = AWAY;
    rest(6_000);
    await keys.identify(KEY);
    // Nobody answers this one: whoever waited for it would wait for ever.
    store.delay = new Promise(() => undefined);
    expect(await keys.identify(KEY)).not.toBeNull();
  });

  it('that was revoked does not live on for that minute', async () => {
    await keys.identify(KEY);
    keys.forget('ucg_shop');
    store.failure = AWAY;
    await expect(keys.identify(KEY)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('that is revoked while it is read is read again', async () => {
    let answer = (): void => undefined;
    store.delay = new Promise<void>((done) => (answer = done));
    const asked = keys.identify(KEY);
    await vi.waitFor(() => expect(store.asked).toHaveLength(1));
    store.records.clear();
    keys.forget('ucg_shop');
    rest();
    answer();
    expect(await asked).toBeNull();
    expect(await keys.identify(KEY)).toBeNull();
  });

  it('that is revoked while it falls back to what was known is refused', async () => {
    await keys.identify(KEY);
    rest(6_000);
    let fail = (): void => undefined;
    store.delay = new Promise<void>((done) => (fail = done));
    store.failure = AWAY;
    const asked = keys.identify(KEY);
    await vi.waitFor(() => expect(store.asked).toHaveLength(2));
    keys.forget('ucg_shop');
    fail();
    await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('tells connections whether it still opens', async () => {
    store.records.set('ucg_shop', recordOf([KEY, NEXT]));
    const { recheck } = (await keys.identify(KEY))!;
    expect(await recheck!()).toBe(true);
    store.records.set('ucg_shop', recordOf([NEXT]));
    keys.forget('ucg_shop');
    rest();
    expect(await recheck!()).toBe(false);
    store.failure = AWAY;
    rest(6_000);
    expect(await recheck!()).toBe(false);
    keys.forget('ucg_shop');
    rest();
    expect(await recheck!()).toBe(true);
  });

  it('is told of when it was used, not each time', async () => {
    for (let count = 0; count < 100; count += 1) await keys.identify(KEY);
    await keys.identify(NEXT);
    await keys.close();
    expect(store.uses).toEqual([{ secretId: 'secret-0', at: '2026-11-21T12:00:00.000Z' }]);
  });
});

describe('a flood of keys somebody makes up', () => {
  const madeUp = (): string => `${randomBytes(8).toString('hex')}.${randomBytes(32).toString('base64url')}`;

  it('is answered from memory where it repeats', async () => {
    const [one] = [madeUp()];
    for (let count = 0; count < 1_000; count += 1) expect(await keys.identify(one)).toBeNull();
    expect(store.asked).toHaveLength(1);
  });

  it('costs the store a question in 20 ms, and those who have keys nothing', async () => {
    const real = createStoredKeys({ customer: store, clock: systemClock, log: silentLog });
    await real.identify(KEY);
    const startedAt = performance.now();
    const flood = await Promise.allSettled(Array.from({ length: 10_000 }, () => real.identify(madeUp())));
    const tookMs = performance.now() - startedAt;
    const answered = flood.filter((outcome) => outcome.status === 'fulfilled');
    expect(answered.every(({ value }) => value === null)).toBe(true);
    expect(flood.filter((outcome) => outcome.status === 'rejected').every(({ reason }) => (reason as Failure).code === 'UPSTREAM_UNAVAILABLE')).toBe(true);
    expect(answered.length).toBeGreaterThanOrEqual(2_000);
    expect(store.asked.length).toBeLessThanOrEqual(2 + tookMs / 20);
    expect(Math.max(...store.asked.map(({ length }) => length))).toBeLessThanOrEqual(500);
    expect(await real.identify(KEY)).not.toBeNull();
    await real.close();
  });

  it('lets known keys be read again before it', async () => {
    const real = createStoredKeys({ customer: store, clock: systemClock, log: silentLog });
    await real.identify(KEY);
    const flood = Array.from({ length: 1_500 }, () => real.identify(madeUp()).catch(() => null));
    // Changed, and the store no longer remembered here: still no stranger.
    real.forget('ucg_shop');
    expect(await real.identify(KEY)).not.toBeNull();
    expect(store.asked.findIndex((prefixes, index) => index > 0 && prefixes.includes('ucg_shop'))).toBeLessThanOrEqual(2);
    await Promise.all(flood);
    await real.close();
  });
});

describe('changes of access', () => {
  it('are followed on every node, and what was missed is doubted', async () => {
    const eventLog = createMemoryEventLog({ clock: systemClock, capacity: 100 });
    const told: (string | null)[] = [];
    const changes = followAccessChanges({ eventLog, keys, log: silentLog });
    changes.onChanged((subject) => told.push(subject));
    await vi.waitFor(() => expect(told).toEqual([null]));
    await keys.identify(KEY);
    store.records.clear();
    rest();
    await eventLog.append('access', [{ type: 'access.changed', prefix: 'ucg_shop', at: instant(START) }]);
    await vi.waitFor(() => expect(told).toEqual([null, 'key:ucg_shop']));
    expect(await keys.identify(KEY)).toBeNull();
    changes.close();
    await eventLog.append('access', [{ type: 'access.changed', prefix: 'ucg_shop', at: instant(START) }]);
    await new Promise((done) => setTimeout(done, 20));
    expect(told).toHaveLength(2);
    await eventLog.close();
  });

  it('are followed as soon as the event log can be reached', async () => {
    const real = createMemoryEventLog({ clock: systemClock, capacity: 100 });
    let attempts = 0;
    const eventLog = { ...real, subscribe: (...args: Parameters<typeof real.subscribe>) => ((attempts += 1) < 3 ? Promise.reject(new Error('connection refused')) : real.subscribe(...args)) };
    const told: (string | null)[] = [];
    const changes = followAccessChanges({ eventLog, keys, log: silentLog, retryMs: 1 });
    changes.onChanged((subject) => told.push(subject));
    await vi.waitFor(() => expect(told).toEqual([null]));
    expect(attempts).toBe(3);
    changes.close();
  });
});

describe('a key and a token in one request', () => {
  const shopper: Principal = { ...ANONYMOUS, subject: 'jwt:ann', kind: 'SHOPPER', scopes: ['order:read'], customerNumber: 'C1' };
  const key = (more: Partial<KeyIdentity> & { readonly of?: Partial<Principal> } = {}): KeyIdentity => {
    const { of, ...rest } = more;
    return { principal: { ...ANONYMOUS, subject: 'key:shop', kind: 'SHOPPER', scopes: ['catalog:read'], channel: 'web', ...of }, expiresAtMs: null, documents: 'TRUSTED', role: 'storefront', traffic: 'browsing', ...rest };
  };
  const token = (of: Partial<Principal> = {}): Identity => ({ principal: { ...shopper, ...of }, expiresAtMs: START, documents: 'ANY', traffic: 'browsing' });

  it('are the person, on the key\'s channel, by the key\'s documents', () => {
    expect(combine(key(), token())).toMatchObject({
      principal: { subject: 'jwt:ann', kind: 'SHOPPER', scopes: ['catalog:read', 'order:read'], channel: 'web', customerNumber: 'C1', companyNumber: null },
      expiresAtMs: START, documents: 'TRUSTED', traffic: 'browsing', proofs: ['key:shop', 'jwt:ann'],
    });
    expect(combine(key({ expiresAtMs: START - 1 }), token()).expiresAtMs).toBe(START - 1);
    expect(combine(key({ of: { channel: null } }), token({ channel: 'trade' })).principal.channel).toBe('trade');
    expect(combine(key(), token({ channel: 'web' })).principal.channel).toBe('web');
  });

  it('contradict each other where both are bound', () => {
    expect(() => combine(key(), token({ channel: 'trade' }))).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
    expect(() => combine(key({ of: { customerNumber: 'C2' } }), token())).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
    expect(() => combine(key({ of: { companyNumber: 'C2' } }), token())).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
  });

  it('give the person nothing of what a server\'s key may do, but its lane', () => {
    const both = combine(key({ role: 'checkout', documents: 'ANY', traffic: 'checkout', of: { kind: 'SERVICE', scopes: ['order:read:all', 'checkout:write'] } }), token());
    expect(both).toMatchObject({ principal: { kind: 'SHOPPER', scopes: ['order:read'], channel: 'web' }, documents: 'ANY', traffic: 'checkout' });
    expect(combine(key({ role: null, of: { scopes: ['operations'] } }), token()).principal.scopes).toEqual(['order:read']);
  });

  it('hold as long as both do', async () => {
    const holds = (value: boolean) => ({ recheck: () => Promise.resolve(value) });
    expect(await combine(key(holds(true)), token()).recheck!()).toBe(true);
    expect(await combine(key(holds(false)), token()).recheck!()).toBe(false);
    expect(combine(key(), token()).recheck).toBeUndefined();
  });
});
