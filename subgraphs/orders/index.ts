import type { GraphQLSchema } from 'graphql';
import { migrate } from '../../platform/stores/migrate.ts';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { createLifecycle, type Lifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { createOrdersContext, type OrdersContext } from './context.ts';
import { createOrderFeeds, FEED_OF_FLOW } from './feeds.ts';
import { reasonsOfOrders } from './health.ts';
import { createPlaceOrder } from './place-order.ts';
import { references } from './references.ts';
import { OrderConnectionResolver, OrderLineResolver, OrderResolver } from './resolvers-order.ts';
import { OrderMutationResolver, OrderQueryResolver, OrderSubscriptionResolver } from './resolvers-root.ts';
import { ReturnResolver, ShipmentLineResolver, ShipmentResolver } from './resolvers-shipment.ts';
import { migrations, SCHEMA } from './schema.sql.ts';
import { DEFAULT_SETTINGS, type OrdersSettings } from './settings.ts';
import { defineSubmitQueue, startSubmissionWorker, type SubmissionWorker } from './submission-worker.ts';

const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<OrdersContext>({
    resolvers: [
      OrderQueryResolver, OrderMutationResolver, OrderSubscriptionResolver, OrderResolver, OrderLineResolver, OrderConnectionResolver,
      ShipmentResolver, ShipmentLineResolver, ReturnResolver,
    ],
    orphanedTypes: [],
    references,
  });

/** The subgraph with other settings than the usual ones; for tests that cannot wait as long as an ERP may take. */
export async function createOrders(dependencies: SubgraphDependencies, settings: OrdersSettings): Promise<Subgraph<'orders'>> {
  const { database } = dependencies;
  await migrate(database, SCHEMA, migrations);
  await defineSubmitQueue(dependencies);
  const placeOrder = createPlaceOrder(dependencies, settings);
  const lifecycle = createLifecycle({ dependencies, schema: SCHEMA, feeds: createOrderFeeds(dependencies), flows: FEED_OF_FLOW });
  return {
    name: 'orders',
    schema: await buildSchema(),
    createContext: (scope) => createOrdersContext(scope, database, placeOrder),
    client: null,
    ...lifecycle,
    ...withSubmission(dependencies, settings, lifecycle),
  };
}

/** Adds the submission worker to the moving parts. */
function withSubmission(dependencies: SubgraphDependencies, settings: OrdersSettings, lifecycle: Lifecycle): Pick<Lifecycle, 'start' | 'health' | 'stop'> {
  const { database, clock, config } = dependencies;
  const stopping = new AbortController();
  let worker: SubmissionWorker | null = null;
  return {
    start: async () => {
      await lifecycle.start();
      worker = await startSubmissionWorker({ ...dependencies, settings, signal: stopping.signal });
    },
    health: async () => {
      const { ok, reasons } = await lifecycle.health();
      return { ok, reasons: [...reasons, ...(await reasonsOfOrders(database, clock).catch((error: Error) => [`how orders stand cannot be read: ${error.message}`]))] };
    },
    stop: async () => {
      await worker?.stop(config.DRAIN_TIMEOUT_MS / 2);
      stopping.abort(new Error('stopping'));
      await lifecycle.stop();
    },
  };
}

export const ordersModule: SubgraphModule<'orders'> = {
  name: 'orders',
  buildSchema,
  create: (dependencies) => createOrders(dependencies, DEFAULT_SETTINGS),
};
