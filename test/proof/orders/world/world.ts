import { simulate } from '../../world/builtins.ts';
import { Erp } from '../../world/erp.ts';
import { checkBooks } from '../../world/invariants.ts';
import { createJournal, type Journal } from '../../world/journal.ts';
import { createNetwork, type Network } from '../../world/network.ts';
import { createRandom, type Random } from '../../world/random.ts';
import { createScheduler, type Scheduler } from '../../world/scheduler.ts';
import type { Sessions } from '../../world/sessions.ts';
import { isExact } from '../../world/world.ts';
import { createErpDesk, type ErpDesk } from './erp-desk.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLauncher } from './launcher.ts';
import { createOrderJournal, type OrderJournal } from './order-journal.ts';
import { planOrdersWorld, type OrdersPlan } from './plan.ts';
import { checkOrders } from './rules.ts';

/** Everything of one seed, put together. */
export interface OrdersWorld {
  readonly seed: number;
  readonly plan: OrdersPlan;
  readonly skus: readonly string[];
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly erp: Erp;
  readonly desk: ErpDesk;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly orders: OrderJournal;
  readonly sessions: Sessions;
  /** Kills a process if this world has deaths left. */
  kill(): void;
  /** While calm nothing is lost and nobody dies. */
  calm: boolean;
}

/** Of no rule: where feeds stand, what is told to others, what items are. */
const WRITES = /\b(insert into|update|delete from|merge into)\s+(only\s+)?(inventory|orders)\.(?!(feed|feed_reject|outbox|timeline|audit|parked|reconciliation|difference|stock_pass|demand|demand_measured|clock_difference|hot_lane)\b)/;

export function createOrdersWorld(seed: number, sessions: Sessions): OrdersWorld {
  const random = createRandom(seed);
  const plan = planOrdersWorld(seed, random.fork());
  const state = { calm: true, kills: plan.mortality.kills };
  const inTrouble = (chance: number) => (): number => (state.calm ? 0 : chance);
  const [orders, linked] = [createOrderJournal(), new Map<string, string>()];
  const scheduler: Scheduler = createScheduler({
    sessions, atOnce: isExact(seed) ? 2 : Infinity, random: random.fork(), jumpiness: inTrouble(plan.jumpiness), writes: WRITES,
    afterChange: async () => {
      await checkOrders(sessions.monitor, { desk, orders, linked, cancelling: journal.cancelling, blocksCustomers: plan.erp.blocksCustomers > 0 });
      await checkBooks(sessions.monitor, plan, erp, journal, scheduler.now);
    },
  });
  const journal = createJournal(scheduler.note);
  simulate({ scheduler, random: random.fork() });
  const [erp, network] = [new Erp(plan.facts, { random: random.fork(), now: scheduler.now, note: scheduler.note }), createNetwork({ scheduler, random: random.fork(), lossiness: inTrouble(plan.lossiness) })];
  const desk = createErpDesk({ erp, random: random.fork(), now: scheduler.now, note: scheduler.note, drafts: inTrouble(plan.erp.drafts), copies: plan.erp.copies });
  const fate = random.fork();
  const dies = (): boolean => !state.calm && state.kills > 0 && (state.kills -= 1) >= 0;
  const fleet: Fleet = createFleet({
    scheduler, network, random: random.fork(), processes: plan.processes,
    omen: () => !state.calm && fate.chance(plan.mortality.perStatement) && dies(),
    start: createLauncher({ plan, scheduler, sessions, network, erp, desk, journal, orders, random: random.fork(), inTrouble, fleet: () => fleet }),
    onKill: ({ name }) => journal.count('killed', name),
  });
  return Object.assign(state, { seed, plan, skus: plan.skus, random, scheduler, network, erp, desk, fleet, journal, orders, sessions, kill: () => void (dies() && fleet.kill()) });
}
