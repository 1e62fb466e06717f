import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { createBoundedCache } from '../bounded-cache.ts';
import { prepareOperation, type OperationPlan, type OperationView } from './operation-plan.ts';
import { readReservedNames } from './reserved-names.ts';
import type { PlanningThread } from './planning-thread.ts';
import type { Supergraph } from './supergraph.ts';

export interface OperationSource {
  /** Text of the document; with the operation name it is the key of the plan cache. */
  readonly source: string;
  /** The parsed text, where the caller has it already. */
  readonly document?: DocumentNode | undefined;
  readonly operationName?: string | null | undefined;
}

/** Plans operations once. Both functions throw GraphQLError with `extensions.code`. */
export interface Planner {
  plan(operation: OperationSource): OperationPlan;
}

export interface PlannerOptions {
  readonly supergraph: Supergraph;
  /** Plans kept, least recently used ones go first. */
  readonly maxPlans: number;
  readonly mergeParallelFetches: boolean;
  /** Where heavy operations are planned; null: where they are asked. */
  readonly thread?: PlanningThread | null | undefined;
}

export function createPlanner({ supergraph, maxPlans, mergeParallelFetches, thread = null }: PlannerOptions): Planner {
  const plans = createBoundedCache<OperationPlan>(maxPlans);
  const views = createBoundedCache<OperationView>(maxPlans);
  const reserved = readReservedNames(supergraph.fieldNames);
  return {
    plan({ source, document, operationName }) {
      // A name holds no line break, so no other pair makes the same key.
      const key = `${operationName ?? ''}\n${source}`;
      const known = plans.get(key);
      if (known) return known;
      const context = { supergraph, reserved, views, mergeParallelFetches, thread, key };
      const prepared = explain(() => prepareOperation(context, document ?? parse(source), operationName ?? undefined));
      const plan: OperationPlan = {
        ...prepared,
        viewUnder: (variables, labels) => explain(() => prepared.viewUnder(variables, labels)),
        viewSoon: (variables, labels) => {
          const view = explain(() => prepared.viewSoon(variables, labels));
          return view instanceof Promise ? view.catch((cause: unknown) => explain(() => rethrow(cause))) : view;
        },
      };
      plans.set(key, plan);
      return plan;
    },
  };
}

/** The planner asserts with plain errors; the client gets them as GraphQL errors that say which stage failed. */
function explain<Value>(plan: () => Value): Value {
  try {
    return plan();
  } catch (cause) {
    const known = cause instanceof GraphQLError;
    const message = known ? cause.message : 'This operation cannot be planned over the subgraphs.';
    throw new GraphQLError(message, {
      ...(known && cause.nodes ? { nodes: cause.nodes } : {}),
      originalError: cause as Error,
      extensions: { code: known ? 'INVALID_INPUT' : 'INTERNAL', ...(known && cause.extensions) },
    });
  }
}

function rethrow(cause: unknown): never {
  throw cause;
}
