import { GraphQLError, getVariableValues, type ExecutionResult } from 'graphql';
import { systemClock, type Clock } from '../../platform/clock.ts';
import type { CacheSession } from '../cache/facts.ts';
import { answerRun } from './shaping/answer.ts';
import { boundCall, type CallLimits } from './fetching/deadline.ts';
import { createLabelReader, type ReadLabels, type ResolveLabel } from './planning/override-labels.ts';
import { createOutstanding } from './fetching/outstanding.ts';
import type { OperationPlan, OperationView } from './planning/operation-plan.ts';
import { createPlanner, type OperationSource } from './planning/planning.ts';
import type { PlanningThread } from './planning/planning-thread.ts';
import type { Entity } from './fetching/response-path.ts';
import type { Run, SubgraphClients } from './fetching/run.ts';
import type { Supergraph } from './planning/supergraph.ts';
import { warmUp, type WarmUp } from './planning/warm-up.ts';

export interface ExecutionRequest extends OperationSource, CallLimits {
  /** As the client sent them; coerced here. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly clients: SubgraphClients;
  /** What queries are answered through; mutations and subscription events never are. */
  readonly cache?: CacheSession | null | undefined;
  /** Who or what `@override(label: "percent(n)")` counts in: a subject, an audience, a request id. Hashed, stable. */
  readonly rolloutKey?: string | undefined;
  /** Adds `extensions.subrequests`: `{ service, count }` per subgraph that was asked. */
  readonly reportSubrequests?: boolean;
}

export interface SubscriptionEventRequest extends Omit<ExecutionRequest, 'source' | 'document' | 'operationName'> {
  readonly plan: OperationPlan;
  /** Payload of the event, given to the subgraph as root value of the subscription. */
  readonly event: unknown;
}

/** Executes valid operations of one supergraph. Results carry errors; nothing but a bug makes `execute` reject. */
export interface FederationExecutor {
  /** Throws GraphQLError. Planned once per text and operation name. */
  plan(operation: OperationSource): OperationPlan;
  execute(request: ExecutionRequest): Promise<ExecutionResult<Entity>>;
  executeSubscriptionEvent(request: SubscriptionEventRequest): Promise<ExecutionResult<Entity>>;
  /**
   * Plans operations before traffic asks for them: under the default values of their variables, and as a caller without
   * a rollout key gets them. Other work goes on between two of them. Never rejects.
   */
  warmUp(operations: readonly OperationSource[]): Promise<WarmUp>;
}

export interface ExecutorOptions {
  readonly supergraph: Supergraph;
  readonly clock?: Clock;
  /** Plans kept in memory. */
  readonly maxPlans?: number;
  /**
   * Entity fetches of one subgraph that may run at the same time become one request with an aliased `_entities` for
   * each (default). False for graphs with a subgraph that limits aliases or the size of one operation.
   */
  readonly mergeParallelFetches?: boolean;
  /** Where operations are planned that would keep others waiting; absent: where they are asked. */
  readonly thread?: PlanningThread | null;
  /** Decides the labels of `@override(label:)` other than `percent(n)`, for each request. */
  readonly resolveLabel?: ResolveLabel;
}

/** @throws Error when the supergraph has override labels that nothing decides */
export function createExecutor(options: ExecutorOptions): FederationExecutor {
  const { supergraph, clock = systemClock, maxPlans = 1000, mergeParallelFetches = true, thread = null } = options;
  const planner = createPlanner({ supergraph, maxPlans, mergeParallelFetches, thread });
  const readLabels = createLabelReader(supergraph.overrideLabels, options.resolveLabel);
  const run = (plan: OperationPlan, request: RunRequest) => runPlan({ supergraph, clock, readLabels }, plan, request);
  return {
    plan: (operation) => planner.plan(operation),
    async execute(request) {
      try {
        const plan = planner.plan(request);
        if (plan.kind !== 'subscription') return await run(plan, { ...request, event: undefined });
        throw asInvalidInput(new GraphQLError('A subscription is answered event by event.'));
      } catch (error) {
        return refuse(error);
      }
    },
    executeSubscriptionEvent: (request) => run(request.plan, request).catch(refuse),
    warmUp: (operations) => warmUp(planner, operations, readLabels(undefined)),
  };
}

type RunRequest = Omit<SubscriptionEventRequest, 'plan'>;

interface Machinery {
  readonly supergraph: Supergraph;
  readonly clock: Clock;
  readonly readLabels: ReadLabels;
}

async function runPlan(
  { supergraph, clock, readLabels }: Machinery,
  plan: OperationPlan,
  request: RunRequest,
): Promise<ExecutionResult<Entity>> {
  const raw = request.variables ?? {};
  const variables = getVariableValues(supergraph.apiSchema, plan.operation.variableDefinitions ?? [], raw, { maxErrors: 50 });
  if (variables.errors) return { errors: variables.errors.map(asInvalidInput) };
  const { call, aborted, release } = boundCall(request, clock);
  const run: Run = {
    tree: {},
    variables: variables.coerced,
    clients: request.clients,
    types: supergraph.types,
    call,
    aborted,
    cache: plan.kind === 'query' ? (request.cache ?? null) : null,
    outstanding: createOutstanding(),
    errors: [],
    subrequests: new Map(),
    event: request.event,
  };
  try {
    const view = await planned(plan.viewSoon(variables.coerced, readLabels(request.rolloutKey)), aborted);
    const repeat = async (): Promise<void> => {
      for (const step of view.entitySteps) await step(run);
    };
    for (const step of view.steps) {
      await step(run);
      await run.outstanding.settle(repeat);
    }
    return answerRun(plan, view, run, raw, request.reportSubrequests === true);
  } finally {
    release();
  }
}

/** Nobody waits for the planning thread longer than for anything else. */
function planned(view: OperationView | Promise<OperationView>, aborted: Promise<never> | null): OperationView | Promise<OperationView> {
  if (!(view instanceof Promise) || !aborted) return view;
  const late = aborted.catch(() => {
    throw new GraphQLError('The time of the request ended before it was planned.', { extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } });
  });
  return Promise.race([view, late]);
}

/** Before the first fetch an operation can only fail as a whole. */
function refuse(error: unknown): ExecutionResult<Entity> {
  if (error instanceof GraphQLError) return { errors: [error] };
  throw error;
}

function asInvalidInput(error: GraphQLError): GraphQLError {
  const extensions = { code: 'INVALID_INPUT', http: { status: 400, isRequestError: true }, ...error.extensions };
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions });
}
