import { GraphQLError, specifiedRules, validate, type ExecutionResult } from 'graphql';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import type { OperationPlan } from '../execution/planning/operation-plan.ts';
import { subscriptionRootField } from '../execution/fetching/subscription-root.ts';
import { rolloutKeyOf, type Graph } from '../graph/graph.ts';
import { asGraphQLError } from '../pipeline/presented-errors.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import { tracedOperation } from '../traces.ts';
import { gapResult, type News } from './news.ts';
import type { SubscriptionHubOptions } from './options.ts';

export interface EventExecutionOptions extends Pick<SubscriptionHubOptions, 'graphs' | 'clock' | 'log' | 'deadlineMs'> {
  readonly operation: PreparedOperation;
  readonly plan: OperationPlan;
  readonly definition: SubscriptionDefinition;
  readonly args: Readonly<Record<string, unknown>>;
}

/** An answer, and when it was asked for: it tells of things as they were from then on. */
export interface ExecutedEvent {
  readonly startedAtMs: number;
  /** Rejects with a GraphQLError when the graph cannot answer this subscription any more. */
  readonly result: Promise<ExecutionResult>;
}

/**
 * One execution for all who take an event within a moment.
 * @param notBeforeMs when what this subscriber was told last was asked for: it is told nothing older after it
 */
export type ExecuteEvent = (news: News, notBeforeMs: number) => ExecutedEvent;

/** An answer older than this is not handed to whoever comes late: everything in it is told as it is when delivered. */
const SHARED_FOR_MS = 1_000;

export function createEventExecution(options: EventExecutionOptions): ExecuteEvent {
  const running = new WeakMap<News, ExecutedEvent>();
  const planNow = createReplanning(options);
  return (news, notBeforeMs) => {
    const now = options.clock.monotonic();
    const known = running.get(news);
    if (known && now - known.startedAtMs < SHARED_FOR_MS && known.startedAtMs >= notBeforeMs) return known;
    const executed = { startedAtMs: now, result: executeNews(options, planNow, news) };
    running.set(news, executed);
    return executed;
  };
}

interface Planned {
  readonly graph: Graph;
  readonly plan: OperationPlan;
}

/** The plan on the graph of the moment: what was valid, allowed and within limits on one need not be on the next. */
function createReplanning({ graphs, operation, plan }: EventExecutionOptions): () => Planned {
  let planned: Planned = { graph: operation.graph, plan };
  return () => {
    const graph = graphs.current;
    if (graph !== planned.graph) planned = { graph, plan: planOn(graph, operation) };
    return planned;
  };
}

/** @throws GraphQLError saying why it cannot be answered */
function planOn(graph: Graph, { source, document, operation, variables, scope }: PreparedOperation): OperationPlan {
  try {
    const [error] = validate(graph.schema, document, specifiedRules, { maxErrors: 1 });
    if (error) throw new GraphQLError(error.message, { extensions: { code: 'INVALID_INPUT' } });
    graph.admit({ document, operation, variables, scope });
    const plan = graph.executor.plan({ source, document, operationName: operation.name?.value });
    subscriptionRootField(plan, variables);
    return plan;
  } catch (cause) {
    const { message, extensions } = asGraphQLError(cause);
    throw new GraphQLError(`The graph has changed, and does not answer this subscription any more: ${message}`, { extensions: { ...extensions, reason: 'GRAPH_CHANGED' } });
  }
}

async function executeNews(options: EventExecutionOptions, planNow: () => Planned, news: News): Promise<ExecutionResult> {
  const { lagged } = news;
  if (news.isGap) return gapResult(lagged!);
  const result = await executeEvent(options, planNow(), news);
  return lagged ? { ...result, extensions: { ...result.extensions, lagged } } : result;
}

async function executeEvent({ operation, definition, args, clock, deadlineMs, log }: EventExecutionOptions, { graph, plan }: Planned, event: News): Promise<ExecutionResult> {
  const deadlineAtMs = clock.now() + deadlineMs;
  const signal = AbortSignal.timeout(deadlineMs);
  const channel = definition.channelOf?.(args as never) ?? operation.scope.shopping.channel;
  const shopping = { ...operation.scope.shopping, channel };
  try {
    return await tracedOperation(operation.operation, { ...operation.scope, shopping, signal, deadlineAtMs }, (scope) =>
      graph.executor.executeSubscriptionEvent({
        plan,
        event: { ...(event.payload as object), cursor: event.cursor },
        variables: operation.variables,
        clients: graph.clients,
        signal,
        deadlineAtMs,
        context: scope,
        rolloutKey: rolloutKeyOf(scope),
      }),
    );
  } catch (error) {
    log.error({ field: definition.field, error: (error as Error).message }, 'an event could not be executed');
    return { errors: [new GraphQLError('This event could not be executed.', { extensions: { code: 'INTERNAL' } })] };
  }
}
