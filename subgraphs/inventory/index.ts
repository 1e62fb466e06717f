import { hostname } from 'node:os';
import type { GraphQLSchema } from 'graphql';
import { readJsonFile } from '../../platform/config.ts';
import { migrate } from '../../platform/stores/migrate.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { buildFederatedSchema } from '../frame/federated-schema.ts';
import { createLifecycle } from '../frame/lifecycle.ts';
import type { Subgraph, SubgraphDependencies, SubgraphModule } from '../frame/module.ts';
import { startAllocationRounds } from './channels/rebalance.ts';
import { createFeeds, FEED_OF_FLOW } from './feeds.ts';
import { startExpiryTimer } from './holds/expiry.ts';
import { startPruning } from './holds/pruning.ts';
import { createInventoryBook } from './inventory-book.ts';
import { createInventoryContext, type InventoryContext } from './loaders.ts';
import { DEFAULT_POLICY, type InventoryPolicy } from './promise/policy.ts';
import { parsePolicy } from './promise/policy-file.ts';
import { references } from './references.ts';
import { AvailabilityResolver, LocationsResolver, StockedProductResolver, StockedVariantResolver } from './resolvers.ts';
import { AvailabilityAlternativeResolver, AvailabilityCheckResolver, AvailabilityConfirmedResolver, AvailabilityPartialResolver } from './resolvers-check.ts';
import { AllocationMoveResolver, ChannelAllocationResolver, ChannelListingResolver, SkuAllocationResolver } from './resolvers-allocation.ts';
import { ReconciliationResolver } from './resolvers-reconciliation.ts';
import { StockChangeResolver } from './resolvers-stock-change.ts';
import { StockHoldBasketLineResolver, StockHoldLineResolver, StockHoldResolver } from './resolvers-hold.ts';
import { MIGRATIONS, SCHEMA } from './schema.sql.ts';
import { withStatuses } from './changes/stock-events.ts';
import { StockedProduct, StockedVariant } from './types.ts';
import { reasonsOfClocks, type ClockDifference } from './supply/clocks.ts';
import { reasonsOfReconciliation } from './supply/reconciliation-reports.ts';
import { createHotLane, type HotLane } from './supply/hot-lane.ts';
import { startUpkeep, type UpkeepOptions } from './supply/upkeep.ts';

const buildSchema = (): Promise<GraphQLSchema> =>
  buildFederatedSchema<InventoryContext>({
    resolvers: [
      AvailabilityResolver, StockedVariantResolver, StockedProductResolver, LocationsResolver, StockChangeResolver,
      AvailabilityCheckResolver, AvailabilityConfirmedResolver, AvailabilityPartialResolver, AvailabilityAlternativeResolver, StockHoldResolver, StockHoldLineResolver, StockHoldBasketLineResolver,
      ChannelAllocationResolver, SkuAllocationResolver, AllocationMoveResolver, ChannelListingResolver, ReconciliationResolver,
    ],
    orphanedTypes: [StockedVariant, StockedProduct],
    references,
  });

/** The subgraph with a merchant's own policy. */
export async function createInventory(dependencies: SubgraphDependencies, policy: InventoryPolicy): Promise<Subgraph<'inventory'>> {
  const { config, database, clock, log } = dependencies;
  await migrate(database, SCHEMA, MIGRATIONS);
  const book = createInventoryBook(dependencies, policy);
  const lifecycle = createLifecycle({ dependencies, schema: SCHEMA, feeds: createFeeds(dependencies), flows: FEED_OF_FLOW, presentEvent: (event) => withStatuses(event as never, policy) });
  const hotLane = createHotLane({ database, clock, log, config, stock: dependencies.ports.port('stock') });
  const running: { stop(): Promise<void> }[] = [hotLane];
  return {
    ...lifecycle,
    name: 'inventory',
    schema: await buildSchema(),
    createContext: (scope): InventoryContext => createInventoryContext(book, scope),
    client: book,
    start: async () => {
      await lifecycle.start();
      running.push(startExpiryTimer({ database, clock }, log), startPruning(database, log), startUpkeep(upkeepOf(dependencies)), startAllocationRounds({ database, clock, log, policy, intervalMs: config.STOCK_POLL_MS }));
      hotLane.start();
    },
    health: async () => {
      const { ok, reasons } = await lifecycle.health();
      return { ok, reasons: [...reasons, ...(await reasonsOfSupply(database, hotLane))] };
    },
    details: async () => ({ hotLane: await hotLane.status() }),
    stop: async () => {
      await Promise.all(running.map((part) => part.stop()));
      await lifecycle.stop();
    },
  };
}

function upkeepOf({ config, database, clock, log, ports }: SubgraphDependencies): UpkeepOptions {
  const stock = ports.port('stock');
  const vendorClock = (): ClockDifference | null => {
    const differenceMs = stock?.port.clockDifferenceMs?.() ?? null;
    return stock === null || differenceMs === null ? null : { clock: stock.source, kind: 'VENDOR', differenceMs };
  };
  return { database, clock, log, intervalMs: config.STOCK_POLL_MS, processName: `${hostname()}:${process.pid}`, vendorClock };
}

const reasonsOfSupply = async (database: Database, hotLane: HotLane): Promise<readonly string[]> =>
  Promise.all([reasonsOfClocks(database), reasonsOfReconciliation(database), hotLane.reasons()]).then(
    (reasons) => reasons.flat(),
    (error: Error) => [`how the books of inventory stand cannot be read: ${error.message}`],
  );

const readPolicy = (path: string | undefined): InventoryPolicy => (path === undefined ? DEFAULT_POLICY : parsePolicy(readJsonFile(path), path));

/** Inventory: what can be promised, to whom it is promised, and what changes. */
export const inventoryModule: SubgraphModule<'inventory'> = {
  name: 'inventory',
  buildSchema,
  create: (dependencies) => createInventory(dependencies, readPolicy(dependencies.config.INVENTORY_POLICY_FILE)),
};
