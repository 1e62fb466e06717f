import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { CallBudgets } from '../call/budget.ts';
import { createMemoryBudgets } from '../call/budgets.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { EventLog } from './event-log.ts';
import type { Kv } from './kv.ts';
import { createMemoryEventLog } from './memory-event-log.ts';
import { createMemoryKv } from './memory-kv.ts';
import { createMemoryTokenBuckets } from './memory-token-buckets.ts';
import { openPostgres } from './postgres.ts';
import type { SharedCacheStore } from './cache-store.ts';
import { createRedisBudgets } from './redis-budgets.ts';
import { createRedisCacheStore } from './redis-cache-store.ts';
import { createRedisEventLog } from './redis-event-log.ts';
import { createRedisKv } from './redis-kv.ts';
import { createRedisTokenBuckets } from './redis-token-buckets.ts';
import type { Database } from './sql.ts';
import type { TokenBuckets } from './token-bucket.ts';

export interface OpenOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly applicationName: string;
  readonly maxConnections: number;
}

const EVENTS_KEPT = 100_000;
const VALUES_KEPT = 10_000;
/** Callers whose rates one process remembers. */
const BUCKETS_KEPT = 20_000;

/** The given PostgreSQL, or a real one of our own in DATA_DIR. `stop` comes last of all. */
export async function openDatabase({ config, log, applicationName, maxConnections }: OpenOptions): Promise<{ database: Database; stop(): Promise<void> }> {
  const embedded = config.DATABASE_URL ? null : await startEmbeddedPostgres({ directory: join(config.DATA_DIR, 'postgres'), log });
  const url = config.DATABASE_URL ?? embedded!.url;
  try {
    const database = await openPostgres({ url, maxConnections, applicationName, log });
    return {
      database,
      stop: async () => {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Events, values and call budgets through Redis where it is configured, else within this process. */
export async function openShared({ config, clock, log }: OpenOptions): Promise<{ eventLog: EventLog; kv: Kv; budgets: CallBudgets }> {
  const url = config.REDIS_URL;
  if (!url) {
    return { eventLog: createMemoryEventLog({ clock, capacity: EVENTS_KEPT, log }), kv: createMemoryKv({ clock, capacity: VALUES_KEPT }), budgets: createMemoryBudgets({ clock }) };
  }
  return {
    eventLog: await createRedisEventLog({ url, log, capacity: EVENTS_KEPT }),
    kv: await createRedisKv({ url, log }),
    budgets: await createRedisBudgets({ url, clock, log }),
  };
}

/** The buckets callers' rates are counted in: through Redis where it is configured, else within this process. */
export async function openTokenBuckets({ config: { REDIS_URL: url }, clock, log }: Pick<OpenOptions, 'config' | 'clock' | 'log'>): Promise<TokenBuckets> {
  return url ? createRedisTokenBuckets({ url, clock, log, capacity: BUCKETS_KEPT }) : createMemoryTokenBuckets({ clock, capacity: BUCKETS_KEPT });
}

/** What gateways keep for each other in Redis; null: without Redis each keeps for itself. */
export async function openCacheStore({ config, clock, log }: Pick<OpenOptions, 'config' | 'clock' | 'log'>): Promise<SharedCacheStore | null> {
  const { REDIS_URL: url } = config;
  return url ? createRedisCacheStore({ url, namespace: namespaceOf(config), clock, log }) : null;
}

/** Equal for processes that answer from the same store of record and the same subgraphs: what one keeps is true for the other. */
const namespaceOf = ({ DATABASE_URL, DATA_DIR, SUBGRAPH_SECRET, SUBGRAPH_URLS }: Config): string =>
  createHash('sha256').update(JSON.stringify([DATABASE_URL ?? resolve(DATA_DIR), SUBGRAPH_SECRET, SUBGRAPH_URLS])).digest('base64url').slice(0, 12);
