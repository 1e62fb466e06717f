import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { createBoundedCache } from './bounded-cache.ts';
import { planOperation, type OperationPlan } from './operation-plan.ts';
import { readReservedNames } from './reserved-names.ts';
import type { Supergraph } from './supergraph.ts';

export interface OperationSource {
  /** Text of the document; with the operation name it is the key of the plan cache. */
  readonly source: string;
  /** The parsed text, where the caller has it already. */
  readonly document?: DocumentNode;
  readonly operationName?: string;
}

/** Plans operations once. `plan` throws GraphQLError with `extensions.code`. */
export interface Planner {
  plan(operation: OperationSource): OperationPlan;
}

/** @param maxPlans plans kept, least recently used ones go first */
export function createPlanner(supergraph: Supergraph, maxPlans: number): Planner {
  const plans = createBoundedCache<OperationPlan>(maxPlans);
  const reserved = readReservedNames(supergraph.apiSchema);
  return {
    plan({ source, document, operationName }) {
      // A name holds no line break, so no other pair makes the same key.
      const key = `${operationName ?? ''}\n${source}`;
      const known = plans.get(key);
      if (known) return known;
      const plan = explain(() => planOperation(supergraph, reserved, document ?? parse(source), operationName));
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
      extensions: { code: known ? 'INVALID_INPUT' : 'INTERNAL' },
    });
  }
}
