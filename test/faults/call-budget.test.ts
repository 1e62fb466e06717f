import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { paceOf } from '../../platform/call/budget.ts';
import type { WorkerLine, WorkerTask } from '../support/call-budget-worker.ts';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.ts';
import { eventually } from '../support/storefront-operations.ts';

const WORKER = fileURLToPath(new URL('../support/call-budget-worker.ts', import.meta.url));
const wait = (ms: number): Promise<unknown> => new Promise((done) => setTimeout(done, ms));

/** A system that counts who calls it: arrivals, and how many at a time. */
interface Erp {
  readonly url: string;
  readonly arrivals: { readonly atMs: number; readonly lane: string }[];
  mostAtATime: number;
  latencyMs: number;
  readonly server: Server;
}

async function startErp(): Promise<Erp> {
  let running = 0;
  const server = createServer((request, response) => {
    erp.arrivals.push({ atMs: performance.now(), lane: request.url!.slice(1) });
    running += 1;
    erp.mostAtATime = Math.max(erp.mostAtATime, running);
    response.once('close', () => (running -= 1));
    setTimeout(() => response.end('ok'), erp.latencyMs);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const erp: Erp = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals: [], mostAtATime: 0, latencyMs: 40, server };
  return erp;
}

interface Worker {
  readonly counts: Record<WorkerLine['outcome'], number>;
  kill(): Promise<void>;
}

function startWorker(task: WorkerTask): Worker {
  const child: ChildProcess = spawn(process.execPath, [WORKER, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts = { answered: 0, refused: 0, failed: 0, troubled: 0 };
  createInterface({ input: child.stdout! }).on('line', (line) => (counts[(JSON.parse(line) as WorkerLine).outcome] += 1));
  return {
    counts,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

describe.skipIf(!hasRedisServer())('the call budget over processes', () => {
  let redis: RedisServer;
  let erp: Erp;
  let workers: Worker[] = [];
  beforeAll(async () => void (redis = await startRedisServer()));
  afterAll(() => redis.kill());
  beforeEach(async () => void (erp = await startErp()));
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    workers = [];
    erp.server.closeAllConnections();
    await new Promise((done) => erp.server.close(done));
  });
  const start = (over: Partial<WorkerTask>): Worker => {
    const task: WorkerTask = { redisUrl: redis.url, serverUrl: erp.url, lane: 'CHECKOUT', callers: 8, maxConcurrency: 6, requestsPerMinute: null, callTimeoutMs: 2_000, deadlineMs: 5_000, ...over };
    const worker = startWorker(task);
    workers.push(worker);
    return worker;
  };
  const answeredBy = (some: readonly Worker[]): number => some.reduce((total, { counts }) => total + counts.answered, 0);
  const enough = (some: readonly Worker[], more: number): Promise<void> => {
    const before = answeredBy(some);
    return eventually(async () => expect(answeredBy(some)).toBeGreaterThan(before + more), 60_000);
  };

  it('never has more calls at a time than the system takes, and uses all it takes', async () => {
    const all = (['CHECKOUT', 'HOT', 'FEED', 'CHECKOUT'] as const).map((lane) => start({ lane }));
    await enough(all, 300);
    expect(erp.mostAtATime).toBe(6);
    expect(all[0]!.counts.answered).toBeGreaterThan(0);
    expect(all[3]!.counts.answered).toBeGreaterThan(0);
  });

  it('never lets more through in a time than the bucket of one, with several asking', async () => {
    const requestsPerMinute = 600;
    const { burst, intervalMs } = paceOf(requestsPerMinute);
    erp.latencyMs = 1;
    const all = [1, 2, 3].map(() => start({ requestsPerMinute, maxConcurrency: 50 }));
    await enough(all, burst + 30);
    const times = erp.arrivals.map(({ atMs }) => atMs);
    const lasted = times.at(-1)! - times[0]!;
    // A request may be under way a little longer than another.
    expect(times.length).toBeLessThanOrEqual(burst + Math.ceil((lasted + 1_000) / intervalMs));
    expect(all.every(({ counts }) => counts.answered > 0)).toBe(true);
  });

  it('serves a checkout of one process before the feeds of others', async () => {
    erp.latencyMs = 1_500;
    const feeds = [1, 2].map(() => start({ lane: 'FEED', maxConcurrency: 4, deadlineMs: 20_000 }));
    await eventually(async () => expect(erp.arrivals.length).toBeGreaterThanOrEqual(3));
    const checkout = start({ maxConcurrency: 4, callers: 1, deadlineMs: 20_000 });
    await enough([checkout], 3);
    const order = erp.arrivals.map(({ lane }) => lane);
    const [first, last] = [order.indexOf('CHECKOUT'), order.lastIndexOf('CHECKOUT')];
    // Three places are the feeds', one is kept: between two checkouts one after the other no more than a round of feeds passes.
    const fed = order.slice(first, last).filter((lane) => lane === 'FEED').length;
    expect(fed).toBeLessThanOrEqual(3 * (order.filter((lane) => lane === 'CHECKOUT').length + 1));
    expect(feeds.every(({ counts }) => counts.refused === 0)).toBe(true);
    expect(checkout.counts.refused).toBe(0);
  });

  it('a process killed with -9 gives its places back when its calls would have been given up', async () => {
    erp.latencyMs = 60_000;
    const dies = start({ maxConcurrency: 2, callTimeoutMs: 3_000 });
    await eventually(async () => expect(erp.arrivals).toHaveLength(2));
    erp.latencyMs = 10;
    const lives = start({ maxConcurrency: 2, callTimeoutMs: 3_000, deadlineMs: 20_000 });
    await dies.kill();
    await enough([lives], 20);
    expect(erp.mostAtATime).toBe(2);
    expect(lives.counts.refused).toBe(0);
  });

  it('holds when Redis forgets everything while calls are under way', async () => {
    const all = [1, 2, 3].map(() => start({}));
    await enough(all, 100);
    await wait(3_500);
    expect(spawnSync('redis-cli', ['-u', redis.url, 'flushall']).status).toBe(0);
    await Promise.all(all.map((worker) => enough([worker], 30)));
    expect(erp.mostAtATime).toBe(6);
    expect(all.every(({ counts }) => counts.troubled === 0 && counts.failed === 0)).toBe(true);
  });

  it('holds while Redis is killed and when it comes back empty; each goes by its part, and says so', async () => {
    const all = [1, 2, 3].map(() => start({ requestsPerMinute: 6_000 }));
    await enough(all, 100);
    await wait(3_500);
    await redis.kill();
    await eventually(async () => expect(all.every(({ counts }) => counts.troubled > 0)).toBe(true), 20_000);
    await Promise.all(all.map((worker) => enough([worker], 20)));
    expect(erp.mostAtATime).toBeLessThanOrEqual(6);
    await redis.start();
    await enough(all, 200);
    await wait(6_000);
    const troubled = all.map(({ counts }) => counts.troubled);
    await enough(all, 200);
    expect(all.map(({ counts }) => counts.troubled)).toEqual(troubled);
    expect(erp.mostAtATime).toBe(6);
  });
});
