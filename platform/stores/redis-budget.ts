import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { paceOf, reserveOf, type BudgetLedger, type BudgetLimits, type Take } from '../call/budget.ts';
import { createShare } from '../call/budget-share.ts';
import { LANES, type Lane } from '../call/lane.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { RECORD, TAKE } from './redis-budget-script.ts';

export interface RedisLedgerOptions {
  readonly redis: Redis;
  /** Names the budget in Redis. */
  readonly key: string;
  readonly source: string;
  readonly limits: BudgetLimits;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RedisLedger extends BudgetLedger {
  /** A sentence while this process counts alone, else null. */
  trouble(): string | null;
  close(): Promise<void>;
}

type What = 'GRANTED' | 'RATE' | 'PLACE' | 'TURN' | 'ALONE' | 'HEARD';
type Answer = readonly [what: What, waitMs: string, processes: number, epoch: string];

/** Redis answers within milliseconds or is taken for gone. */
const ANSWER_MS = 500;
const BEAT_MS = 1_000;
/** How long everybody counts alone once one has: longer than a process takes to notice that Redis is back. */
const SETTLE_MS = 5_000;
/** Calls under way when Redis goes are given this time to end before anybody counts alone. */
const PAUSE_MS = 2_000;
/** Only then have all others heard of a process. */
const KNOWN_AFTER_MS = 3 * BEAT_MS;
/** A process that was here lately may be counting alone somewhere. */
const REMEMBERED_MS = 60_000;
/** A place lapses only after its call has certainly been given up. */
const LEASE_MARGIN_MS = 1_000;
const TURN_MS = 10;

/**
 * The count of a system all processes of a deployment call, kept in Redis. While Redis is away each process goes by its
 * own part, see `createShare`.
 */
export function createRedisLedger({ redis, key, source, limits, clock, log }: RedisLedgerOptions): RedisLedger {
  const process = randomUUID();
  const [state, leases, procs, waiters] = ['state', 'leases', 'procs', 'waiters'].map((part) => `budget:{${key}}:${part}`) as [string, string, string, string];
  const pace = limits.requestsPerMinute === null ? { burst: 1, intervalMs: 0 } : paceOf(limits.requestsPerMinute);
  const share = createShare(limits, clock);
  const held = new Set<string>();
  const waits = new Set<Lane>();
  const lapseMs = limits.callTimeoutMs + LEASE_MARGIN_MS;
  let epoch = '';
  let mode: 'SHARED' | 'SETTLING' | 'GONE' = 'SHARED';
  let firstHeardMs: number | null = null;
  let processes = 0;
  let rememberedUntilMs = 0;
  let beat: NodeJS.Timeout | null = null;

  const ask = async (lane: Lane | null, lease: string): Promise<Answer> => {
    const reserve = reserveOf(lane ?? 'CHECKOUT', limits);
    const told = [process, epoch, randomUUID(), mode === 'GONE' ? '1' : '', lane === null ? '' : LANES.indexOf(lane), lease, lapseMs,
      limits.maxConcurrency - reserve.places, pace.intervalMs, pace.burst, reserve.requests, SETTLE_MS, processes];
    if (redis.status !== 'ready') throw new Error('no connection');
    return within(ANSWER_MS, redis.eval(TAKE, 4, state, leases, procs, waiters, ...told) as Promise<Answer>);
  };
  const hear = ([what, , now, current]: Answer): void => {
    firstHeardMs ??= clock.now();
    const missed = mode === 'GONE' || (epoch !== '' && epoch !== current);
    if (now >= processes || (!missed && clock.now() > rememberedUntilMs)) processes = now;
    if (missed || now >= processes) rememberedUntilMs = clock.now() + REMEMBERED_MS;
    if (what === 'ALONE' && mode === 'SHARED') share.begin(PAUSE_MS);
    if (missed && held.size > 0) record([...held]);
    if (mode === 'GONE') log.info({ source }, 'the call budget is counted together again');
    mode = what === 'ALONE' ? 'SETTLING' : 'SHARED';
    epoch = current;
  };
  const lose = (error: Error): void => {
    if (mode === 'GONE') return;
    if (mode === 'SHARED') share.begin(PAUSE_MS);
    mode = 'GONE';
    log.warn({ source, error: error.message, processes }, 'the call budget cannot be counted together: this process goes by its own part');
  };
  const record = (taken: readonly string[]): void => void redis.eval(RECORD, 1, leases, lapseMs, ...taken).catch(() => undefined);
  const listen = (): void => {
    beat ??= setInterval(() => void ask(null, '').then(hear, lose), BEAT_MS).unref();
  };
  const known = (): number => (firstHeardMs !== null && clock.now() - firstHeardMs >= KNOWN_AFTER_MS ? processes : 0);
  const takeAlone = (lease: string): Take => {
    const take = share.tryTake(held.size, known());
    if (!take.granted) return take;
    held.add(lease);
    if (mode === 'SETTLING') record([lease]);
    return { granted: true, lease };
  };

  return {
    tryTake: async (lane) => {
      listen();
      const lease = `${process}:${randomUUID()}`;
      if (mode === 'GONE') return takeAlone(lease);
      const answer = await ask(lane, lease).catch(lose);
      if (!answer) return takeAlone(lease);
      hear(answer);
      const [what, waitMs] = answer;
      if (what === 'ALONE') return takeAlone(lease);
      if (what !== 'GRANTED') {
        waits.add(lane);
        return { granted: false, waitMs: what === 'RATE' ? Number(waitMs) : what === 'TURN' ? Math.max(TURN_MS, Number(waitMs)) : null, spacingMs: pace.intervalMs };
      }
      waits.delete(lane);
      held.add(lease);
      return { granted: true, lease };
    },
    giveBack: (lease) => {
      held.delete(lease);
      if (mode !== 'GONE') void redis.zrem(leases, lease).catch(() => undefined);
    },
    leave: (lane) => {
      if (waits.delete(lane) && mode === 'SHARED') void redis.hdel(waiters, `${LANES.indexOf(lane)}:${process}`).catch(() => undefined);
    },
    trouble: () => (mode === 'GONE' ? `the call budget of ${source} is not counted together: Redis is away, and this process goes by one ${processes}th of it` : null),
    close: async () => {
      if (beat) clearInterval(beat);
      if (redis.status === 'ready') await redis.zrem(procs, process).catch(() => 0);
    },
  };
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
