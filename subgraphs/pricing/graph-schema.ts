import type { GraphQLSchema } from 'graphql';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { AdvertisedResolver } from './advertised/resolvers-advertised.ts';
import { PriceChangeResolver } from './changes/resolvers-price-change.ts';
import { PendingPriceChangeConnectionResolver, PendingPriceChangeResolver, PriceGuardMutationResolver } from './guard/resolvers-guard.ts';
import { PromotionResolver } from './promotions/resolvers-promotion.ts';
import type { PricingContext } from './reading/price-session.ts';
import { references } from './reading/references.ts';
import { PricedProductResolver, PricedVariantResolver } from './reading/resolvers.ts';
import { PriceQuoteResolver, PriceRangeResolver } from './reading/resolvers-quote.ts';
import { QuoteResolver } from './quotes/resolvers-quote.ts';
import { PricedProduct, PricedVariant } from './reading/types.ts';
import { ValidationResolver } from './validation/resolvers-validation.ts';

/** The schema this subgraph contributes to the graph. */
export const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<PricingContext>({
    resolvers: [
      PricedVariantResolver,
      PricedProductResolver,
      PriceQuoteResolver,
      PriceRangeResolver,
      PriceChangeResolver,
      QuoteResolver,
      PromotionResolver,
      AdvertisedResolver,
      ValidationResolver,
      PendingPriceChangeResolver,
      PendingPriceChangeConnectionResolver,
      PriceGuardMutationResolver,
    ],
    orphanedTypes: [PricedVariant, PricedProduct],
    references,
  });
