import { isPositive } from '../../domain/decimal.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { BasketLine, Freshness } from '../../domain/inventory.ts';
import type { PriceContext, PriceOutcome } from '../../domain/pricing.ts';
import type { Instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import { createSharedRead, type SharedRead } from '../../platform/shared-read.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { resolvePrice, type PriceFacts } from './resolve-price.ts';
import type { PriceSettings } from './settings.ts';
import { readAsOf, readFacts } from './store.ts';

/** Where the prices come from and how old they are. */
export interface PriceOrigin {
  readonly asOf: Instant;
  readonly source: string;
  readonly freshness: Freshness;
}

/** The read model of prices, for every buyer: who asks is decided by the caller. */
export interface PriceBook {
  /** The buyer's list, or the channel's; null = list prices. */
  listFor(priceListCode: string | null, channel: string | null): string | null;
  readFacts(skus: readonly Sku[], priceListCode: string | null): Promise<ReadonlyMap<Sku, PriceFacts>>;
  /** @throws Failure UPSTREAM_UNAVAILABLE while the first pass of a price feed is still under way. */
  readOrigin(): Promise<PriceOrigin>;
  /** @throws Failure INVALID_INPUT naming the line whose quantity is not above zero. */
  quotePrices(request: { readonly lines: readonly BasketLine[]; readonly context: PriceContext }): Promise<readonly PriceOutcome[]>;
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
  const listFor: PriceBook['listFor'] = (code, channel) => code ?? (channel === null ? null : (settings.channelLists.get(channel) ?? null));
  const asOfs = createSharedRead({ read: async (keys: readonly 'oldest'[]) => Array<Instant | null>(keys.length).fill(await readAsOf(database, feeds)) });
  const readOrigin: PriceBook['readOrigin'] = async () => {
    if (source === null) throw new Failure('UNSUPPORTED', 'no connected system owns prices');
    const [asOf] = await asOfs(['oldest']);
    if (asOf == null) throw new Failure('UPSTREAM_UNAVAILABLE', `prices of ${source} are still being read for the first time`, { system: source });
    return { asOf, source, freshness: clock.now() - Date.parse(asOf) > settings.staleAfterMs ? 'STALE' : 'RECENT' };
  };
  const byList = new Map<string | null, SharedRead<Sku, PriceFacts>>();
  const readOf = (priceListCode: string | null): SharedRead<Sku, PriceFacts> => {
    const known = byList.get(priceListCode);
    if (known) return known;
    const shared = createSharedRead<Sku, PriceFacts>({
      read: async (skus) => {
        const facts = await readFacts(database, { skus, priceListCode, selection: settings.selection });
        return skus.map((sku) => facts.get(sku)!);
      },
    });
    byList.set(priceListCode, shared);
    return shared;
  };
  const read: PriceBook['readFacts'] = async (skus, priceListCode) => {
    const facts = await readOf(priceListCode)(skus);
    return new Map(skus.map((sku, index) => [sku, facts[index]!]));
  };
  return {
    listFor, readOrigin, readFacts: read,
    quotePrices: async ({ lines, context }) => {
      checkQuantities(lines);
      if (lines.length === 0) return [];
      const priceListCode = listFor(context.priceListCode, context.channel);
      const skus = [...new Set(lines.map((line) => line.sku))];
      const [{ asOf }, facts] = await Promise.all([readOrigin(), read(skus, priceListCode)]);
      return lines.map((line) => quoteLine(line, facts.get(line.sku)!, { ...context, priceListCode }, asOf));
    },
  };
}

function checkQuantities(lines: readonly BasketLine[]): void {
  const wrong = lines.findIndex((line) => !isPositive(line.quantity));
  if (wrong >= 0) throw invalidInput(['lines', String(wrong), 'quantity'], `quantity must be above zero, got ${lines[wrong]!.quantity}`);
}

function quoteLine({ sku, quantity }: BasketLine, facts: PriceFacts, context: PriceContext, asOf: Instant): PriceOutcome {
  const { priceListCode, currencyCode, at } = context;
  const resolved = resolvePrice(facts, { quantity, priceListCode, currencyCode, at });
  return resolved.ok ? { kind: 'PRICED', line: { sku, quantity, ...resolved.price, asOf, unitCost: facts.listPrice?.cost ?? null } } : { kind: 'NO_PRICE', sku, reason: resolved.reason };
}
