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
  /** Ends every subscription after what is queued, and opens none any more: the drain before a stop. */
  close(): Promise<void>;
}

const QUEUE_CAPACITY = 256;

/** A group and those who are in it or on their way: it is left only when nobody is coming either. */
interface Shared {
  readonly group: Promise<SubscriberGroup>;
  users: number;
}

export function createSubscriptionHub(options: SubscriptionHubOptions): SubscriptionHub {
  const { server, definitions, metrics } = options;
  const byField = new Map(definitions.map((definition) => [definition.field, definition]));
  // Subscribers that ask the same and may see the same share one execution per event.
  const groups = new Map<string, Shared>();
  let closed = false;

  const leave = (key: string, shared: Shared): void => {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (groups.get(key) === shared) groups.delete(key);
    void shared.group.then((group) => group.close(), () => undefined);
  };
  return {
    open: async (operation) => {
      if (closed) throw new GraphQLError('This gateway is about to stop: subscribe again.', { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });
      const plan = server.executor.plan({ source: operation.source, document: operation.document, operationName: operation.operation.name?.value });
      const root = subscriptionRootField(plan, operation.variables);
      const definition = byField.get(root.name);
      if (!definition) throw new GraphQLError(`Nothing feeds the subscription ${root.name} here.`, { extensions: { code: 'UNSUPPORTED' } });
      definition.check(root.args as never, operation.scope.principal);
      const key = groupKey(operation);
      const shared = groups.get(key) ?? { group: openGroup({ ...options, operation, plan, definition, args: root.args }), users: 0 };
      groups.set(key, shared);
      shared.users += 1;
      const group = await shared.group.catch((error: unknown) => {
        leave(key, shared);
        throw error;
      });
      const queue = createDeliveryQueue<ExecutionResult>(QUEUE_CAPACITY, () => {
        group.leave(queue);
        leave(key, shared);
        metrics.subscriptions.closed(root.name);
      });
      metrics.subscriptions.opened(root.name);
      group.join(queue);
      if (closed) queue.end();
      return queue;
    },
    close: async () => {
      closed = true;
      for (const { group } of [...groups.values()]) await group.then((open) => open.endAll()).catch(() => undefined);
    },
  };
}

function groupKey({ source, operation, variables, scope }: PreparedOperation): string {
  return JSON.stringify([source, operation.name?.value, variables, audienceOf(scope.principal), scope.principal.subject, scope.shopping]);
}
