import { graphql } from 'graphql';
import { decimal, isPositive } from '../../../domain/decimal.ts';
import { money } from '../../../domain/money.ts';
import type { PriceList, PriceRule } from '../../../domain/pricing.ts';
import type { BasketQuote } from '../../../domain/quotes.ts';
import { ANONYMOUS } from '../../../domain/principal.ts';
import { runFeedPass } from '../../../platform/feed.ts';
import { silentLog } from '../../../platform/log.ts';
import type { Subgraph } from '../../../subgraphs/frame/module.ts';
import { createPriceFeeds } from '../../../subgraphs/pricing/book/feeds.ts';
import { pricingModule } from '../../../subgraphs/pricing/index.ts';
import { createTestDatabase } from '../../support/database.ts';
import { dependenciesOf, portsOf, testClock, type PriceWorld } from '../../unit/subgraphs/pricing/pricing-fixture.ts';
import { promotionsOf, type PutPromotion } from './offers.ts';
import { midnight, type SoldOrder, type Source } from './source.ts';

/*
 * AdventureWorks as a merchant would set it up, and nothing else: a base list of dated prices, a list of resellers 40 % below it,
 * and promotions. Prices come in through the feeds, promotions through the mutation, answers out of `quoteBasket`.
 */

const BASE_LIST = 'LIST';
const RESELLER_LIST = 'RESELLER';
const CURRENCY = 'USD';
/** Every reseller pays 60 % of the list price, less the offer. */
const RESELLER_PERCENT_OFF = decimal(40);
/** `money` of SQL Server. */
const DIGITS = 4;

const SETTINGS = {
  BASE_PRICE_LISTS: `erp=${BASE_LIST}`, CHANNEL_PRICE_LISTS: `reseller=${RESELLER_LIST}`, PRICE_RESOLUTION: 'erp=FIRST_LIST/FIRST_WINS',
};

export interface PriceHouse {
  readonly rejected: readonly string[];
  quote(order: SoldOrder): Promise<BasketQuote>;
  close(): Promise<void>;
}

/** On a PostgreSQL of its own. @throws Error naming what a feed or the mutation refused for another reason than a price of zero */
export async function openHouse(source: Source): Promise<PriceHouse> {
  const test = await createTestDatabase();
  try {
    const world = worldOf(source);
    const nobody = { readCustomer: async () => null };
    const subgraph = await pricingModule.create(dependenciesOf(test.database, portsOf(world), nobody, SETTINGS));
    const rejected: string[] = [];
    for (const feed of createPriceFeeds({ ports: portsOf(world), intervalMs: 1_000, clock: testClock, baseListCode: BASE_LIST })) {
      const report = await runFeedPass({ database: test.database, schema: 'pricing', clock: testClock, log: silentLog, pageTimeoutMs: 60_000 }, feed, AbortSignal.timeout(600_000));
      if (report === null) throw new Error(`feed ${feed.name} did not run`);
      rejected.push(...(await test.database.query<{ key: string; reason: string }>('select key, reason from pricing.feed_reject where feed = $1', [feed.name])).map(({ key, reason }) => `${feed.name} ${key}: ${reason}`));
    }
    for (const promotion of promotionsOf(source.offers)) await putPromotion(subgraph, promotion);
    return {
      rejected,
      quote: ({ lines, channel, day }) => subgraph.client.quoteBasket({
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), context: { channel, buyer: null, currencyCode: null, at: midnight(day) }, quoteToken: null,
      }),
      close: () => test.drop(),
    };
  } catch (error) {
    await test.drop();
    throw error;
  }
}

function worldOf({ items, prices }: Source): PriceWorld {
  const listed = (code: string, name: string): PriceList => ({
    code, name, currencyCode: CURRENCY, roundingMode: 'HALF_UP', roundingDigits: DIGITS, roundingPlace: 'UNIT', taxIncluded: false, active: true, updatedAt: null,
  });
  const rule = (some: Pick<PriceRule, 'reference' | 'priceListCode' | 'target' | 'formula'> & Partial<PriceRule>): PriceRule => ({
    precedence: '0', minQuantity: null, unitCode: null, validFrom: null, validUntil: null, updatedAt: null, ...some,
  });
  return {
    prices: items.filter(({ listPrice }) => isPositive(listPrice)).map(({ sku, listPrice, cost }) => ({
      sku, price: money(listPrice, CURRENCY), cost: money(cost, CURRENCY), reference: sku, groupCode: sku, categoryCodes: [], unitCode: null, units: [], taxCodes: [], updatedAt: null,
    })),
    lists: [listed(BASE_LIST, 'List prices'), listed(RESELLER_LIST, 'Resellers')],
    rules: [
      ...prices.map(({ sku, price, from, until }) => rule({
        reference: `${sku}@${from}`, priceListCode: BASE_LIST, target: { kind: 'SKU', sku }, formula: { kind: 'FIXED', amount: price },
        validFrom: midnight(from), validUntil: until && midnight(until),
      })),
      rule({ reference: 'resellers', priceListCode: RESELLER_LIST, target: { kind: 'ALL' }, formula: { kind: 'PERCENT_OFF', percent: RESELLER_PERCENT_OFF, base: { kind: 'LIST' } } }),
    ],
  };
}

const PUT = 'mutation ($input: PutPromotionInput!) { putPromotion(input: $input) { promotion { code } userErrors { code field message } } }';

/** As a merchant puts it, who may also approve. */
async function putPromotion({ schema, createContext }: Subgraph<'pricing'>, promotion: PutPromotion): Promise<void> {
  const contextValue = createContext({
    principal: { ...ANONYMOUS, subject: 'merchant', kind: 'OPERATIONS', scopes: ['price:write', 'price:approve'] }, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null },
    signal: AbortSignal.timeout(60_000), deadlineAtMs: testClock.now() + 60_000, traceparent: null,
  });
  const { data, errors } = await graphql({ schema, source: PUT, contextValue, variableValues: { input: { idempotencyKey: promotion.code, promotion } } });
  const payload = data?.['putPromotion'] as { readonly userErrors: readonly unknown[] } | undefined;
  if (errors || !payload || payload.userErrors.length > 0) throw new Error(`promotion ${promotion.code}: ${JSON.stringify(errors ?? payload)}`);
}
