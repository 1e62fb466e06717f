import { readConfig } from '../../platform/config.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { runFeedPass, type Feed, type FeedPassReport, type FeedProgress, type FeedRunner } from '../../platform/feed.ts';
import { silentLog as log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../platform/stores/memory-event-log.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import { createRedisEventLog } from '../../platform/stores/redis-event-log.ts';
import type { Database } from '../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../subgraphs/frame/module.ts';
import { createFeeds } from '../../subgraphs/inventory/feeds.ts';
import { MIGRATIONS, SCHEMA } from '../../subgraphs/inventory/schema.sql.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import type { GeneratedErp } from './generated-erp.ts';

const PAGE_TIMEOUT_MS = 120_000;
const EVENTS_KEPT = 100_000;

/** Inventory's own feeds on an empty schema, run pass by pass instead of by their schedule. */
export interface StockHouse {
  readonly feedNames: readonly string[];
  runPass(feed: string, onProgress?: (progress: FeedProgress) => void): Promise<FeedPassReport>;
}

export async function openStockHouse(database: Database, erp: GeneratedErp, eventLog: EventLog): Promise<StockHouse> {
  await migrate(database, SCHEMA, MIGRATIONS);
  const dependencies = { config: readConfig({}), database, eventLog, ports: erp.ports, clock, log } as SubgraphDependencies;
  const feeds = new Map<string, Feed>(createFeeds(dependencies).map((feed) => [feed.name, feed]));
  return {
    feedNames: [...feeds.keys()],
    runPass: async (name, onProgress) => {
      const runner: FeedRunner = { database, schema: SCHEMA, clock, log, pageTimeoutMs: PAGE_TIMEOUT_MS, ...(onProgress && { onProgress }) };
      return (await runFeedPass(runner, feeds.get(name)!, new AbortController().signal, 'FULL'))!;
    },
  };
}

/** Redis where it can be started, as services have it; else the log of the embedded house. */
export async function openBenchEventLog(): Promise<{ readonly eventLog: EventLog; readonly kind: string; close(): Promise<void> }> {
  if (!hasRedisServer()) {
    const eventLog = createMemoryEventLog({ clock, capacity: EVENTS_KEPT });
    return { eventLog, kind: 'the event log in memory', close: () => eventLog.close() };
  }
  const server = await startRedisServer();
  const eventLog = await createRedisEventLog({ url: server.url, log, capacity: EVENTS_KEPT });
  return {
    eventLog, kind: 'Redis streams',
    close: async () => {
      await eventLog.close();
      await server.kill();
    },
  };
}
