import { GraphQLError, type ExecutionResult } from 'graphql';
import { Failure, invalidInput } from '../../domain/failure.ts';
import { audienceOf } from '../../domain/principal.ts';
import { isCursor } from '../../platform/stores/event-log.ts';
import { subscriptionRootField, type SubscriptionRootField } from '../execution/subscription-root.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import { openGroup, type SubscriberGroup } from './group.ts';
import type { SubscriptionHubOptions } from './options.ts';

export interface SubscriptionHub {
  /**
   * Opens a subscription: one result per matching event, executed through the graph.
   * @param lastEventId where to resume from when the operation itself does not say: the last `id` of an event stream
   * @throws GraphQLError or Failure before anything is subscribed
   */
  open(operation: PreparedOperation, lastEventId?: string | null): Promise<AsyncIterableIterator<ExecutionResult>>;
  /** Ends every subscription after what waits for it, and opens none any more: the drain before a stop. */
  close(): Promise<void>;
}

/** A group and those who are in it or on their way: it is left only when nobody is coming either. */
interface Shared {
  readonly group: Promise<SubscriberGroup>;
  users: number;
}

export function createSubscriptionHub(options: SubscriptionHubOptions): SubscriptionHub {
  const { definitions, metrics } = options;
  const byField = new Map(definitions.map((definition) => [definition.field, definition]));
  // Subscribers that ask the same and may see the same share what is found out and executed for them.
  const groups = new Map<string, Shared>();
  let closed = false;

  const leave = (key: string, shared: Shared): void => {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (groups.get(key) === shared) groups.delete(key);
    void shared.group.then((group) => group.close(), () => undefined);
  };
  return {
    open: async (operation, lastEventId = null) => {
      if (closed) throw stopping();
      const plan = operation.graph.executor.plan({ source: operation.source, document: operation.document, operationName: operation.operation.name?.value });
      const root = subscriptionRootField(plan, operation.variables);
      const definition = byField.get(root.name);
      if (!definition) throw new GraphQLError(`Nothing feeds the subscription ${root.name} here.`, { extensions: { code: 'UNSUPPORTED' } });
      definition.check(root.args as never, operation.scope.principal);
      const after = resumeFrom(root, lastEventId);
      const key = groupKey(operation, root);
      const shared = groups.get(key) ?? { group: openGroup({ ...options, operation, plan, definition, args: root.args }), users: 0 };
      groups.set(key, shared);
      shared.users += 1;
      try {
        const subscriber = await (await shared.group).join(after, () => {
          leave(key, shared);
          metrics.subscriptions.closed(root.name);
        });
        metrics.subscriptions.opened(root.name);
        if (closed) subscriber.end();
        return subscriber;
      } catch (error) {
        leave(key, shared);
        throw asUnavailable(error);
      }
    },
    close: async () => {
      closed = true;
      for (const { group } of [...groups.values()]) await group.then((open) => open.endAll()).catch(() => undefined);
    },
  };
}

const stopping = (): GraphQLError => new GraphQLError('This gateway is about to stop: subscribe again.', { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });

/** What is neither the caller's mistake nor a refusal is the event log being away. */
const asUnavailable = (cause: unknown): unknown =>
  cause instanceof Failure || cause instanceof GraphQLError ? cause : new Failure('UPSTREAM_UNAVAILABLE', 'change events cannot be read at present; subscribe again', { cause });

/** @throws Failure INVALID_INPUT for what is no cursor. */
function resumeFrom({ args }: SubscriptionRootField, lastEventId: string | null): string | null {
  const given = args['after'];
  const [field, cursor] = typeof given === 'string' ? ['after', given] : ['last-event-id', lastEventId];
  if (cursor !== null && !isCursor(cursor)) throw invalidInput([field], `${field} is not a cursor; give one that an event of this subscription came with, or none`);
  return cursor;
}

/** Where each resumes from does not change what they are told: whoever gives it in a variable of its own shares with the others. */
function groupKey({ source, operation, variables, scope }: PreparedOperation, { argumentVariables }: SubscriptionRootField): string {
  const name = argumentVariables['after'];
  const isItsOwn = name !== undefined && source.split(new RegExp(`\\$${name}\\b`)).length === 3;
  const asked = isItsOwn ? Object.fromEntries(Object.entries(variables).filter(([variable]) => variable !== name)) : variables;
  return JSON.stringify([source, operation.name?.value, asked, audienceOf(scope.principal), scope.principal.subject, scope.shopping]);
}
