import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS } from '../../../../domain/principal.ts';
import type { Credentials, Identity } from '../../../../gateway/identity/door.ts';
import { createLimitMetrics } from '../../../../gateway/limits/limit-metrics.ts';
import { createLoginThrottle } from '../../../../gateway/limits/rate/login-throttle.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { createMemoryTokenBuckets } from '../../../../platform/stores/memory-token-buckets.ts';

const ALLOWED = 5;

function throttle() {
  const clock = manualClock(0);
  const tried: string[] = [];
  const opens = new Set(['good', 'fine']);
  const door = async ({ apiKey = '' }: Credentials): Promise<Identity> => {
    tried.push(apiKey);
    await Promise.resolve();
    if (apiKey === 'silent') throw new Failure('UPSTREAM_UNAVAILABLE', 'the keys cannot be read');
    if (apiKey && !opens.has(apiKey)) throw new Failure('UNAUTHENTICATED', 'wrong');
    return { principal: ANONYMOUS, expiresAtMs: null };
  };
  const enter = createLoginThrottle({ door, buckets: createMemoryTokenBuckets({ clock, capacity: 100 }), limit: { ratePerSecond: 1, burst: ALLOWED }, metrics: createLimitMetrics(new Registry()) });
  const knock = async (apiKey: string | undefined, address = '203.0.113.7'): Promise<string> =>
    enter({ authorization: undefined, apiKey, address }).then(() => 'in', (error: Failure) => error.code);
  return { clock, tried, opens, knock };
}

describe('wrong credentials', () => {
  it('are no longer even looked at after so many from one address', async () => {
    const { clock, tried, knock } = throttle();
    const answers: string[] = [];
    for (let index = 0; index < 8; index += 1) answers.push(await knock(`guess ${index}`));
    expect(answers).toEqual([...Array(ALLOWED).fill('UNAUTHENTICATED'), ...Array(3).fill('RATE_LIMITED')]);
    expect(tried).toHaveLength(ALLOWED);
    clock.advance(1_000);
    expect([await knock('guess 9'), await knock('guess 10')]).toEqual(['UNAUTHENTICATED', 'RATE_LIMITED']);
  });

  it('that come together are as few', async () => {
    const { tried, knock } = throttle();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => knock(`guess ${index}`)));
    expect(answers.filter((answer) => answer === 'UNAUTHENTICATED')).toHaveLength(ALLOWED);
    expect(tried).toHaveLength(ALLOWED);
  });

  it('lock nobody out whose credentials opened the door before, nor other addresses, nor who sends none', async () => {
    const { knock } = throttle();
    expect(await knock('good')).toBe('in');
    for (let index = 0; index < 8; index += 1) await knock(`guess ${index}`);
    expect(await knock('good')).toBe('in');
    expect(await knock(undefined)).toBe('in');
    expect(await knock('fine')).toBe('RATE_LIMITED');
    expect(await knock('fine', '203.0.113.8')).toBe('in');
  });

  it('are also those that were right once', async () => {
    const { opens, tried, knock } = throttle();
    await knock('good');
    opens.delete('good');
    for (let index = 0; index < 20; index += 1) await knock('good');
    expect(tried.length).toBeLessThanOrEqual(ALLOWED + 2);
    expect(await knock('good')).toBe('RATE_LIMITED');
  });

  it('are not those that nobody can verify now, nor right ones, however many', async () => {
    const { knock } = throttle();
    for (let index = 0; index < 20; index += 1) expect(await knock('silent')).toBe('UPSTREAM_UNAVAILABLE');
    for (let index = 0; index < 20; index += 1) expect(await knock('good')).toBe('in');
    expect(await knock('guess')).toBe('UNAUTHENTICATED');
  });
});
