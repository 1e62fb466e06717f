import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';
import { createBoundedCache } from './bounded-cache.ts';
import { readConditionVariables } from './conditions.ts';
import type { Step } from './fetch.ts';
import { introspect, usesIntrospection } from './introspection.ts';
import { compileStep } from './plan-steps.ts';
import { renameReservedAliases } from './reserved-names.ts';
import type { Entity } from './response-path.ts';
import type { SelectionScope } from './selection-fields.ts';
import { compileShape, type ShapeRun } from './shape.ts';
import type { Supergraph } from './supergraph.ts';

/** Everything about one operation that does not depend on the request: how to fetch and how to answer. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The planner's own words, for people. */
  readonly queryPlan: QueryPlan;
  /** Fetches everything; of a subscription, what belongs to one event. */
  readonly steps: readonly Step[];
  /** How the selection looks under these (coerced) variables. */
  viewUnder(variables: Readonly<Record<string, unknown>>): OperationView;
  /** The client's response key for a key of the fetched tree. */
  restore(key: string): string;
}

/** An operation under one set of @skip/@include values. */
export interface OperationView {
  readonly scope: SelectionScope;
  shape(tree: Entity, run: ShapeRun): Entity | null;
  /** Null when the operation does not introspect. */
  readonly introspect: ((variables: Readonly<Record<string, unknown>>) => Entity) | null;
}

/** n condition variables make 2^n views; a client that flips them all must not fill the memory. */
const MAX_VIEWS = 32;

/** Plans one operation. Throws GraphQLError when there is no such operation or no plan for it. */
export function planOperation(supergraph: Supergraph, reserved: ReadonlySet<string>, client: DocumentNode, operationName: string | undefined): OperationPlan {
  const { document, restore } = renameReservedAliases(client, reserved);
  const operation = findOperation(document, operationName);
  const queryPlan = supergraph.buildPlan(document, operationName);
  const conditions = readConditionVariables(document);
  const views = createBoundedCache<OperationView>(MAX_VIEWS);
  const createView = prepareViews(supergraph, document, operation, restore);
  return {
    operation,
    kind: operation.operation,
    queryPlan,
    steps: compileSteps(supergraph, queryPlan),
    restore,
    viewUnder(variables) {
      let key = '';
      for (const name of conditions) key += variables[name] === true ? '1' : '0';
      const known = views.get(key);
      if (known) return known;
      const view = createView(Object.fromEntries(conditions.map((name) => [name, variables[name] === true])));
      views.set(key, view);
      return view;
    },
  };
}

function compileSteps({ types }: Supergraph, { node }: QueryPlan): readonly Step[] {
  if (!node) return [];
  if (node.kind !== 'Subscription') return [compileStep(node, types)];
  return [compileStep(node.primary, types), ...(node.rest ? [compileStep(node.rest, types)] : [])];
}

function prepareViews(supergraph: Supergraph, document: DocumentNode, operation: OperationDefinitionNode, restore: (key: string) => string) {
  const schema = supergraph.apiSchema;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const root = schema.getRootType(operation.operation);
  if (!root) throw new GraphQLError(`This graph has no ${operation.operation} type.`);
  const introspects = operation.operation === 'query' && usesIntrospection(document);
  return (conditions: Readonly<Record<string, unknown>>): OperationView => {
    const scope: SelectionScope = { schema, fragments, conditions, restore };
    return {
      scope,
      shape: compileShape(scope, root, [operation.selectionSet]),
      introspect: introspects ? (variables) => introspect(scope, operation, variables) : null,
    };
  };
}

function findOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name === undefined && operations.length > 1) {
    throw new GraphQLError('Must provide operation name if query contains multiple operations.');
  }
  const found = name === undefined ? operations[0] : operations.find((operation) => operation.name?.value === name);
  if (!found) throw new GraphQLError(name === undefined ? 'Must provide an operation.' : `Unknown operation named "${name}".`);
  return found;
}
