import { GraphQLError, type ExecutionResult } from 'graphql';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { OperationPlan } from '../execution/operation-plan.ts';
import type { PreparedOperation } from '../prepare-operation.ts';
import { tracedOperation } from '../traces.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { SubscriptionHubOptions } from './options.ts';

/** Subscribers with the same operation, variables and audience: one execution per event for all of them. */
export interface SubscriberGroup {
  join(queue: DeliveryQueue<ExecutionResult>): void;
  leave(queue: DeliveryQueue<ExecutionResult>): void;
  /** Ends every subscriber's stream after what it has queued. */
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

/** Events that wait for the one being executed. More means that executing cannot keep up with what happens. */
const MAX_PENDING = 1_000;

interface Pending {
  event: LoggedEvent;
  readonly key: string | null;
}

export async function openGroup(options: SubscriberGroupOptions): Promise<SubscriberGroup> {
  const { definition, args, operation, eventLog, metrics } = options;
  const subscribers = new Set<DeliveryQueue<ExecutionResult>>();
  const pending: Pending[] = [];
  let running = false;

  const deliver = (result: ExecutionResult, key: string | null): void => {
    for (const queue of [...subscribers]) {
      const outcome = queue.push(result, key);
      if (outcome === 'queued') metrics.subscriptions.delivered(definition.field);
      else if (outcome === 'coalesced') metrics.subscriptions.dropped(definition.field);
      // An event that must be delivered and does not fit: the stream ends rather than drops it; the client resumes.
      else queue.end();
    }
  };
  const drain = async (): Promise<void> => {
    running = true;
    for (let next = pending.shift(); next && subscribers.size > 0; next = pending.shift()) deliver(await executeEvent(options, next.event), next.key);
    pending.length = 0;
    running = false;
  };
  const endAll = (): void => {
    for (const queue of [...subscribers]) queue.end();
  };
  const onEvent = (event: LoggedEvent): void => {
    if (!definition.matches(event.payload as never, args as never, operation.scope.principal)) return;
    const key = definition.coalesceKey?.(event.payload as never) ?? null;
    const same = key === null ? undefined : pending.find((waiting) => waiting.key === key);
    if (same) same.event = event;
    else if (pending.length < MAX_PENDING) pending.push({ event, key });
    // Nothing is dropped unseen: the streams end after what they have, and their clients start anew.
    else endAll();
    if (!running && subscribers.size > 0) void drain();
  };
  const unsubscribe = await eventLog.subscribe(definition.topic, onEvent);
  return {
    join: (queue) => void subscribers.add(queue),
    leave: (queue) => void subscribers.delete(queue),
    endAll,
    close: unsubscribe,
  };
}

async function executeEvent(options: SubscriberGroupOptions, event: LoggedEvent): Promise<ExecutionResult> {
  const { server, plan, operation, clock, deadlineMs, log, definition } = options;
  const deadlineAtMs = clock.now() + deadlineMs;
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    return await tracedOperation(operation.operation, { ...operation.scope, signal, deadlineAtMs }, (scope) =>
      server.executor.executeSubscriptionEvent({
        plan,
        event: { ...(event.payload as object), cursor: event.cursor },
        variables: operation.variables,
        clients: server.clients,
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
