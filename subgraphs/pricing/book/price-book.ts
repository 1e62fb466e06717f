import { Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Freshness } from '../../../domain/inventory.ts';
import type { LayeredList } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import { createSharedRead, type SharedRead } from '../../../platform/shared-read.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import type { PriceSettings } from '../settings.ts';
import { readRates } from './rate-store.ts';
import { readAsOf, readFacts } from './store.ts';

/** Where the prices come from and how old they are. */
export interface PriceOrigin {
  readonly asOf: Instant;
  readonly source: string;
  readonly freshness: Freshness;
}

/** The read model of prices, for every buyer: who asks is decided by the caller. */
export interface PriceBook {
  /** Of these SKUs, for a buyer of these lists: each SKU asked for has an entry. */
  readFacts(skus: readonly Sku[], lists: readonly LayeredList[]): Promise<ReadonlyMap<Sku, PriceFacts>>;
  /** @throws Failure UPSTREAM_UNAVAILABLE while the first pass of a price feed is still under way. */
  readOrigin(): Promise<PriceOrigin>;
}

export interface PriceBookOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: PriceSettings;
  /** Connector that owns the prices; null where none does. */
  readonly source: string | null;
  /** Names of the feeds that fill the book. */
  readonly feeds: readonly string[];
}

export function createPriceBook({ database, clock, settings, source, feeds }: PriceBookOptions): PriceBook {
  const asOfs = createSharedRead({ read: async (keys: readonly 'oldest'[]) => Array<Instant | null>(keys.length).fill(await readAsOf(database, feeds)) });
  const readOrigin: PriceBook['readOrigin'] = async () => {
    if (source === null) throw new Failure('UNSUPPORTED', 'no connected system owns prices');
    const [asOf] = await asOfs(['oldest']);
    if (asOf == null) throw new Failure('UPSTREAM_UNAVAILABLE', `prices of ${source} are still being read for the first time`, { system: source });
    return { asOf, source, freshness: clock.now() - Date.parse(asOf) > settings.staleAfterMs ? 'STALE' : 'RECENT' };
  };
  const byLists = new Map<string, SharedRead<Sku, PriceFacts>>();
  const readOf = (listCodes: readonly string[]): SharedRead<Sku, PriceFacts> => {
    const key = JSON.stringify(listCodes);
    const known = byLists.get(key);
    if (known) return known;
    const shared = createSharedRead<Sku, PriceFacts>({
      read: async (skus) => {
        const facts = await readFacts(database, { skus, listCodes, policy: settings.policy, rates: await readRates(database) });
        return skus.map((sku) => facts.get(sku)!);
      },
    });
    byLists.set(key, shared);
    return shared;
  };
  const { baseListCode } = settings.policy;
  return {
    readOrigin,
    readFacts: async (skus, lists) => {
      const facts = await readOf([...lists.map(({ code }) => code), ...(baseListCode === null ? [] : [baseListCode])])(skus);
      return new Map(skus.map((sku, index) => [sku, facts[index]!]));
    },
  };
}
