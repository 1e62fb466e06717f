import pg from 'pg';
import type { Clients } from '../../../../domain/clients.ts';
import type { SilencePolicy } from '../../../../domain/inventory.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { runFeedPass, type PassKind } from '../../../../platform/feed.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import { silentLog, type Log } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { createOrderFeeds } from '../../../../subgraphs/orders/following/feeds.ts';
import { createPlaceOrder, type PlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { OrdersSettings } from '../../../../subgraphs/orders/settings.ts';
import type { SubmitJob } from '../../../../subgraphs/orders/submission/store-submission.ts';
import { startReleaseWorker } from '../../../../subgraphs/orders/resolution/release-stock.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { SubmissionTools } from '../../../../subgraphs/orders/submission/tools.ts';
import { startSubmissionWorker } from '../../../../subgraphs/orders/submission/worker.ts';
import { createInventoryNode, type InventoryNode } from '../../world/inventory-node.ts';
import type { Life } from '../../world/life.ts';

/** One run of a virtual process: the real inventory and the real orders side, with a clock of their own. */
export interface OrdersProcess {
  readonly name: string;
  readonly life: Life;
  readonly clock: Clock;
  readonly database: Database;
  readonly inventory: InventoryNode;
  readonly placeOrder: PlaceOrder;
  readonly tools: SubmissionTools;
  submit(job: SubmitJob): Promise<void>;
  followErp(kind: PassKind): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly life: Life;
  readonly clock: Clock;
  readonly database: Database;
  readonly ports: PortSource;
  readonly jobs: Jobs;
  readonly settings: OrdersSettings;
  readonly whenSilent: SilencePolicy;
  readonly note: (line: () => string) => void;
  readonly clientsOf: (inventory: InventoryNode) => Clients;
}

export function startProcess({ name, life, clock, database, ports, jobs, settings, whenSilent, note, clientsOf }: ProcessOptions): OrdersProcess {
  const inventory = createInventoryNode({ name, clock, database, ports, policy: { ...DEFAULT_POLICY, channel: { ...DEFAULT_POLICY.channel, whenSilent } } });
  const eventLog = createMemoryEventLog({ clock, capacity: 1 });
  const dependencies: SubgraphDependencies = { config: readConfig({}), database, clock, ports, jobs, eventLog, clients: clientsOf(inventory), log: createTraceLog(name, note) };
  const tools: SubmissionTools = { ...dependencies, settings, signal: new AbortController().signal };
  const [orders] = createOrderFeeds(dependencies);
  const runner = { database, schema: 'orders', clock, log: silentLog, pageTimeoutMs: 30_000 };
  void startSubmissionWorker(tools);
  void startReleaseWorker(dependencies);
  return {
    name, life, clock, database, inventory, tools,
    placeOrder: createPlaceOrder(dependencies, settings),
    submit: (job) => submitOrder(tools, job),
    followErp: async (kind) => void (await runFeedPass(runner, orders!, new AbortController().signal, kind)),
  };
}

/** Work of a process that may die over it: nobody waits for it longer than it lives. Null: it died. */
export const untilDead = <T>(process: OrdersProcess, work: (process: OrdersProcess) => Promise<T>): Promise<T | null> =>
  Promise.race([work(process), new Promise<null>((done) => process.life.onEnd(() => done(null)))]);

/** What a process writes into its log, as lines of the trace. */
function createTraceLog(name: string, note: ProcessOptions['note']): Log {
  const say = (detail: unknown, message?: string): void => note(() => `${name} says: ${message ?? ''} ${JSON.stringify(detail)}`);
  return { ...silentLog, info: say, warn: say, error: say } as Log;
}

/** Two were at once, and one of them finds the other's row: what a unique index is there to say. */
const UNIQUE_VIOLATION = '23505';

/** Tells of what else PostgreSQL refuses, a deadlock above all: whoever catches it, it is a fault of ours. */
export function watched(database: Database, tell: (error: pg.DatabaseError) => void): Database {
  const watch = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code !== UNIQUE_VIOLATION) tell(error);
      throw error;
    }
  };
  return {
    ...database,
    query: <Row>(text: string, values?: readonly unknown[]) => watch(() => database.query<Row>(text, values)),
    run: (text, values) => watch(() => database.run(text, values)),
    transaction: (work, options) => watch(() => database.transaction(work, options)),
  };
}
