import { decimal } from '../../../domain/decimal.ts';
import type { KitComponent, Location } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { ErpFacts } from './erp.ts';
import type { Random } from './random.ts';
import { planChannels, planShares, type Shares } from './shares.ts';

/** What a seed makes of the world. */
export interface WorldPlan {
  readonly skus: readonly string[];
  readonly locations: readonly Location[];
  readonly facts: ErpFacts;
  readonly nodeSkewsMs: readonly number[];
  readonly ordersSkewMs: number;
  readonly shoppers: number;
  readonly rush: boolean;
  /** Chance a statement or a message is lost. */
  readonly lossiness: number;
  readonly jumpiness: number;
  /** Days shoppers may ask for; empty: they want what is there, now. */
  readonly days: readonly CalendarDate[];
  /** Null: everybody may take all of it. */
  readonly shares: Shares | null;
  /** Of each shopper. */
  readonly channels: readonly (string | null)[];
}

/** Half of the second that clocks may differ by. */
const MAX_SKEW_MS = 490;

/** After every purchase is due, too. */
const DAYS = ['2030-05-07', '2030-05-08', '2030-05-09', '2030-05-10'] as CalendarDate[];

export function planWorld(seed: number, random: Random): WorldPlan {
  const plain = planPlain(seed, random);
  const { facts, shoppers } = plain;
  const kind = random.next();
  if (kind < 0.25) return { ...plain, facts: { ...facts, purchases: planPurchases(facts.stock, random) }, days: DAYS };
  if (kind < 0.5) return { ...plain, shares: planShares(random), channels: planChannels(random, shoppers) };
  return plain;
}

/** Enough of them for many a hold to count on one. They come in on their day, which no world lives to see. */
const planPurchases = (places: ErpFacts['stock'], random: Random): ErpFacts['purchases'] =>
  places.filter(() => random.chance(0.8)).map(({ sku, locationCode }) => ({ sku, locationCode, quantity: decimal(random.int(1, 4)), dueOn: random.pick(DAYS.slice(0, 3)) }));

function planPlain(seed: number, random: Random): WorldPlan {
  const skus = Array.from({ length: random.int(1, 4) }, (_, index) => `S${seed}-${'ABCD'[index]!}`);
  const codes = random.chance(0.5) ? ['L1', 'L2'] : ['L1'];
  const locations = codes.map((code, index): Location => ({ code, name: code, priority: index, active: true }));
  const places = skus.flatMap((sku) => codes.map((locationCode) => ({ sku, locationCode })));
  const purchased = places.filter(() => random.chance(0.4));
  const dueOn = (): CalendarDate => `2030-05-0${random.int(6, 9)}` as CalendarDate;
  return {
    skus, locations,
    facts: {
      stock: places.map((place) => ({ ...place, quantity: decimal(random.int(0, 5)) })),
      purchases: purchased.map((place) => ({ ...place, quantity: decimal(random.int(1, 4)), dueOn: dueOn() })),
      kits: planKits(seed, skus, random),
    },
    nodeSkewsMs: Array.from({ length: random.int(2, 4) }, () => random.int(-MAX_SKEW_MS, MAX_SKEW_MS)),
    ordersSkewMs: random.int(-MAX_SKEW_MS, MAX_SKEW_MS),
    shoppers: random.int(2, 6),
    rush: random.chance(0.4),
    lossiness: random.chance(0.5) ? 0.01 : 0,
    jumpiness: random.pick([0, 0.02, 0.1]),
    days: [], shares: null, channels: [],
  };
}

/** Kits that share their first component. */
function planKits(seed: number, skus: readonly string[], random: Random): Map<string, readonly KitComponent[]> {
  const kits = new Map<string, readonly KitComponent[]>();
  if (skus.length < 2 || random.chance(0.4)) return kits;
  const [shared, ...others] = skus;
  for (const [index, other] of others.slice(0, 2).entries()) {
    kits.set(`S${seed}-K${index}`, [{ sku: shared!, quantity: decimal(random.int(1, 2)) }, { sku: other, quantity: decimal(1) }]);
  }
  return kits;
}
