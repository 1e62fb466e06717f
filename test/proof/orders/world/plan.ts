import type { SilencePolicy } from '../../../../domain/inventory.ts';
import { decimal } from '../../../../domain/decimal.ts';
import { planWorld, type WorldPlan } from '../../world/plan.ts';
import type { Random } from '../../world/random.ts';

/** What a seed makes of a world in which the real orders side stands on top of the real inventory. */
export interface OrdersPlan extends WorldPlan {
  /** Whether orders asks the inventory of its own process, or over the network that of any. */
  readonly hosting: 'EMBEDDED' | 'SERVICES';
  readonly processes: number;
  readonly holdTtlSeconds: number;
  /** What is sold while the ERP does not answer a live check. */
  readonly whenSilent: SilencePolicy;
  /** Chance that a call to inventory takes as long as a short hold lives. */
  readonly slowness: number;
  /** Nothing is lost, nobody dies, the ERP answers: whatever goes wrong is nobody else's fault. */
  readonly isFaultless: boolean;
  readonly mortality: Mortality;
  readonly erp: ErpTemper;
}

export interface Mortality {
  /** As many processes are killed at most. */
  readonly kills: number;
  /** Chance that a statement is the last one of its process. */
  readonly perStatement: number;
  /** Chance that a lock is lost while its holder goes on: its connection broke. */
  readonly lockLossiness: number;
  /** Chance that the queue gives a job to another while its worker is still at it. */
  readonly hastiness: number;
}

export interface ErpTemper {
  /** Chance that a call takes its time. */
  readonly sluggishness: number;
  /** Chance that a call goes wrong in one of the ways of the line. */
  readonly trouble: number;
  /** Chance that the ERP says no to an order, and to how many attempts. */
  readonly refuses: number;
  /** Chance that it says no to a customer. */
  readonly blocksCustomers: number;
  /** Milliseconds such a no may take: somebody looks into it, and an order given out twice may be through by then. */
  readonly hesitatesMs: number;
  /** Chance that a document is left a draft that somebody must confirm. */
  readonly drafts: number;
  /** Milliseconds after the beginning; null: it is never away. */
  readonly outage: { readonly fromMs: number; readonly untilMs: number } | null;
  /** Somebody makes copies of documents by hand, reference and all. */
  readonly copies: boolean;
}

const TWENTY_MINUTES_MS = 1_200_000;
const PEACE: Pick<OrdersPlan, 'isFaultless' | 'mortality' | 'lossiness' | 'jumpiness' | 'slowness'> & { readonly erp: ErpTemper } = {
  isFaultless: true, slowness: 0, lossiness: 0, jumpiness: 0, mortality: { kills: 0, perStatement: 0, lockLossiness: 0, hastiness: 0 },
  erp: { sluggishness: 0.1, trouble: 0, refuses: 0, blocksCustomers: 0, hesitatesMs: 0, drafts: 0, outage: null, copies: false },
};

export function planOrdersWorld(seed: number, random: Random): OrdersPlan {
  // Holds for a day are left to inventory's own proof: its ERP takes an order for a day only where lines name their location.
  const base: WorldPlan = { ...planWorld(seed, random), days: [] };
  // Holds run out before they are final, and others take what was in them.
  const isShort = random.chance(0.25);
  const facts = isShort || random.chance(0.3) ? base.facts : { ...base.facts, stock: base.facts.stock.map((goods) => ({ ...goods, quantity: decimal(random.int(3, 12)) })) };
  // Jobs given out twice and locks that are lost are dangerous while somebody is at work for long.
  const isCareless = random.chance(0.4);
  const plan: OrdersPlan = {
    ...base, facts,
    isFaultless: false,
    hosting: isShort ? 'SERVICES' : random.pick(['EMBEDDED', 'SERVICES']),
    processes: random.int(2, 3),
    shoppers: random.int(2, 4),
    holdTtlSeconds: isShort ? 10 : 900,
    whenSilent: random.pick(['REFUSE', 'LEDGER_WITH_SAFETY']),
    slowness: isShort ? 0.25 : random.pick([0, 0.1]),
    mortality: { kills: random.pick([0, 1, 3, 6]), perStatement: 0.01, ...(isCareless ? { lockLossiness: 0.6, hastiness: 0.6 } : { lockLossiness: 0, hastiness: 0 }) },
    erp: {
      sluggishness: isCareless ? 0.5 : 0.1, trouble: random.pick([0, 0.2, 0.5]), refuses: random.pick([0, 0.3]), blocksCustomers: random.pick([0, 0.35]),
      hesitatesMs: isCareless ? 10_000 : 0, drafts: random.pick([0, 0.3]), outage: random.chance(0.15) ? outage(random.int(0, 8_000)) : null, copies: random.chance(0.3),
    },
  };
  // Nothing would be sold for twenty minutes.
  if (plan.erp.outage) return { ...plan, whenSilent: 'LEDGER_WITH_SAFETY' };
  return random.chance(0.2) ? { ...plan, ...PEACE } : plan;
}

const outage = (fromMs: number): ErpTemper['outage'] => ({ fromMs, untilMs: fromMs + TWENTY_MINUTES_MS });
