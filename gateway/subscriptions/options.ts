import type { CatalogClient, PricingClient } from '../../domain/clients.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import type { GatewayMetrics } from '../metrics.ts';

export interface SubscriptionHubOptions {
  /** Events are executed on the graph of the moment, whichever it was when somebody subscribed. */
  readonly graphs: GraphSource;
  readonly definitions: readonly SubscriptionDefinition[];
  readonly eventLog: EventLog;
  readonly catalog: CatalogClient;
  readonly pricing: PricingClient;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs: number;
  /** A subscriber whose queue has been full for so long without half of it being taken is too slow, and ended. */
  readonly slowAfterMs?: number;
}
