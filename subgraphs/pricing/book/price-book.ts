import { Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Freshness } from '../../../domain/inventory.ts';
import type { LayeredList, TaxRate } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import { createSharedRead, type SharedRead } from '../../../platform/shared-read.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import type { PriceSettings } from '../settings.ts';
import { createRateReader, readTaxRates } from './rate-store.ts';
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
  /** Every rate the source keeps, by code; none where it keeps none. */
  readTaxRates(): Promise<readonly TaxRate[]>;
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
  const ratesAt = createRateReader(database);
  const taxes = createSharedRead({ read: async (keys: readonly 'all'[]) => Array<readonly TaxRate[]>(keys.length).fill(await readTaxRates(database)) });
  const readOf = createReadsByLists((listCodes) => createSharedRead<Sku, PriceFacts>({
    read: async (skus) => {
      const facts = await readFacts(database, { skus, listCodes, policy: settings.policy, ratesAt });
      return skus.map((sku) => facts.get(sku)!);
    },
  }));
  const { baseListCode } = settings.policy;
  return {
    readOrigin,
    readTaxRates: async () => (await taxes(['all']))[0]!,
    readFacts: async (skus, lists) => {
      const codes = [...lists.map(({ code }) => code), ...(baseListCode === null ? [] : [baseListCode])];
      const facts = await readOf([...new Set(codes)], skus);
      return new Map(skus.map((sku, index) => [sku, facts[index]!]));
    },
  };
}

/** One shared read for buyers of the same lists, for as long as one of them waits: nothing of a contract stays behind. */
function createReadsByLists<Key, Value>(create: (listCodes: readonly string[]) => SharedRead<Key, Value>): (listCodes: readonly string[], keys: readonly Key[]) => Promise<readonly Value[]> {
  const shared = new Map<string, { readonly read: SharedRead<Key, Value>; waiting: number }>();
  return async (listCodes, keys) => {
    const name = JSON.stringify(listCodes);
    const entry = shared.get(name) ?? { read: create(listCodes), waiting: 0 };
    shared.set(name, entry);
    entry.waiting += 1;
    try {
      return await entry.read(keys);
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0) shared.delete(name);
    }
  };
}
