import { silentLog } from '../../../platform/log.ts';
import { createRedisEventLog } from '../../../platform/stores/redis-event-log.ts';
import { freePorts } from '../../support/deployment.ts';
import { startRedisServer, type RedisServer } from '../../support/redis-server.ts';
import type { Mutation } from '../mutations/mutation.ts';
import { startClients, startNode, type Clients, type ProofNode } from './processes.ts';
import { buildPrograms } from './programs.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { startTruth } from './truth.ts';
import { judge, type Verdict } from './verdict.ts';
import type { Testimony } from './witness.ts';

export interface ProofOptions {
  readonly nodes: number;
  readonly clientProcesses: number;
  readonly clientsPerProcess: number;
  readonly events: number;
  readonly perSecond: number;
  /** What a Redis that is killed has when it comes back: all it had acknowledged, all but its end, or nothing. */
  readonly redis: 'KEEPS_ALL' | 'LOSES_ITS_END' | 'LOSES_ALL';
  readonly redisKills: number;
  /** Every other one is asked to go (SIGTERM) and drains. */
  readonly nodeKills: number;
  /** Events the log keeps of a topic. */
  readonly capacity: number;
  /** Clients lose their connection about so often; 0: never. */
  readonly leavesAfterMs: number;
  /** A bug that is planted in the nodes. */
  readonly mutation?: Mutation;
  readonly onProgress?: (published: number, kills: number) => void;
}

export interface ProofReport extends Verdict {
  readonly options: ProofOptions;
  readonly clients: number;
  readonly published: number;
  readonly nodesKilled: number;
  readonly nodesDrained: number;
  readonly redisKilled: number;
  readonly seconds: number;
}

const SKUS = Array.from({ length: 40 }, (_, n) => `SKU-${n}`);
const BATCH = 50;
/** Nobody is told anything for so long: what is missing by then stays so, also on a busy machine. */
const QUIET_MS = 30_000;
const WARM_WITHIN_MS = 120_000;
const LOST_BYTES = 30_000;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Scene {
  readonly redis: RedisServer;
  readonly nodes: readonly ProofNode[];
  readonly clients: readonly Clients[];
  readonly publisher: Publisher;
  readonly figures: ReadonlyMap<string, number>;
}

/** Publishes while nodes and Redis are killed and clients come and go; then asks every client what it has been told. */
export async function runSubscriptionProof(options: ProofOptions): Promise<ProofReport> {
  const startedAt = performance.now();
  const programs = await buildPrograms(options.mutation ?? null);
  const truth = await startTruth();
  const redis = await startRedisServer({ keeps: options.redis !== 'LOSES_ALL' });
  const eventLog = await createRedisEventLog({ url: redis.url, log: silentLog, capacity: options.capacity });
  const ports = await freePorts(options.nodes);
  const nodes = await Promise.all(ports.map((port) => startNode({ port, redis: redis.url, truth: truth.url, capacity: options.capacity, program: programs.node })));
  const urls = nodes.map(({ url }) => url);
  const clients = Array.from({ length: options.clientProcesses }, (_, n) => startClients({ program: programs.clients, count: options.clientsPerProcess, first: n * options.clientsPerProcess, leavesAfterMs: options.leavesAfterMs, skus: SKUS, urls }));
  const scene: Scene = { redis, nodes, clients, figures: truth.figures, publisher: createPublisher(eventLog, truth.figures, SKUS) };
  try {
    const isWarm = await warmUp(scene);
    const killed = isWarm ? await storm(scene, options) : { nodesKilled: 0, nodesDrained: 0, redisKilled: 0 };
    const testimonies = await settle(scene);
    const verdict = judge(testimonies, { isWarm, lastShipment: scene.publisher.lastShipment(), figures: truth.figures, keepsAll: options.redis === 'KEEPS_ALL' });
    return { ...verdict, ...killed, options, clients: testimonies.length, published: scene.publisher.published(), seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await Promise.all([...clients, ...nodes].map((each) => each.stop()));
    await eventLog.close();
    await redis.remove();
    await truth.close();
    programs.remove();
  }
}

const testify = async ({ clients }: Scene): Promise<readonly Testimony[]> => (await Promise.all(clients.map((each) => each.testify()))).flat();

/** Until every client has had an event of each kind, and with it a cursor. Answers whether all have. */
async function warmUp(scene: Scene): Promise<boolean> {
  const deadline = performance.now() + WARM_WITHIN_MS;
  const isWarm = ({ lastShipment, figures }: Testimony): boolean => lastShipment > 0 && Object.keys(figures).length >= SKUS.length / 4;
  while (!(await testify(scene)).every(isWarm)) {
    if (performance.now() > deadline) return false;
    await scene.publisher.publish(SKUS.length * 2);
    await pause(250);
  }
  return true;
}

async function storm(scene: Scene, options: ProofOptions): Promise<Pick<ProofReport, 'nodesKilled' | 'nodesDrained' | 'redisKilled'>> {
  const counts = { nodesKilled: 0, nodesDrained: 0, redisKilled: 0 };
  const { publisher, nodes } = scene;
  const begun = publisher.published();
  const blows = options.nodeKills + options.redisKills;
  let isOver = false;
  const strike = async (): Promise<void> => {
    for (let blow = 1; blow <= blows; blow += 1) {
      while (publisher.published() - begun < (options.events * blow) / (blows + 1)) await pause(20);
      const redisShare = Math.floor((blow * options.redisKills) / blows);
      if (redisShare > counts.redisKilled) {
        await strikeRedis(scene.redis, options);
        counts.redisKilled += 1;
      } else {
        const drains = (counts.nodesKilled + counts.nodesDrained) % 2 === 1;
        await nodes[blow % nodes.length]!.restart(drains ? 'SIGTERM' : 'SIGKILL', 300 + Math.random() * 700);
        counts[drains ? 'nodesDrained' : 'nodesKilled'] += 1;
      }
      options.onProgress?.(publisher.published() - begun, blow);
    }
  };
  const striking = strike().finally(() => (isOver = true));
  for (let isDone = false; !isDone || !isOver; isDone = publisher.published() - begun >= options.events) {
    await publisher.publish(BATCH);
    // Nothing dies in silence: where killing takes longer than publishing there is more to tell.
    await pause((BATCH / options.perSecond) * (isDone ? 4_000 : 1_000));
  }
  await striking;
  return counts;
}

async function strikeRedis(redis: RedisServer, options: ProofOptions): Promise<void> {
  await redis.kill();
  if (options.redis === 'LOSES_ITS_END') redis.loseEnd(LOST_BYTES);
  await pause(200 + Math.random() * 500);
  await redis.start();
}

/** Until all have all, or nothing more comes. */
async function settle(scene: Scene): Promise<readonly Testimony[]> {
  // What was lost at the very end is missed by nobody who hears nothing after it.
  await scene.publisher.publish(SKUS.length * 2);
  const last = scene.publisher.lastShipment();
  let told = -1;
  let quietSince = performance.now();
  for (;;) {
    const testimonies = await testify(scene);
    const isSettled = testimonies.every(({ lastShipment, figures }) => lastShipment === last && Object.entries(figures).every(([sku, figure]) => scene.figures.get(sku) === figure));
    const now = testimonies.reduce((sum, { shipments, stockEvents }) => sum + shipments + stockEvents, 0);
    if (now !== told) quietSince = performance.now();
    told = now;
    if (isSettled || performance.now() - quietSince > QUIET_MS) return testimonies;
    await pause(500);
  }
}
