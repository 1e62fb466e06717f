import type { CustomerClient } from '../../../../domain/clients.ts';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import type { BasketLine } from '../../../../domain/inventory.ts';
import type { ListPrice, PriceBuyer, PriceContext, PriceList, PriceRule } from '../../../../domain/pricing.ts';
import type { Promotion } from '../../../../domain/promotions.ts';
import { manualClock } from '../../../../platform/clock.ts';
import type { PriceBook } from '../../../../subgraphs/pricing/book/price-book.ts';
import type { QuoteTools } from '../../../../subgraphs/pricing/quotes/quote-lines.ts';
import { createQuoteSeal } from '../../../../subgraphs/pricing/quotes/quote-seal.ts';
import type { PriceSettings } from '../../../../subgraphs/pricing/settings.ts';
import { d, factsOf, NOW, POLICY } from './price-samples.ts';

/** What a source says and merchants offer, in memory; tests change it between quotes. */
export interface QuoteWorld {
  prices: ListPrice[];
  lists: PriceList[];
  rules: PriceRule[];
  promotions: Promotion[];
  customers: Readonly<Record<string, Partial<CustomerRecord>>>;
}

const clock = manualClock(Date.parse(NOW));

const SETTINGS = {
  channelLists: new Map<string, string>(), groupLists: new Map<string, string>(), privateChannels: new Set(['trade']), policy: POLICY, staleAfterMs: 60_000,
} as unknown as PriceSettings;

export function quoteToolsOf(world: QuoteWorld): QuoteTools {
  const book = {
    readFacts: async (skus: readonly string[]) => new Map(skus.map((sku) => [sku, factsOf(world.prices.find((price) => price.sku === sku) ?? null, world.lists, world.rules)])),
    readOrigin: async () => ({ asOf: NOW, source: 'erp', freshness: 'RECENT' }),
  } as unknown as PriceBook;
  const customer: Pick<CustomerClient, 'readCustomer'> = {
    readCustomer: async ({ number }) => (number in world.customers ? ({ active: true, companyNumber: null, priceListCode: null, number, ...world.customers[number] } as CustomerRecord) : null),
  };
  return {
    book, settings: SETTINGS, clock, customers: () => customer as CustomerClient, promotions: { readCurrent: async () => world.promotions },
    seal: createQuoteSeal('a-secret-of-more-than-thirty-two-characters'),
  };
}

export const buyer = (customerNumber: string): PriceBuyer => ({ customerNumber, companyNumber: null, locationNumber: null });
export const contextOf = (more: Partial<PriceContext> = {}): PriceContext => ({ channel: null, buyer: null, currencyCode: null, at: NOW, ...more });
export const lineOf = (sku: string, quantity: string, unit: string | null = null): BasketLine => ({ sku, quantity: d(quantity), unit });

export const promotionOf = (code: string, effect: Promotion['effect'], more: Partial<Promotion> = {}): Promotion => ({
  code, name: `Offer ${code}`, effect, priority: 0, stacking: 'STACKS', exclusionGroup: null, targets: [], channels: [], priceListCodes: [],
  minQuantity: null, maxQuantity: null, minBasket: null, validFrom: null, validUntil: null, active: true, ...more,
});
