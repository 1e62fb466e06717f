import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { paceOf, reserveOf, type BudgetLedger, type BudgetLimits, type Pace, type Take } from '../call/budget.ts';
import { createShare, type Share } from '../call/budget-share.ts';
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

type What = 'GRANTED' | 'RATE' | 'PLACE' | 'TURN' | 'ALONE' | 'HEARD';
type Answer = readonly [what: What, waitMs: string, processes: number, epoch: string];

/** Redis answers within milliseconds or is taken for gone. */
const ANSWER_MS = 500;
const BEAT_MS = 1_000;
/** How long everybody counts alone once one has: longer than a process takes to notice that Redis is back. */
const SETTLE_MS = 5_000;
/** Calls under way when the common count is lost are given this time to end before anybody counts alone. */
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
export class RedisLedger implements BudgetLedger {
  readonly #options: RedisLedgerOptions;
  readonly #process = randomUUID();
  readonly #keys: readonly [state: string, leases: string, procs: string, waiters: string];
  readonly #pace: Pace;
  readonly #share: Share;
  readonly #lapseMs: number;
  readonly #held = new Set<string>();
  readonly #waits = new Set<Lane>();
  /** SETTLING: Redis is there, but somebody was alone lately. GONE: Redis is not. */
  #mode: 'SHARED' | 'SETTLING' | 'GONE' = 'SHARED';
  #epoch = '';
  #processes = 0;
  #rememberedUntilMs = 0;
  #firstHeardMs: number | null = null;
  #beat: NodeJS.Timeout | null = null;

  constructor(options: RedisLedgerOptions) {
    const { key, limits, clock } = options;
    const part = (name: string): string => `budget:{${key}}:${name}`;
    this.#options = options;
    this.#keys = [part('state'), part('leases'), part('procs'), part('waiters')];
    this.#pace = limits.requestsPerMinute === null ? { burst: 1, intervalMs: 0 } : paceOf(limits.requestsPerMinute);
    this.#share = createShare(limits, clock);
    this.#lapseMs = limits.callTimeoutMs + LEASE_MARGIN_MS;
  }

  async tryTake(lane: Lane): Promise<Take> {
    this.#beat ??= setInterval(() => void this.#listen(), BEAT_MS).unref();
    const lease = `${this.#process}:${randomUUID()}`;
    if (this.#mode === 'GONE') return this.#takeAlone(lease);
    const answer = await this.#ask(lane, lease).catch((error: Error) => this.#lose(error));
    if (!answer) return this.#takeAlone(lease);
    this.#hear(answer);
    const [what, wait] = answer;
    if (what === 'ALONE') return this.#takeAlone(lease);
    if (what === 'GRANTED') {
      this.#waits.delete(lane);
      this.#held.add(lease);
      return { granted: true, lease };
    }
    this.#waits.add(lane);
    const waitMs = what === 'PLACE' ? null : what === 'TURN' ? Math.max(TURN_MS, Number(wait)) : Number(wait);
    return { granted: false, waitMs, spacingMs: this.#pace.intervalMs };
  }

  giveBack(lease: string): void {
    this.#held.delete(lease);
    const [, leases] = this.#keys;
    if (this.#mode !== 'GONE') void this.#options.redis.zrem(leases, lease).catch(() => undefined);
  }

  leave(lane: Lane): void {
    const [, , , waiters] = this.#keys;
    if (this.#waits.delete(lane) && this.#mode === 'SHARED') void this.#options.redis.hdel(waiters, `${LANES.indexOf(lane)}:${this.#process}`).catch(() => undefined);
  }

  /** A sentence while this process counts alone, else null. */
  trouble(): string | null {
    if (this.#mode !== 'GONE') return null;
    return `the call budget of ${this.#options.source} is not counted together, for Redis is away: this process goes by one part of ${this.#processes}`;
  }

  async close(): Promise<void> {
    if (this.#beat) clearInterval(this.#beat);
    const [, , procs] = this.#keys;
    if (this.#options.redis.status === 'ready') await this.#options.redis.zrem(procs, this.#process).catch(() => 0);
  }

  async #ask(lane: Lane | null, lease: string): Promise<Answer> {
    const { redis, limits } = this.#options;
    const reserve = reserveOf(lane ?? 'CHECKOUT', limits);
    const told = [
      this.#process, this.#epoch, randomUUID(), this.#mode === 'GONE' ? '1' : '', lane === null ? '' : LANES.indexOf(lane), lease, this.#lapseMs,
      limits.maxConcurrency - reserve.places, this.#pace.intervalMs, this.#pace.burst, reserve.requests, SETTLE_MS, this.#processes,
    ];
    if (redis.status !== 'ready') throw new Error('no connection');
    return within(ANSWER_MS, redis.eval(TAKE, this.#keys.length, ...this.#keys, ...told) as Promise<Answer>);
  }

  #hear([what, , processes, epoch]: Answer): void {
    const { clock, log, source } = this.#options;
    const missed = this.#mode === 'GONE' || (this.#epoch !== '' && this.#epoch !== epoch);
    this.#firstHeardMs ??= clock.now();
    if (processes >= this.#processes || (!missed && clock.now() > this.#rememberedUntilMs)) this.#processes = processes;
    if (missed || processes === this.#processes) this.#rememberedUntilMs = clock.now() + REMEMBERED_MS;
    if (what === 'ALONE' && this.#mode === 'SHARED') this.#share.begin(PAUSE_MS);
    if (missed && this.#held.size > 0) this.#record([...this.#held]);
    if (this.#mode === 'GONE') log.info({ source }, 'Redis is back: the call budget is counted together again');
    this.#mode = what === 'ALONE' ? 'SETTLING' : 'SHARED';
    this.#epoch = epoch;
  }

  #lose(error: Error): null {
    const { log, source } = this.#options;
    if (this.#mode === 'SHARED') this.#share.begin(PAUSE_MS);
    if (this.#mode !== 'GONE') log.warn({ source, error: error.message, processes: this.#processes }, 'the call budget cannot be counted together: this process goes by its own part');
    this.#mode = 'GONE';
    return null;
  }

  #takeAlone(lease: string): Take {
    const known = this.#firstHeardMs !== null && this.#options.clock.now() - this.#firstHeardMs >= KNOWN_AFTER_MS;
    const take = this.#share.tryTake(this.#held.size, known ? this.#processes : 0);
    if (!take.granted) return take;
    this.#held.add(lease);
    if (this.#mode === 'SETTLING') this.#record([lease]);
    return { granted: true, lease };
  }

  #record(taken: readonly string[]): void {
    const [, leases] = this.#keys;
    void this.#options.redis.eval(RECORD, 1, leases, this.#lapseMs, ...taken).catch(() => undefined);
  }

  async #listen(): Promise<void> {
    await this.#ask(null, '').then((answer) => this.#hear(answer), (error: Error) => this.#lose(error));
  }
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
