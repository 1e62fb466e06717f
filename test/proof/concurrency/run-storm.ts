import pg from 'pg';
import type { Hold } from '../../../domain/inventory.ts';
import { instant } from '../../../domain/time.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startRedisServer, type RedisServer } from '../../support/redis-server.ts';
import { checkBooks } from '../world/invariants.ts';
import { createJournal, type Journal } from '../world/journal.ts';
import { createOrderDesk } from '../world/order-desk.ts';
import { checkQuiescence } from '../world/quiescence.ts';
import { createRandom } from '../world/random.ts';
import type { InventoryNode } from '../world/inventory-node.ts';
import { drainOutbox } from './drain-outbox.ts';
import { openProcess } from './open-process.ts';
import { portsOf, prepareStock, REAL_NETWORK } from './prepare-stock.ts';
import { startStormProcesses } from './storm-processes.ts';
import { createStormErp, STORM_KITS, STORM_PLAN, STORM_SKUS } from './storm-world.ts';

export interface StormOptions {
  readonly processes: number;
  readonly inFlight: number;
  readonly kills: number;
  /** Between two kills. */
  readonly everyMs: number;
  readonly seed: number;
  /** Whether a Redis of its own is killed and started again in the middle. */
  readonly withRedis: boolean;
  readonly onKill?: (kills: number, acknowledged: number) => void;
}

export interface StormReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly acknowledgedWithoutRedis: number;
  /** Commits nobody was told of: their process was killed before it could. */
  readonly unheard: number;
  readonly checks: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly outboxLeft: number;
}

/** Sells under kill -9, with snapshots coming in and Redis going away, checked from outside all the while. @throws Violation */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const store = await createTestDatabase();
  const redis = options.withRedis ? await startRedisServer() : null;
  const monitor = new pg.Client({ connectionString: store.url });
  await monitor.connect();
  try {
    return await storm(options, store.url, redis, monitor);
  } finally {
    await redis?.kill();
    await monitor.end();
    await store.drop();
  }
}

async function storm(options: StormOptions, url: string, redis: RedisServer | null, monitor: pg.Client): Promise<StormReport> {
  const random = createRandom(options.seed);
  const erp = createStormErp(random.fork());
  await prepareStock(url, erp, STORM_SKUS);
  const { node, close } = await openProcess(url, 'parent', portsOf(erp, STORM_SKUS));
  const journal = createJournal(() => undefined);
  const desk = createOrderDesk({ erp, nodes: [node], network: noLonger(3_000), random: random.fork(), journal, clock: systemClock, namesPlaces: false });
  const failures: Record<string, number> = {};
  const longAgo = erp.levels(null, instant(node.clock.now()));
  const accept = (reference: string, hold: Hold): void => {
    journal.committed.set(reference, hold.id);
    desk.accept(reference, hold);
  };
  const processes = startStormProcesses({
    url, redisUrl: redis?.url ?? null, count: options.processes, inFlight: options.inFlight, assortment: [...STORM_SKUS, ...STORM_KITS.keys()], random: random.fork(),
    onCommit: accept, onFailure: (message) => void (failures[message] = (failures[message] ?? 0) + 1),
  });
  let checks = 0;
  const beside = repeatUntilStopped(async () => {
    await node.feed('stock', random.chance(0.2) ? 'FULL' : 'DUE');
    await node.feed('receipts', 'DUE');
    await node.upkeep();
    for (let times = random.int(0, 3); times > 0; times -= 1) erp.receive();
    erp.ship();
    await checkBooks(monitor, STORM_PLAN, erp, journal, Date.now);
    checks += 1;
  });
  const acknowledgedWithoutRedis = await killOneAfterAnother(options, processes.killOne, redis, journal);
  await processes.end();
  await beside.stop();
  const unheard = await adoptUnheard(node, accept, journal);
  await checkQuiescence({ nodes: [node], network: noLonger(LONGER_THAN_A_HOLD_MS), desk, erp, plan: STORM_PLAN, skus: STORM_SKUS, seed: options.seed }, longAgo);
  await checkBooks(monitor, STORM_PLAN, erp, journal, Date.now);
  const outboxLeft = redis === null ? 0 : await drainOutbox(node.database, redis.url);
  await close();
  return { kills: options.kills, acknowledged: journal.committed.size - unheard, acknowledgedWithoutRedis, unheard, checks: checks + 1, failures, outboxLeft };
}

/** Holds of the storm live ten seconds, and all of it has one clock. */
const LONGER_THAN_A_HOLD_MS = 12_000;

/** In real time nobody waits for what only takes its time. */
const noLonger = (atMostMs: number): typeof REAL_NETWORK => ({ ...REAL_NETWORK, pause: (ms) => REAL_NETWORK.pause(Math.min(ms, atMostMs)) });

/** Stops at the first violation, which `stop` then throws. */
function repeatUntilStopped(work: () => Promise<void>): { stop(): Promise<void> } {
  let over = false;
  const running = (async () => {
    while (!over) {
      await work();
      await REAL_NETWORK.pause(100);
    }
  })();
  running.catch(() => (over = true));
  return {
    stop: async () => {
      over = true;
      await running;
    },
  };
}

/** Redis is away for the middle third. Answers how many commits were acknowledged meanwhile. */
async function killOneAfterAnother(options: StormOptions, killOne: () => Promise<void>, redis: RedisServer | null, { committed }: Journal): Promise<number> {
  const [gone, back] = [Math.floor(options.kills / 3), Math.floor((options.kills * 2) / 3)];
  let before = 0;
  let without = 0;
  for (let kill = 1; kill <= options.kills; kill += 1) {
    await REAL_NETWORK.pause(options.everyMs);
    // On a slow machine too somebody has bought since the last one was killed; where nobody buys any more the rules tell.
    for (let waitedMs = 0; committed.size <= kill && waitedMs < 60_000; waitedMs += 100) await REAL_NETWORK.pause(100);
    await killOne();
    options.onKill?.(kill, committed.size);
    if (kill === gone) {
      await redis?.kill();
      before = committed.size;
    }
    if (kill === back) {
      without = committed.size - before;
      await redis?.start();
    }
  }
  return without;
}

/** Commits whose process died before it could tell: they are orders all the same, as the submission job would find them. */
async function adoptUnheard({ database, book }: InventoryNode, accept: (reference: string, hold: Hold) => void, { committed }: Journal): Promise<number> {
  const rows = await database.query<{ id: string; owner: string; reference: string }>(
    `select id, owner, order_reference as reference from inventory.hold where state = 'COMMITTED' and accepted_at is null`,
  );
  const unheard = rows.filter(({ reference }) => !committed.has(reference));
  for (const { id, owner, reference } of unheard) accept(reference, (await book.readHold(id, owner))!);
  return unheard.length;
}
