import type { Sku } from '../../../domain/ids.ts';
import type { ResolutionPolicy } from '../../../domain/pricing.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readRates } from '../book/rate-store.ts';
import { readFacts } from '../book/store.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import { probeSku, type Move, type ProbeContext } from './move.ts';
import type { ProbeGroup } from './probe-plan.ts';

/** So many SKUs are read and resolved at a time: between two of them others have their turn. */
const CHUNK = 250;

/** Facts of the groups' SKUs, group by group. */
export type Facts = readonly ReadonlyMap<Sku, PriceFacts>[];

/** What decides the prices of all that is compared, as it is in this transaction at this moment. */
export async function readGroups(tx: Sql, groups: readonly ProbeGroup[], policy: ResolutionPolicy): Promise<Facts> {
  const { rates } = await readRates(tx);
  const found: ReadonlyMap<Sku, PriceFacts>[] = [];
  for (const { variants, skus } of groups) {
    const listCodes = [...new Set([...variants.flatMap(({ lists }) => lists.map(({ code }) => code)), ...(policy.baseListCode === null ? [] : [policy.baseListCode])])];
    const facts = new Map<Sku, PriceFacts>();
    for (let start = 0; start < skus.length; start += CHUNK) {
      const read = await readFacts(tx, { skus: skus.slice(start, start + CHUNK), listCodes, policy, ratesAt: async () => rates });
      for (const [sku, of] of read) facts.set(sku, of);
    }
    found.push(facts);
  }
  return found;
}

export interface Judged {
  /** The largest of each SKU on each list. */
  readonly moves: readonly Move[];
  /** Lists on which something had a price before; null: the base price. */
  readonly pricedLists: ReadonlySet<string | null>;
}

/** What the prices were and what they are to be. */
export async function compareFacts(groups: readonly ProbeGroup[], before: Facts, after: Facts, context: ProbeContext): Promise<Judged> {
  const moves: Move[] = [];
  const pricedLists = new Set<string | null>();
  for (const [index, { variants, skus }] of groups.entries()) {
    for (const [count, sku] of skus.entries()) {
      if (count % CHUNK === CHUNK - 1) await new Promise((done) => setImmediate(done));
      for (const variant of variants) {
        const { move, hadPrice } = probeSku(sku, before[index]!.get(sku)!, after[index]!.get(sku)!, variant, context);
        if (hadPrice) pricedLists.add(variant.listCode);
        if (move !== null) moves.push(move);
      }
    }
  }
  return { moves, pricedLists };
}
