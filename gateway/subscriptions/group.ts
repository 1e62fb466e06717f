import { GraphQLError, type ExecutionResult } from 'graphql';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { OperationPlan } from '../execution/operation-plan.ts';
import type { PreparedOperation } from '../prepare-operation.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { SubscriptionHubOptions } from './options.ts';

/** Subscribers with the same operation, variables and audience: one execution per event for all of them. */
export interface SubscriberGroup {
  join(queue: DeliveryQueue<ExecutionResult>): void;
  leave(queue: DeliveryQueue<ExecutionResult>): void;
  close(): void;
}

export interface SubscriberGroupOptions extends SubscriptionHubOptions {
  readonly operation: PreparedOperation;
  readonly plan: OperationPlan;
  readonly definition: SubscriptionDefinition;
  readonly args: Readonly<Record<string, unknown>>;
  readonly onEmpty: () => void;
}

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
    running = false;
  };
  const onEvent = (event: LoggedEvent): void => {
    if (!definition.matches(event.payload as never, args as never, operation.scope.principal)) return;
    const key = definition.coalesceKey?.(event.payload as never) ?? null;
    const same = key === null ? undefined : pending.find((waiting) => waiting.key === key);
    if (same) same.event = event;
    else pending.push({ event, key });
    if (!running) void drain();
  };
  const unsubscribe = await eventLog.subscribe(definition.topic, onEvent);
  return {
    join: (queue) => void subscribers.add(queue),
    leave: (queue) => {
      subscribers.delete(queue);
      if (subscribers.size > 0) return;
      unsubscribe();
      options.onEmpty();
    },
    close: () => {
      for (const queue of [...subscribers]) queue.end();
    },
  };
}

async function executeEvent(options: SubscriberGroupOptions, event: LoggedEvent): Promise<ExecutionResult> {
  const { server, plan, operation, clock, deadlineMs, log, definition } = options;
  const deadlineAtMs = clock.now() + deadlineMs;
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    return await server.executor.executeSubscriptionEvent({
      plan,
      event: { ...(event.payload as object), cursor: event.cursor },
      variables: operation.variables,
      clients: server.clients,
      signal,
      deadlineAtMs,
      context: { ...operation.scope, signal, deadlineAtMs },
    });
  } catch (error) {
    log.error({ field: definition.field, error: (error as Error).message }, 'an event could not be executed');
    return { errors: [new GraphQLError('This event could not be executed.', { extensions: { code: 'INTERNAL' } })] };
  }
}
