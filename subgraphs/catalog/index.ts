import type { GraphQLSchema } from 'graphql';
import { migrate } from '../../platform/stores/migrate.ts';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { SubgraphModule } from '../frame/module.ts';
import { createCatalogClient } from './category-skus.ts';
import { createCatalogContext, type CatalogContext } from './context.ts';
import { createDirectory } from './directory.ts';
import { catalogFlows, createCatalogFeeds } from './feeds.ts';
import { createReads } from './loaders.ts';
import { references } from './references.ts';
import { CategoryResolver } from './resolvers-category.ts';
import { ProductConnectionResolver } from './resolvers-listing.ts';
import { ProductResolver } from './resolvers-product.ts';
import { CatalogQueryResolver } from './resolvers-query.ts';
import { ProductVariantResolver } from './resolvers-variant.ts';
import { migrations, SCHEMA } from './schema.sql.ts';

/** How long labels, categories and locales may be remembered by one process. */
const DIRECTORY_MAX_AGE_MS = 1_000;

const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<CatalogContext>({
    resolvers: [CatalogQueryResolver, ProductResolver, ProductVariantResolver, ProductConnectionResolver, CategoryResolver],
    orphanedTypes: [],
    references,
  });

export const catalogModule: SubgraphModule<'catalog'> = {
  name: 'catalog',
  buildSchema,
  create: async (dependencies) => {
    const { database, ports, config, clock } = dependencies;
    await migrate(database, SCHEMA, migrations);
    const directory = createDirectory({ sql: database, clock, maxAgeMs: DIRECTORY_MAX_AGE_MS });
    const reads = createReads(database);
    const feeds = createCatalogFeeds({ ports, config, clock });
    return {
      name: 'catalog',
      schema: await buildSchema(),
      createContext: (scope) => createCatalogContext(scope, database, reads, directory),
      client: createCatalogClient(database),
      ...createLifecycle({ dependencies, schema: SCHEMA, feeds, flows: catalogFlows }),
    };
  },
};
