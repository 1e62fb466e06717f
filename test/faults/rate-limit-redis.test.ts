import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { largestLease } from '../../platform/stores/leased-token-buckets.ts';
import { createRedisTokenBuckets } from '../../platform/stores/redis-token-buckets.ts';
import type { BucketLimit, TokenBuckets } from '../../platform/stores/token-bucket.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.ts';
import { collectingLog } from '../support/small-gateway.ts';

const PROCESSES = 3;
const ALONE = 'rate limits cannot be counted together: this process goes by its own part';
const BACK = 'Redis is back: rate limits are counted together again';

describe.runIf(hasRedisServer())('rate limits of three processes on one Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  let processes: TokenBuckets[];
  let logs: ReturnType<typeof collectingLog>[];

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.kill());
  beforeEach(async () => {
    admin = new Redis(server.url);
    admin.on('error', () => undefined);
    await admin.flushall();
    logs = Array.from({ length: PROCESSES }, collectingLog);
    processes = [];
    for (const { log } of logs) processes.push(await createRedisTokenBuckets({ url: server.url, clock: systemClock, log, capacity: 1_000 }));
    // Each hears of the others with its next beat.
    await until(async () => (await admin.zcard('tokens:{processes}')) === PROCESSES);
    await pause(1_200);
  });
  afterEach(async () => {
    await Promise.all(processes.map((process) => process.close()));
    admin.disconnect();
  });

  const said = (text: string): number => logs.flatMap(({ lines }) => lines).filter(({ message }) => message === text).length;

  /** All processes take until each has been refused; answers what they were granted together. */
  async function takeAll(key: string, limit: BucketLimit, tokens: number): Promise<number> {
    let granted = 0;
    await Promise.all(processes.map(async (process) => {
      while ((await process.take(key, limit, tokens)).granted) granted += tokens;
    }));
    return granted;
  }

  it('admit one caller burst + rate * time together, however they interleave', async () => {
    const limit: BucketLimit = { ratePerSecond: 200, burst: 3_000 };
    const startedMs = systemClock.monotonic();
    let granted = 0;
    while (systemClock.monotonic() - startedMs < 2_000) {
      granted += await takeAll('caller', limit, 7);
      const elapsedMs = systemClock.monotonic() - startedMs;
      expect(granted).toBeLessThanOrEqual(limit.burst + (elapsedMs * limit.ratePerSecond) / 1_000 + 1);
      await pause(20);
    }
    // All of it was had, up to what is out in leases and the crumbs below one operation.
    expect(granted).toBeGreaterThan(limit.burst - PROCESSES * (largestLease(limit, PROCESSES) + 7));
  });

  it('ask Redis seldom for a caller who comes often', async () => {
    const limit: BucketLimit = { ratePerSecond: 10_000, burst: 100_000 };
    const before = await evaluations();
    for (let index = 0; index < 5_000; index += 1) expect((await processes[index % PROCESSES]!.take('hot', limit, 3)).granted).toBe(true);
    expect((await evaluations()) - before).toBeLessThan(200);
  });

  it('give up no token: what a process leased and did not spend is there for the others', async () => {
    const limit: BucketLimit = { ratePerSecond: 0.001, burst: 500 };
    let granted = 0;
    for (; granted < 60; granted += 1) expect((await processes[0]!.take('moving', limit, 1)).granted).toBe(true);
    // The lease lapses, and its rest is put back.
    await until(async () => Number(await admin.hget('tokens:moving', 'tokens')) >= 440);
    while ((await processes[1]!.take('moving', limit, 1)).granted) granted += 1;
    expect(granted).toBe(500);
  });

  it('keep callers to a part while Redis is dead, say so once, and count together when it is back', async () => {
    const limit: BucketLimit = { ratePerSecond: 0.001, burst: 300 };
    let granted = await takeAll('before', limit, 1);
    expect(granted).toBe(300);
    await server.kill();
    // Neither are they refused who spent nothing, nor does anybody get more than one burst more.
    const during = await takeAll('during', limit, 1);
    expect(during).toBe(300);
    granted += await takeAll('before', limit, 1);
    expect(granted).toBeLessThanOrEqual(600);
    expect(processes.every((process) => process.isAlone())).toBe(true);
    expect(said(ALONE)).toBe(PROCESSES);
    await server.start();
    await until(async () => processes.every((process) => !process.isAlone()));
    expect(said(BACK)).toBe(PROCESSES);
    expect(said(ALONE)).toBe(PROCESSES);
    await until(async () => (await admin.zcard('tokens:{processes}').catch(() => 0)) === PROCESSES);
    await pause(1_200);
    expect(await takeAll('after', limit, 1)).toBeLessThanOrEqual(300);
  });

  it('answer while Redis is silent, and while it is full', async () => {
    const limit: BucketLimit = { ratePerSecond: 0.001, burst: 30 };
    await admin.client('PAUSE', 3_000, 'ALL');
    const silent = await takeAll('silent', limit, 1);
    expect(silent).toBeGreaterThan(0);
    expect(silent).toBeLessThanOrEqual(30);
    await until(async () => processes.every((process) => !process.isAlone()));
    await admin.config('SET', 'maxmemory', '1');
    try {
      const full = await takeAll('full', limit, 1);
      expect(full).toBeGreaterThan(0);
      expect(full).toBeLessThanOrEqual(30);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
    await until(async () => processes.every((process) => !process.isAlone()));
  });

  async function evaluations(): Promise<number> {
    return Number(/cmdstat_eval:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
  }
});

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await condition()) return;
    await pause(50);
  }
  throw new Error('it never came to be');
}
