import type { Clients } from '../../../../domain/clients.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { DEFAULT_SETTINGS, type OrdersSettings } from '../../../../subgraphs/orders/settings.ts';
import type { Erp } from '../../world/erp.ts';
import { createGatedDatabase } from '../../world/gated-database.ts';
import type { InventoryNode } from '../../world/inventory-node.ts';
import type { Journal } from '../../world/journal.ts';
import { doWhileAlive, type Life } from '../../world/life.ts';
import type { Network } from '../../world/network.ts';
import type { Random } from '../../world/random.ts';
import type { Scheduler } from '../../world/scheduler.ts';
import type { Sessions } from '../../world/sessions.ts';
import { createRemoteInventory, CUSTOMER, PRICING } from './clients.ts';
import type { ErpDesk } from './erp-desk.ts';
import { createErpLine, type ErpLine } from './erp-line.ts';
import type { Fleet } from './fleet.ts';
import { createJobBoard, createJobs } from './jobs.ts';
import { createLocks, type LockTable } from './locks.ts';
import type { OrderJournal } from './order-journal.ts';
import type { ErpTemper, OrdersPlan } from './plan.ts';
import { createOrdersErp } from './ports.ts';
import { startProcess, watched, type OrdersProcess } from './process.ts';

/** What all processes of a world share. */
export interface Surroundings {
  readonly plan: OrdersPlan;
  readonly scheduler: Scheduler;
  readonly sessions: Sessions;
  readonly network: Network;
  readonly erp: Erp;
  readonly desk: ErpDesk;
  readonly journal: Journal;
  readonly orders: OrderJournal;
  readonly random: Random;
  /** A chance that is none while the world is calm. */
  readonly inTrouble: (chance: number) => () => number;
  readonly fleet: () => Fleet;
}

/** Chance that a call between services is carried out twice. */
const REPEATS = 0.05;
/** Around the life of a short hold. */
const SLOW_MS = [4_000, 14_000] as const;

const settingsOf = ({ holdTtlSeconds }: OrdersPlan): OrdersSettings => ({
  ...DEFAULT_SETTINGS, leaseMs: 4_000, waitPollMs: 400, holdTtlSeconds,
  submission: { ...DEFAULT_SETTINGS.submission, workers: 2, sweepEveryMs: 300_000 },
});

/** Starts processes: again and again the same slot, each time as a new one. */
export function createLauncher(world: Surroundings): (slot: number, life: Life) => OrdersProcess {
  const { plan, scheduler, sessions, network, random, inTrouble, orders } = world;
  const [locks, board, settings]: [LockTable, ReturnType<typeof createJobBoard>, OrdersSettings] = [new Map(), createJobBoard(scheduler, random.fork()), settingsOf(plan)];
  const refuses = createRefusals(random.fork(), inTrouble(plan.erp.refuses));
  const temper = (): ErpTemper | null => (inTrouble(1)() === 0 ? null : plan.erp);
  const line = createErpLine({ scheduler, network, random: random.fork(), temper, beganAtMs: scheduler.now() });
  const [blocked, names] = [random.fork(), new Map<number, number>()];
  return (slot, life) => {
    const run = (names.get(slot) ?? 0) + 1;
    names.set(slot, run);
    const name = `p${slot + 1}${'\''.repeat(run - 1)}`;
    const clock = skewedClock(scheduler, plan.nodeSkewsMs[slot] ?? 0);
    const gated = createGatedDatabase({ scheduler, sessions, random: random.fork(), who: name, lossiness: inTrouble(plan.lossiness), locks: new Set(), life });
    const tryWithLock = createLocks({ locks, life, scheduler, random: random.fork(), lossiness: inTrouble(plan.mortality.lockLossiness) });
    const database = watched({ ...gated, tryWithLock }, (error) => void orders.broken.push(`${name}: ${error.message}`));
    const own = networkOf(life, network);
    const ports = createOrdersErp({
      erp: world.erp, network: own, clock, skus: plan.skus, locations: plan.locations, desk: world.desk, line: lineOf(life, line), refuses,
      refusesCustomer: () => blocked.chance(inTrouble(plan.erp.blocksCustomers)()), hesitation: () => blocked.int(0, plan.erp.hesitatesMs),
      onRefusal: (reference) => void orders.refused.add(reference),
      onCreate: (reference) => void world.journal.submitted.add(reference),
    });
    return startProcess({ name, life, clock, database, ports, settings, jobs: createJobs({ database, board, life, random: random.fork(), hastiness: inTrouble(plan.mortality.hastiness) }), whenSilent: plan.whenSilent, note: scheduler.note, clientsOf: createClients(world, life) });
  };
}

/** Each order that is refused is refused once or twice, as somebody mends it in between. */
function createRefusals(random: Random, chance: () => number): (reference: string) => boolean {
  const left = new Map<string, number>();
  return (reference) => {
    const times = left.get(reference) ?? (random.chance(chance()) ? random.int(1, 2) : 0);
    left.set(reference, Math.max(0, times - 1));
    return times > 0 && chance() > 0;
  };
}

function createClients({ plan, fleet, network, random, inTrouble }: Surroundings, life: Life): (inventory: InventoryNode) => Clients {
  const own = random.fork();
  const [slowness, repeats] = [inTrouble(plan.slowness), inTrouble(plan.isFaultless ? 0 : REPEATS)];
  const rest = { pricing: PRICING, customer: CUSTOMER, catalog: { readCategorySkus: async () => null } };
  const slowly = async (): Promise<void> => void (own.chance(slowness()) && (await network.pause(own.int(...SLOW_MS))));
  const ask: Fleet['ask'] = (work) => doWhileAlive(life, () => fleet().ask(async (process) => {
    await slowly();
    return work(process);
  }));
  const remote = createRemoteInventory({ ask }, own, repeats);
  return ({ book }) => ({ ...rest, inventory: plan.hosting === 'EMBEDDED' ? book : remote });
}

/** The network of one process: it asks for nothing and hears of nothing when it is dead. */
const networkOf = (life: Life, network: Network): Network => ({ ...network, ask: (work) => doWhileAlive(life, () => network.ask(work)) });
const lineOf = (life: Life, line: ErpLine): ErpLine => ({ ...line, ask: (what, work) => doWhileAlive(life, () => line.ask(what, work)) });

const skewedClock = ({ now }: Scheduler, skewMs: number): Clock => ({ now: () => now() + skewMs, monotonic: now, date: () => new Date(now() + skewMs) });
