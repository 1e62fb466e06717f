import type { GraphQLError } from 'graphql';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { rightsOf, ROLES, type Role } from '../../../../domain/roles.ts';
import { createLimitMetrics } from '../../../../gateway/limits/limit-metrics.ts';
import { addressGroupOf } from '../../../../gateway/limits/rate/address-group.ts';
import { rateClassOf } from '../../../../gateway/limits/rate/rate-class.ts';
import { createRateLimit } from '../../../../gateway/limits/rate/rate-limit.ts';
import { DEFAULT_RATE_LIMITS, readRateLimits, unitsOf } from '../../../../gateway/limits/rate/rate-limits.ts';
import type { Pass } from '../../../../gateway/pipeline/checkpoint.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { createMemoryTokenBuckets } from '../../../../platform/stores/memory-token-buckets.ts';
import { preparedOperation, type PreparedFacts } from '../../../support/prepared.ts';

function limiter(...entries: readonly string[]) {
  const clock = manualClock(0);
  const registry = new Registry();
  const buckets = createMemoryTokenBuckets({ clock, capacity: 1_000 });
  const check = createRateLimit({ buckets, limits: readRateLimits(entries), metrics: createLimitMetrics(registry) });
  const pass = async (facts: PreparedFacts): Promise<Pass> => check(preparedOperation(facts));
  const refusal = async (facts: PreparedFacts): Promise<GraphQLError> => pass(facts).then(() => Promise.reject(new Error('it passed')), (error: GraphQLError) => error);
  return { clock, registry, pass, refusal };
}

const SHOPPER = { kind: 'SHOPPER', subject: 'jwt:anna', scopes: ['catalog:read', 'checkout:write'] } as const;

describe('rate limits', () => {
  it('charge by cost: a unit for each 100 objects, at least one', () => {
    expect([0, 1, 100, 101, 300, 15_000].map(unitsOf)).toEqual([1, 1, 1, 2, 3, 150]);
  });

  it('tell what is left in the headers of the draft, for the caller and its address', async () => {
    const { pass } = limiter('shopper=10/100', 'address=100/1000');
    expect((await pass({ principal: SHOPPER, cost: 1_000 })).headers).toEqual({
      'ratelimit-policy': '"shopper";q=100;w=10, "address";q=1000;w=10',
      ratelimit: '"shopper";r=90;t=1, "address";r=990;t=1',
    });
  });

  it('refuse with RATE_LIMITED, 429 and when to come again; then the operation fits', async () => {
    const { clock, pass, refusal } = limiter('shopper=10/100', 'address=off');
    await pass({ principal: SHOPPER, cost: 9_000 });
    const { extensions, message } = await refusal({ principal: SHOPPER, cost: 5_000 });
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 4_000, limit: 'shopper', http: { status: 429 } });
    expect(Object.fromEntries((extensions['http'] as { headers: Map<string, string> }).headers)).toEqual({ 'retry-after': '4', 'ratelimit-policy': '"shopper";q=100;w=10', ratelimit: '"shopper";r=0;t=4' });
    expect(message).toContain('needs 50');
    clock.advance(3_999);
    await refusal({ principal: SHOPPER, cost: 5_000 });
    clock.advance(1);
    await pass({ principal: SHOPPER, cost: 5_000 });
  });

  it('are one for each caller, whatever its transport and address', async () => {
    const { pass, refusal } = limiter('shopper=1/2', 'address=off');
    await pass({ principal: SHOPPER, transport: 'http' });
    await pass({ principal: SHOPPER, transport: 'websocket', address: '203.0.113.8' });
    await refusal({ principal: SHOPPER, transport: 'sse', address: '203.0.113.9' });
    await pass({ principal: { ...SHOPPER, subject: 'jwt:bert' } });
  });

  it('tell callers without credentials apart by address, an IPv6 network being one', async () => {
    const { pass, refusal } = limiter('anonymous=1/1');
    await pass({ address: '2001:db8:1:2::1' });
    await refusal({ address: '2001:db8:1:2:ffff:ffff:ffff:ffff' });
    await pass({ address: '2001:db8:1:3::1' });
    await pass({ address: '203.0.113.1' });
    await refusal({ address: '::ffff:203.0.113.1' });
  });

  it('hold whoever comes from anywhere to the limit of its address, servers to their own only', async () => {
    const { pass, refusal } = limiter('address=1/2');
    await pass({ principal: SHOPPER });
    await pass({ principal: { ...SHOPPER, subject: 'jwt:bert' } });
    expect((await refusal({ principal: { ...SHOPPER, subject: 'jwt:carl' } })).extensions['limit']).toBe('address');
    await pass({ principal: { kind: 'SERVICE', subject: 'key:erp', scopes: ['order:read:all'] } });
  });

  it('take nothing from the caller where its address had not enough', async () => {
    const { clock, pass, refusal } = limiter('shopper=0.001/10', 'address=1/5');
    expect((await pass({ principal: SHOPPER, cost: 500 })).headers!['ratelimit']).toContain('"shopper";r=5;');
    for (let index = 0; index < 4; index += 1) expect((await refusal({ principal: SHOPPER, cost: 500 })).extensions['limit']).toBe('address');
    clock.advance(5_000);
    expect((await pass({ principal: SHOPPER, cost: 500 })).headers!['ratelimit']).toContain('"shopper";r=0;');
  });

  it('count what was admitted and limited', async () => {
    const { registry, pass, refusal } = limiter('anonymous=1/1');
    await pass({});
    await refusal({});
    const text = await registry.metrics();
    expect(text).toContain('graph_rate_admitted_total{class="anonymous"} 1');
    expect(text).toContain('graph_rate_limited_total{class="anonymous",by="anonymous"} 1');
    expect(text).toContain('graph_rate_alone 0');
  });

  it('limit nobody when off, and not the development principal', async () => {
    const { pass } = limiter('off');
    expect(await pass({ cost: 1_000_000 })).toEqual({});
    expect(await limiter().pass({ principal: { kind: 'DEVELOPMENT' }, cost: 1_000_000 })).toEqual({});
  });
});

describe('the setting RATE_LIMITS', () => {
  it('changes what it names', () => {
    expect(readRateLimits(['shopper=0.5/7', 'login=off'])).toEqual({ ...DEFAULT_RATE_LIMITS, shopper: { ratePerSecond: 0.5, burst: 7 }, login: null });
  });

  it.each(['shoppers=1/1', 'shopper', 'shopper=1', 'shopper=0/10', 'shopper=10/0', 'shopper=1/1.5', 'toString=1/1'])('is refused where it says %s', (entry) => {
    expect(() => readRateLimits([entry])).toThrow(entry);
  });
});

describe('the class of a caller', () => {
  it('is its role, told by what it may do', () => {
    const classOf = (role: Role) => {
      const { kind, scopes, traffic } = rightsOf(role);
      return rateClassOf({ principal: { subject: 'key:k', kind, scopes, channel: null, customerNumber: null, companyNumber: null }, expiresAtMs: null, traffic });
    };
    expect(ROLES.map(classOf)).toEqual([...ROLES]);
  });
});

describe('the group of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (address, group) => {
    expect(addressGroupOf(address)).toBe(group);
  });
});
