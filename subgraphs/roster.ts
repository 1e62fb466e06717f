// Before any decorator runs, whichever module of a subgraph has the first.
import 'reflect-metadata';
import type { SubgraphModule, SubgraphName } from './frame/module.ts';
import type { SubscriptionDefinition } from './frame/subscription.ts';

/** Every subgraph by name, loaded when asked for: a service loads one, the embedded host all five. */
const MODULES: { readonly [Name in SubgraphName]: () => Promise<SubgraphModule<Name>> } = {
  catalog: async () => (await import('./catalog/index.ts')).catalogModule,
  inventory: async () => (await import('./inventory/index.ts')).inventoryModule,
  pricing: async () => (await import('./pricing/index.ts')).pricingModule,
  customer: async () => (await import('./customer/index.ts')).customerModule,
  orders: async () => (await import('./orders/index.ts')).ordersModule,
};

export const loadSubgraph = <Name extends SubgraphName>(name: Name): Promise<SubgraphModule<Name>> => MODULES[name]();

/** How subscription fields are fed: pure definitions, so that a gateway without subgraphs in process has them too. */
export async function loadSubscriptions(): Promise<readonly SubscriptionDefinition[]> {
  const [inventory, pricing, orders] = await Promise.all([
    import('./inventory/subscriptions.ts'), import('./pricing/changes/subscriptions.ts'), import('./orders/following/subscriptions.ts'),
  ]);
  // Each meets events and arguments of its own field only.
  return [...inventory.subscriptions, ...pricing.subscriptions, ...orders.subscriptions] as unknown as readonly SubscriptionDefinition[];
}
