import type { GraphQLSchema } from 'graphql';
import { migrate } from '../../platform/stores/migrate.ts';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { findApiKeys, noteApiKeyUses } from './access-keys/key-lookup.ts';
import { ACCESS_KEYS_MIGRATION } from './access-keys/migration.ts';
import { ApiKeyResolver, type AccessKeysContext } from './access-keys/resolvers-keys.ts';
import { checkCredit } from './credit.ts';
import { createCustomerBook } from './customer-book.ts';
import { createCustomerSession, type CustomerContext } from './customer-session.ts';
import { createCustomerFeeds } from './feeds.ts';
import { CompanyFields, CustomerFields } from './field-resolvers.ts';
import { references } from './references.ts';
import { CustomerConnectionFields, CustomerQueries } from './resolvers.ts';
import { CUSTOMER_MIGRATIONS, CUSTOMER_SCHEMA } from './schema.sql.ts';

const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<CustomerContext & AccessKeysContext>({
    resolvers: [CustomerQueries, CustomerConnectionFields, CustomerFields, CompanyFields, ApiKeyResolver],
    orphanedTypes: [],
    references,
  });

async function create(dependencies: SubgraphDependencies): Promise<Subgraph<'customer'>> {
  const { config, database, ports, clock } = dependencies;
  await migrate(database, CUSTOMER_SCHEMA, [...CUSTOMER_MIGRATIONS, ACCESS_KEYS_MIGRATION]);
  const feeds = createCustomerFeeds({ ports, intervalMs: config.CONTENT_POLL_MS, clock });
  const book = createCustomerBook(database, ports.port('customers')?.source ?? null);
  const accessKeys = { database, book, clock };
  const lifecycle = createLifecycle({ dependencies, schema: CUSTOMER_SCHEMA, feeds, flows: { customers: 'customers' } });
  return {
    name: 'customer',
    schema: await buildSchema(),
    createContext: (scope): CustomerContext & AccessKeysContext => ({ scope, customers: createCustomerSession(book, scope), accessKeys }),
    client: {
      readCustomer: async ({ number }) => (await book.readAll([number]))[0] ?? null,
      findCustomerByEmail: ({ email }) => book.findOnlyByEmail(email),
      checkCredit: (question) => checkCredit(book, question),
      findApiKeys: ({ prefixes }) => findApiKeys(accessKeys, prefixes),
      noteApiKeyUses: ({ uses }) => noteApiKeyUses(accessKeys, uses),
    },
    ...lifecycle,
  };
}

/** Customers: persons and companies, what was agreed with them, and who may know. */
export const customerModule: SubgraphModule<'customer'> = { name: 'customer', buildSchema, create };
