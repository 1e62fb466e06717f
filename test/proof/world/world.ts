import type { Clock } from '../../../platform/clock.ts';
import { simulate } from './builtins.ts';
import { createErpPorts } from './erp-ports.ts';
import { Erp } from './erp.ts';
import { createGatedDatabase } from './gated-database.ts';
import { createInventoryNode, type InventoryNode } from './inventory-node.ts';
import { checkBooks } from './invariants.ts';
import { createJournal, type Journal } from './journal.ts';
import { createNetwork, type Network } from './network.ts';
import { createOrderDesk, type OrderDesk } from './order-desk.ts';
import { planWorld, type WorldPlan } from './plan.ts';
import { createRandom, type Random } from './random.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { Sessions } from './sessions.ts';

/** Everything of one seed, put together. */
export interface World {
  readonly seed: number;
  readonly plan: WorldPlan;
  /** Without kits, which have no stock. */
  readonly skus: readonly string[];
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly erp: Erp;
  readonly nodes: readonly InventoryNode[];
  readonly desk: OrderDesk;
  readonly journal: Journal;
  readonly sessions: Sessions;
  /** While calm nothing is lost. */
  calm: boolean;
}

/**
 * Whether no more than two transactions are open at once: at most one of them waits then, nobody but the seed decides who
 * comes first, and the seed replays exactly. In the others PostgreSQL decides whom of several a commit wakes first.
 */
export const isExact = (seed: number): boolean => seed % 5 !== 0;

export function createWorld(seed: number, sessions: Sessions): World {
  const random = createRandom(seed);
  const plan = planWorld(seed, random.fork());
  const state = { calm: true };
  const lossiness = (): number => (state.calm ? 0 : plan.lossiness);
  const scheduler: Scheduler = createScheduler({
    sessions, atOnce: isExact(seed) ? 2 : Infinity, random: random.fork(), jumpiness: () => (state.calm ? 0 : plan.jumpiness), afterChange: () => checkBooks(sessions.monitor, plan, erp, journal, scheduler.now),
  });
  const journal = createJournal(scheduler.note);
  simulate({ scheduler, random: random.fork() });
  const erp = new Erp(plan.facts, { random: random.fork(), now: scheduler.now, note: scheduler.note });
  const network = createNetwork({ scheduler, random: random.fork(), lossiness });
  const locks = new Set<string>();
  const skus = plan.skus;
  const nodes = plan.nodeSkewsMs.map((skewMs, index) => {
    const name = `node${index + 1}`;
    const clock = skewedClock(scheduler, skewMs);
    const database = createGatedDatabase({ scheduler, sessions, random: random.fork(), who: name, lossiness, locks });
    return createInventoryNode({ name, clock, database, ports: createErpPorts({ erp, network, clock, skus, locations: plan.locations }) });
  });
  const desk = createOrderDesk({ namesPlaces: plan.days.length > 0, erp, nodes, network, random: random.fork(), journal, clock: skewedClock(scheduler, plan.ordersSkewMs) });
  return Object.assign(state, { seed, plan, skus, random, scheduler, network, erp, nodes, desk, journal, sessions });
}

const skewedClock = ({ now }: Scheduler, skewMs: number): Clock => ({ now: () => now() + skewMs, monotonic: now, date: () => new Date(now() + skewMs) });
