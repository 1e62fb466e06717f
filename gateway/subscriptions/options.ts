import type { CatalogClient, PricingClient } from '../../domain/clients.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { GatewayMetrics } from '../metrics.ts';

export interface SubscriptionHubOptions {
  readonly definitions: readonly SubscriptionDefinition[];
  readonly eventLog: EventLog;
  readonly catalog: CatalogClient;
  readonly pricing: PricingClient;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs: number;
}
