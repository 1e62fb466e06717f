import { GraphQLError, getArgumentValues, getVariableValues, Kind } from 'graphql';
import type { OperationPlan } from '../planning/operation-plan.ts';
import { collectFields } from '../shaping/selection-fields.ts';

/** What a subscriber asked to be told about. */
export interface SubscriptionRootField {
  readonly name: string;
  readonly responseKey: string;
  /** Coerced, defaults filled in. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Arguments given as a variable, and which. */
  readonly argumentVariables: Readonly<Record<string, string>>;
}

/**
 * Name and arguments of a subscription's root field, so that events can be filtered before anything is executed.
 * Throws GraphQLError.
 */
export function subscriptionRootField(
  plan: OperationPlan,
  rawVariables: Readonly<Record<string, unknown>> = {},
): SubscriptionRootField {
  if (plan.kind !== 'subscription') throw refuse('This operation is not a subscription.');
  const variables = getVariableValues(plan.schema, plan.operation.variableDefinitions ?? [], rawVariables);
  if (variables.errors) throw refuse(variables.errors[0]?.message ?? 'Invalid variables.');
  const scope = plan.scopeUnder(variables.coerced);
  const [entry] = collectFields(scope, plan.root, [plan.operation.selectionSet]);
  const node = entry?.[1][0];
  const field = node && plan.root.getFields()[node.name.value];
  if (!entry || !field) throw refuse('The subscription selects no field.');
  const given = node.arguments?.flatMap(({ name, value }) => (value.kind === Kind.VARIABLE ? [[name.value, value.name.value] as const] : [])) ?? [];
  return {
    name: field.name,
    responseKey: plan.restore(entry[0]),
    args: getArgumentValues(field, node, variables.coerced),
    argumentVariables: Object.fromEntries(given),
  };
}

function refuse(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
}
