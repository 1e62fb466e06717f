import type { ChangeEvent } from '../../domain/events.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { SubscriptionDefinition } from '../frame/subscription.ts';
import { requireScopes } from '../graph/access.ts';

export interface StockArguments {
  readonly skus: readonly string[];
}

type StockEvent = Extract<ChangeEvent, { type: 'stock.changed' }>;

const MAX_SKUS = 250;

/** Only the latest figure matters: changes of one SKU may be told as one. */
const stockChanged: SubscriptionDefinition<StockEvent, StockArguments> = {
  field: 'stockChanged',
  topic: 'stock',
  matches: (event, { skus }) => skus.includes(event.sku),
  coalesceKey: (event) => event.sku,
  check: ({ skus }, principal) => {
    requireScopes(principal, [['availability:read']]);
    if (skus.length === 0 || skus.length > MAX_SKUS) throw invalidInput(['skus'], `skus must name 1 to ${MAX_SKUS} SKUs`);
  },
};

export const subscriptions: readonly SubscriptionDefinition<StockEvent, StockArguments>[] = [stockChanged];
