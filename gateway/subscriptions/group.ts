import { GraphQLError, type ExecutionResult } from 'graphql';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { Followed, SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { OperationPlan } from '../execution/operation-plan.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import { tracedOperation } from '../traces.ts';
import type { SubscriptionHubOptions } from './options.ts';
import { Subscriber } from './subscriber.ts';

/** Subscribers with the same operation, variables and audience: those who take an event at the same time share its execution. */
export interface SubscriberGroup {
  /** @param after where to resume from; null = from now on */
  join(after: string | null, onClosed: () => void): Promise<Subscriber>;
  /** Ends every subscriber's stream after what waits for it. */
  endAll(): void;
  /** Listens no longer. */
  close(): void;
}

export interface SubscriberGroupOptions extends SubscriptionHubOptions {
  readonly operation: PreparedOperation;
  readonly plan: OperationPlan;
  readonly definition: SubscriptionDefinition;
  readonly args: Readonly<Record<string, unknown>>;
}

export async function openGroup(options: SubscriberGroupOptions): Promise<SubscriberGroup> {
  const { definition, args, operation, eventLog, log } = options;
  const subscribers = new Set<Subscriber>();
  const followed: Followed | null = definition.follow === null ? null : await definition.follow(args as never, {
    ...options, scope: operation.scope, onEntered: (keys) => subscribers.forEach((subscriber) => subscriber.onEntered(keys)),
  });
  const unsubscribe = await eventLog.subscribe(
    definition.topic,
    (event) => subscribers.forEach((subscriber) => subscriber.onEvent(event)),
    () => subscribers.forEach((subscriber) => subscriber.onLost()),
  ).catch((error: unknown) => {
    followed?.close();
    throw error;
  });
  const matches = (payload: never): boolean => definition.matches(payload, args as never, operation.scope.principal) && (followed?.includes(payload) ?? true);
  const merge = createMerger(definition);
  const execute = createExecution(options);
  return {
    join: async (after, onClosed) => {
      const subscriber: Subscriber = new Subscriber({
        ...options, log, matches, merge, execute, after: after ?? (await eventLog.position(definition.topic)),
        keys: () => followed?.keys() ?? null,
        onClosed: () => {
          subscribers.delete(subscriber);
          onClosed();
        },
      });
      subscribers.add(subscriber);
      return subscriber;
    },
    endAll: () => subscribers.forEach((subscriber) => subscriber.end()),
    close: () => {
      unsubscribe();
      followed?.close();
    },
  };
}

/** Two events merge to one and the same object for everybody, so that its execution is shared as well. */
function createMerger({ coalescing }: SubscriptionDefinition): (earlier: LoggedEvent, later: LoggedEvent) => LoggedEvent {
  const merged = new WeakMap<LoggedEvent, WeakMap<LoggedEvent, LoggedEvent>>();
  return (earlier, later) => {
    const byLater = merged.get(earlier) ?? new WeakMap<LoggedEvent, LoggedEvent>();
    merged.set(earlier, byLater);
    const event = byLater.get(later) ?? { ...later, payload: coalescing!.merge(earlier.payload as never, later.payload as never) };
    byLater.set(later, event);
    return event;
  };
}

/** An answer older than this is not handed to whoever comes late: everything in it is told as it is when delivered. */
const SHARED_FOR_MS = 1_000;

function createExecution(options: SubscriberGroupOptions): (event: LoggedEvent) => Promise<ExecutionResult> {
  const running = new WeakMap<LoggedEvent, { readonly startedAt: number; readonly result: Promise<ExecutionResult> }>();
  return (event) => {
    const now = options.clock.monotonic();
    const known = running.get(event);
    if (known && now - known.startedAt < SHARED_FOR_MS) return known.result;
    const result = executeEvent(options, event);
    running.set(event, { startedAt: now, result });
    return result;
  };
}

async function executeEvent({ plan, operation, definition, args, clock, deadlineMs, log }: SubscriberGroupOptions, event: LoggedEvent): Promise<ExecutionResult> {
  const deadlineAtMs = clock.now() + deadlineMs;
  const signal = AbortSignal.timeout(deadlineMs);
  const channel = definition.channelOf?.(args as never) ?? operation.scope.shopping.channel;
  const shopping = { ...operation.scope.shopping, channel };
  try {
    return await tracedOperation(operation.operation, { ...operation.scope, shopping, signal, deadlineAtMs }, (scope) =>
      operation.graph.executor.executeSubscriptionEvent({
        plan,
        event: { ...(event.payload as object), cursor: event.cursor },
        variables: operation.variables,
        clients: operation.graph.clients,
        signal,
        deadlineAtMs,
        context: scope,
      }),
    );
  } catch (error) {
    log.error({ field: definition.field, error: (error as Error).message }, 'an event could not be executed');
    return { errors: [new GraphQLError('This event could not be executed.', { extensions: { code: 'INTERNAL' } })] };
  }
}
