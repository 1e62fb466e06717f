import type { FlowName } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { Feed, FeedRunner } from '../../platform/feed.ts';
import { readFeedStatus, type FeedStatus } from '../../platform/feed-status.ts';
import { startFeeds, type FeedSchedule } from '../../platform/feed-schedule.ts';
import { startOutboxRelay, type OutboxRelay, type RelayedEvent } from '../../platform/outbox.ts';
import type { Database } from '../../platform/stores/sql.ts';
import type { HealthReport, SubgraphDependencies } from './module.ts';

export interface LifecycleOptions {
  readonly dependencies: SubgraphDependencies;
  /** PostgreSQL schema that holds the subgraph's `feed` and `outbox` tables. */
  readonly schema: string;
  readonly feeds: readonly Feed[];
  /** Which feed a vendor's hint about a flow wakes. */
  readonly flows: Readonly<Partial<Record<FlowName, string>>>;
  /** What is added to an event as it leaves the outbox. */
  readonly presentEvent?: (event: RelayedEvent) => unknown;
}

/** The moving parts every subgraph has: its feeds and its outbox. */
export interface Lifecycle {
  start(): Promise<void>;
  /**
   * Resolves when every feed has completed a pass, by any process, in this run or an earlier one.
   * @throws Error (rejects) when stopped before.
   */
  ready(): Promise<void>;
  wake(flow: FlowName): void;
  /** Reads every source whole now, not at the daily pass: somebody replaced what the vendor holds. */
  resync(options: { readonly confirmRemovals: boolean }): void;
  health(): Promise<HealthReport>;
  /** How each feed stands, with the rows it refused. */
  feeds(): Promise<readonly FeedStatus[]>;
  stop(): Promise<void>;
}

const PAGE_TIMEOUT_MS = 30_000;
const OUTBOX_POLL_MS = 1_000;
const READY_POLL_MS = 100;

export function createLifecycle({ dependencies, schema, feeds, flows, presentEvent = (event) => event }: LifecycleOptions): Lifecycle {
  const { database, eventLog, clock, config, log, onFeedProgress } = dependencies;
  const runner: FeedRunner = {
    database, schema, clock, log, isRefusal, pageTimeoutMs: PAGE_TIMEOUT_MS, confirmedRemovals: new Set(config.CONFIRM_REMOVALS),
    ...(onFeedProgress ? { onProgress: onFeedProgress } : {}),
  };
  let relay: OutboxRelay | null = null;
  let schedule: FeedSchedule | null = null;
  let stopped = false;

  return {
    start: async () => {
      relay = await startOutboxRelay({ database, schema, eventLog, log, pollMs: OUTBOX_POLL_MS, present: presentEvent });
      schedule = startFeeds(runner, feeds);
    },
    ready: async () => {
      while (!stopped) {
        if (await allHavePassed(database, schema, feeds)) return;
        await new Promise((done) => setTimeout(done, READY_POLL_MS));
      }
      throw new Error(`${schema} was stopped before every feed had completed a pass`);
    },
    wake: (flow) => {
      const feed = flows[flow];
      if (feed !== undefined) schedule?.wake(feed);
    },
    resync: (options) => schedule?.resync(options),
    health: () => reportHealth(dependencies, schema, feeds),
    feeds: () => readFeedStatus(database, schema),
    stop: async () => {
      stopped = true;
      await schedule?.stop();
      await relay?.stop();
    },
  };
}

const isRefusal = (error: unknown): boolean => error instanceof Failure && (error.code === 'INVALID_INPUT' || error.code === 'UPSTREAM_REJECTED');

interface FeedState {
  readonly name: string;
  readonly last_success_at: string | null;
  readonly last_error: string | null;
  readonly last_error_at: string | null;
}

const readStates = (database: Database, schema: string): Promise<readonly FeedState[]> =>
  database.query<FeedState>(`select name, last_success_at, last_error, last_error_at from ${schema}.feed`);

/** The table, not the schedule, knows: another process may be the one that runs a feed. */
async function allHavePassed(database: Database, schema: string, feeds: readonly Feed[]): Promise<boolean> {
  const states = await readStates(database, schema).catch(() => []);
  return feeds.every((feed) => states.some((state) => state.name === feed.name && state.last_success_at !== null));
}

async function reportHealth({ database, clock, config, troubles }: SubgraphDependencies, schema: string, feeds: readonly Feed[]): Promise<HealthReport> {
  try {
    const states = new Map((await readStates(database, schema)).map((state) => [state.name, state]));
    const reasons = feeds.flatMap((feed) => troubleOf(schema, feed, states.get(feed.name), clock.now(), config.STALE_AFTER_MS) ?? []);
    // A vendor that is away makes figures stale, and they say so; it must not take the page away. Not ready is only who
    // has nothing to serve.
    const ok = feeds.every((feed) => states.get(feed.name)?.last_success_at != null);
    return { ok, reasons: [...reasons, ...(troubles?.() ?? [])] };
  } catch (error) {
    return { ok: false, reasons: [`${schema} cannot read its store: ${(error as Error).message}`] };
  }
}

/** One sentence on what is wrong with a feed, or null. */
function troubleOf(schema: string, feed: Feed, state: FeedState | undefined, nowMs: number, staleAfterMs: number): string | null {
  const name = `feed ${schema}.${feed.name}`;
  const succeededAt = state?.last_success_at ?? null;
  const failedLast = state?.last_error != null && state.last_error_at !== null && (succeededAt === null || state.last_error_at > succeededAt);
  const since = succeededAt === null ? 'has not completed a pass yet' : `last succeeded at ${succeededAt}`;
  if (failedLast) return `${name} ${since}; its last attempt at ${state.last_error_at} failed: ${state.last_error}`;
  if (succeededAt === null) return `${name} ${since}`;
  // Three missed turns, or what counts as stale, whichever is longer: a slow interval alone is no trouble.
  const limitMs = Math.max(staleAfterMs, feed.intervalMs * 3);
  return nowMs - Date.parse(succeededAt) > limitMs ? `${name} ${since}, longer ago than ${Math.round(limitMs / 1000)} s` : null;
}
