import type { Clock } from '../../../platform/clock.ts';
import { readConfig } from '../../../platform/config.ts';
import { runFeedPass, type PassKind } from '../../../platform/feed.ts';
import { silentLog } from '../../../platform/log.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../../subgraphs/frame/module.ts';
import { createFeeds } from '../../../subgraphs/inventory/feeds.ts';
import { expireOverdue } from '../../../subgraphs/inventory/holds/transitions.ts';
import { createInventoryBook, type InventoryBook } from '../../../subgraphs/inventory/inventory-book.ts';
import { DEFAULT_POLICY, type InventoryPolicy } from '../../../subgraphs/inventory/promise/policy.ts';
import { runUpkeep } from '../../../subgraphs/inventory/supply/upkeep.ts';
import type { PortSource } from '../../../domain/ports.ts';

/** One virtual inventory process: the real code with a clock of its own. */
export interface InventoryNode {
  readonly name: string;
  readonly clock: Clock;
  readonly database: Database;
  readonly book: InventoryBook;
  feed(name: string, kind: PassKind): Promise<void>;
  upkeep(): Promise<void>;
  expire(): Promise<void>;
}

export interface NodeOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly database: Database;
  readonly ports: PortSource;
  /** The usual one unless told. */
  readonly policy?: InventoryPolicy;
}

/** All that inventory does not touch in this world is absent, and would be noticed. */
export function createInventoryNode({ name, clock, database, ports, policy = DEFAULT_POLICY }: NodeOptions): InventoryNode {
  const config = readConfig({});
  const dependencies = { config, database, clock, ports, log: silentLog } as unknown as SubgraphDependencies;
  const feeds = createFeeds(dependencies);
  const runner = { database, schema: 'inventory', clock, log: silentLog, pageTimeoutMs: 30_000 };
  return {
    name, clock, database,
    book: createInventoryBook(dependencies, policy),
    feed: async (feedName, kind) => {
      const feed = feeds.find((candidate) => candidate.name === feedName)!;
      await runFeedPass(runner, feed, new AbortController().signal, kind);
    },
    upkeep: () => runUpkeep({ database, clock }),
    expire: async () => {
      while ((await expireOverdue({ database, clock })) > 0);
    },
  };
}
