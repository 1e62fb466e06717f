import { GraphQLError, type ExecutionResult } from 'graphql';
import { audienceOf } from '../../domain/principal.ts';
import { subscriptionRootField } from '../execution/subscription-root.ts';
import type { PreparedOperation } from '../prepare-operation.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { openGroup, type SubscriberGroup } from './group.ts';
import type { SubscriptionHubOptions } from './options.ts';

export interface SubscriptionHub {
  /**
   * Opens a subscription: one result per matching event, executed through the graph.
   * @throws GraphQLError or Failure before anything is subscribed
   */
  open(operation: PreparedOperation): Promise<AsyncIterableIterator<ExecutionResult>>;
  /** Ends every subscription after what is queued: the drain before a stop. */
  close(): Promise<void>;
}

const QUEUE_CAPACITY = 256;

export function createSubscriptionHub(options: SubscriptionHubOptions): SubscriptionHub {
  const { server, definitions, metrics } = options;
  const byField = new Map(definitions.map((definition) => [definition.field, definition]));
  // Subscribers that ask the same and may see the same share one execution per event.
  const groups = new Map<string, Promise<SubscriberGroup>>();

  return {
    open: async (operation) => {
      const plan = server.executor.plan({ source: operation.source, document: operation.document, operationName: operation.operation.name?.value });
      const root = subscriptionRootField(plan, operation.variables);
      const definition = byField.get(root.name);
      if (!definition) throw new GraphQLError(`Nothing feeds the subscription ${root.name} here.`, { extensions: { code: 'UNSUPPORTED' } });
      definition.check(root.args as never, operation.scope.principal);
      const key = groupKey(operation);
      let group = groups.get(key);
      if (!group) {
        group = openGroup({ ...options, operation, plan, definition, args: root.args, onEmpty: () => groups.delete(key) });
        groups.set(key, group);
        group.catch(() => groups.delete(key));
      }
      const joined = await group;
      const queue = createDeliveryQueue<ExecutionResult>(QUEUE_CAPACITY, () => {
        joined.leave(queue);
        metrics.subscriptions.closed(root.name);
      });
      metrics.subscriptions.opened(root.name);
      joined.join(queue);
      return queue;
    },
    close: async () => {
      for (const group of groups.values()) await group.then((open) => open.close()).catch(() => undefined);
    },
  };
}

function groupKey({ source, operation, variables, scope }: PreparedOperation): string {
  return JSON.stringify([source, operation.name?.value, variables, audienceOf(scope.principal), scope.principal.subject, scope.shopping]);
}
