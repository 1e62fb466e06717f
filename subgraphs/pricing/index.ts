import type { GraphQLSchema } from 'graphql';
import { migrate } from '../../platform/stores/migrate.ts';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { readListsInForce } from './changes/lists-in-force.ts';
import { PriceChangeResolver } from './changes/resolvers-price-change.ts';
import { createPriceFeeds } from './book/feeds.ts';
import { createPriceBook } from './book/price-book.ts';
import { createPriceSession, type PricingContext } from './reading/price-session.ts';
import { references } from './reading/references.ts';
import { PricedProductResolver, PricedVariantResolver } from './reading/resolvers.ts';
import { PRICING_MIGRATIONS, PRICING_SCHEMA } from './schema.sql.ts';
import { quoteBasket } from './quotes/quote-basket.ts';
import { quotePrices, type QuoteTools } from './quotes/quote-prices.ts';
import { readSettings } from './settings.ts';
import { PricedProduct, PricedVariant } from './reading/types.ts';

const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<PricingContext>({
    resolvers: [PricedVariantResolver, PricedProductResolver, PriceChangeResolver],
    orphanedTypes: [PricedVariant, PricedProduct],
    references,
  });

async function create(dependencies: SubgraphDependencies): Promise<Subgraph<'pricing'>> {
  const { config, database, ports, clients, clock } = dependencies;
  await migrate(database, PRICING_SCHEMA, PRICING_MIGRATIONS);
  const feeds = createPriceFeeds({ ports, intervalMs: config.PRICE_POLL_MS, clock });
  const source = ports.port('prices')?.source ?? null;
  const settings = readSettings(config, source);
  const book = createPriceBook({ database, clock, settings, source, feeds: feeds.map((feed) => feed.name) });
  const quoting: QuoteTools = { book, settings, customers: () => clients.customer };
  const lifecycle = createLifecycle({
    dependencies, schema: PRICING_SCHEMA, feeds, flows: { prices: 'prices', priceLists: 'priceLists', priceRules: 'priceRules' },
  });
  return {
    name: 'pricing',
    schema: await buildSchema(),
    createContext: (scope): PricingContext => ({ scope, prices: createPriceSession({ book, settings, customers: () => clients.customer, clock, scope }) }),
    client: { quotePrices: (request) => quotePrices(quoting, request), quoteBasket: (request) => quoteBasket(quoting, request), readListsInForce: (request) => readListsInForce({ ...quoting, database }, request) },
    ...lifecycle,
  };
}

/** Prices: what a variant costs this buyer, at this quantity, now. */
export const pricingModule: SubgraphModule<'pricing'> = { name: 'pricing', buildSchema, create };
