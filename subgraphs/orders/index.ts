import { migrate } from '../../platform/stores/migrate.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { createChangeWork } from './changes/lifecycle.ts';
import { defineChangeQueue } from './changes/worker.ts';
import { createOrdersContext, type OrdersServices } from './context.ts';
import { createOrderFeeds, FEED_OF_FLOW } from './following/feeds.ts';
import { presentOrderEvent } from './following/telling.ts';
import { createPlaceOrder } from './placing/place-order.ts';
import { readCodesFile } from './codes/codes-file.ts';
import { putFirstMappings } from './codes/set-code.ts';
import { defineReleaseQueue } from './resolution/release-stock.ts';
import { withReturnWork } from './returns/lifecycle.ts';
import { readReturnPolicy } from './returns/policy.ts';
import type { ReturnTools } from './returns/tools.ts';
import { defineReturnQueue } from './returns/worker.ts';
import { MIGRATIONS, SCHEMA } from './schema.sql.ts';
import { settingsOf, type OrdersSettings } from './settings.ts';
import { defineSubmitQueue } from './submission/worker.ts';
import { buildSchema } from './graph-schema.ts';
import { withSubmission } from './submission/lifecycle.ts';

/** The subgraph with other settings than the usual ones; for tests that cannot wait as long as an ERP may take. */
export async function createOrders(dependencies: SubgraphDependencies, settings: OrdersSettings): Promise<Subgraph<'orders'>> {
  const { database } = dependencies;
  await migrate(database, SCHEMA, MIGRATIONS);
  await defineSubmitQueue(dependencies);
  await defineReleaseQueue(dependencies);
  await putFirstMappings(dependencies, readCodesFile(dependencies.config.ORDER_CODES_FILE));
  await defineReturnQueue(dependencies);
  await defineChangeQueue(dependencies);
  const placeOrder = createPlaceOrder(dependencies, settings);
  const returns: ReturnTools = { ...dependencies, settings, placeOrder, policy: settings.returns ?? readReturnPolicy(dependencies.config.RETURN_POLICY_FILE) };
  const changes = createChangeWork(dependencies, settings.changes);
  const notifyAfterPickup = dependencies.config.ORDER_NOTIFY_AFTER_PICKUP;
  const services: OrdersServices = { database, clock: dependencies.clock, placeOrder, notifyAfterPickup, changeOrder: changes.changeOrder, returns, operator: { ...dependencies, settings } };
  const lifecycle = createLifecycle({ dependencies, schema: SCHEMA, feeds: createOrderFeeds(dependencies), flows: FEED_OF_FLOW, presentEvent: presentOrderEvent(notifyAfterPickup) });
  return {
    name: 'orders',
    schema: await buildSchema(),
    createContext: (scope) => createOrdersContext(scope, services),
    client: null,
    ...lifecycle,
    ...withReturnWork(returns, changes.around(withSubmission(dependencies, settings, lifecycle))),
  };
}

export const ordersModule: SubgraphModule<'orders'> = {
  name: 'orders',
  buildSchema,
  create: (dependencies) => createOrders(dependencies, settingsOf(dependencies.config)),
};
