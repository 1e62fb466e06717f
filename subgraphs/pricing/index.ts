import type { PricingClient } from '../../domain/clients.ts';
import { instant, type Instant } from '../../domain/time.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { createPriceFeeds } from './book/feeds.ts';
import { createAdvertisedDesk } from './advertised/advertised-desk.ts';
import { createAdvertisedBook } from './advertised/advertised-book.ts';
import { createPriceBook } from './book/price-book.ts';
import { reasonsOfRemovalWatch } from './book/removal-store.ts';
import { readListsInForce } from './changes/lists-in-force.ts';
import { createWindowWatch } from './changes/window-edges.ts';
import { buildSchema } from './graph-schema.ts';
import { createGuardExpiry } from './guard/expiry.ts';
import { createGuardDesk, type GuardContext } from './guard/guard-desk.ts';
import { reasonsOfGuard } from './guard/guard-health.ts';
import { readGuardSettings } from './guard/guard-settings.ts';
import { createPriceGuard } from './guard/price-guard.ts';
import type { PromotionTools } from './promotions/administration.ts';
import { createPromotionBook } from './promotions/promotion-book.ts';
import { createPromotionDesk } from './promotions/promotion-desk.ts';
import { quoteBasket } from './quotes/quote-basket.ts';
import { createQuoteDesk } from './quotes/quote-desk.ts';
import type { QuoteTools } from './quotes/quote-lines.ts';
import { quotePrices } from './quotes/quote-prices.ts';
import { createQuoteSeal } from './quotes/quote-seal.ts';
import { readQuoteSecret } from './quotes/quote-secret.ts';
import type { PriceReaderTools } from './reading/price-reader.ts';
import { createPriceSession } from './reading/price-session.ts';
import { PRICING_MIGRATIONS, PRICING_SCHEMA } from './schema.sql.ts';
import { readSettings } from './settings.ts';
import { checkErpPrices } from './validation/checkout-check.ts';
import { tellDifferences } from './validation/difference-store.ts';
import { createDifferenceRecheck } from './validation/recheck-differences.ts';
import type { ValidationContext } from './validation/resolvers-validation.ts';
import type { ValidationTools } from './validation/validate-prices.ts';

const WINDOW_POLL_MS = 500;
const EXPIRY_POLL_MS = 5_000;
const RECHECK_POLL_MS = 60_000;
/** Each flow has a feed of its name, where the source has it. */
const FLOWS = { prices: 'prices', priceLists: 'priceLists', priceRules: 'priceRules', currencyRates: 'currencyRates', taxRates: 'taxRates' };

async function create(dependencies: SubgraphDependencies): Promise<Subgraph<'pricing'>> {
  const { config, database, ports, clients, clock, log } = dependencies;
  await migrate(database, PRICING_SCHEMA, PRICING_MIGRATIONS);
  const prices = ports.port('prices');
  const source = prices?.source ?? null;
  const settings = readSettings(config, source);
  const now = (): Instant => instant(clock.now());
  const guarding = readGuardSettings(config, source ?? '', settings.groupLists);
  const gate = createPriceGuard({ settings: guarding, policy: settings.policy, channelLists: [...settings.channelLists.values()], now, log });
  const feeds = createPriceFeeds({ ports, intervalMs: config.PRICE_POLL_MS, clock, gate, baseListCode: settings.policy.baseListCode });
  const book = createPriceBook({ database, clock, settings, source, feeds: feeds.map((feed) => feed.name) });
  const customers = () => clients.customer;
  const promotions = createPromotionBook({ database });
  const quoting: QuoteTools = { book, settings, customers, clock, promotions, seal: createQuoteSeal(await readQuoteSecret(config, database)) };
  const reading: PriceReaderTools = { book, settings, customers, clock, promotions, advertised: createAdvertisedBook({ database }) };
  const validation: ValidationTools = { database, clock, book, settings, customers, prices, deadlineMs: config.CHECK_DEADLINE_MS };
  const promoting: PromotionTools = { database, clock, mayFall: (list) => guarding.thresholdOf(list)?.down ?? null };
  const client: PricingClient = {
    quotePrices: (request) => quotePrices(quoting, request),
    quoteBasket: (request) => quoteBasket({ ...quoting, ...checkErpPrices(validation) }, request),
    readListsInForce: (request) => readListsInForce({ database, customers, settings }, request),
  };
  const lifecycle = createLifecycle({
    dependencies, schema: PRICING_SCHEMA, feeds, flows: FLOWS,
  });
  const workers = [createWindowWatch({ database, clock, log, pollMs: WINDOW_POLL_MS }), createGuardExpiry({ database, now, log, everyMs: EXPIRY_POLL_MS }), createDifferenceRecheck(validation, { log, everyMs: RECHECK_POLL_MS })];
  return {
    name: 'pricing',
    schema: await buildSchema(),
    createContext: (scope): ValidationContext & GuardContext => ({
      scope, validation, prices: createPriceSession(reading, scope), quotes: createQuoteDesk({ ...quoting, ttlMs: config.PRICE_QUOTE_TTL_MS }, scope),
      promotions: createPromotionDesk(promoting, scope), advertised: createAdvertisedDesk({ database, clock }, scope), guard: createGuardDesk({ database, now }),
    }),
    client,
    ...lifecycle,
    health: async () => {
      const { ok, reasons } = await lifecycle.health();
      return { ok, reasons: [...reasons, ...(await tellWhatWaits(database, source, ok))] };
    },
    start: async () => {
      await lifecycle.start();
      for (const worker of workers) worker.start();
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await lifecycle.stop();
    },
  };
}

/** What waits for a person. A store that cannot be read at all has been told by then. */
const tellWhatWaits = async (database: Database, source: string | null, isReadable: boolean): Promise<readonly string[]> => {
  try {
    return (await Promise.all([tellDifferences(database, source), reasonsOfGuard(database), reasonsOfRemovalWatch(database)])).flat();
  } catch (error) {
    return isReadable ? [`pricing cannot tell what waits for a person: ${(error as Error).message}`] : [];
  }
};

/** Prices: what a variant costs this buyer, at this quantity, now. */
export const pricingModule: SubgraphModule<'pricing'> = { name: 'pricing', buildSchema, create };
