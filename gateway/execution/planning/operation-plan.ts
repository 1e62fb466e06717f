import type { QueryPlan } from '@apollo/query-planner';
import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { BoundedCache } from '../bounded-cache.ts';
import { readConditionVariables } from './conditions.ts';
import { isContextVariable } from './contexts.ts';
import { introspect, usesIntrospection } from '../shaping/introspection.ts';
import { hasTypeDependentKeys } from './key-conflicts.ts';
import { compileStep, type StepOptions } from './plan-steps.ts';
import { narrowOperation } from './narrowed-operation.ts';
import type { LabelValues } from './override-labels.ts';
import { renameReservedAliases } from './reserved-names.ts';
import type { Entity } from '../fetching/response-path.ts';
import type { Step } from '../fetching/run.ts';
import { collectFields, type SelectionScope } from '../shaping/selection-fields.ts';
import { compileShape, type ShapeRun } from '../shaping/shape.ts';
import type { PlanningThread } from './planning-thread.ts';
import type { PlanOptions, Supergraph } from './supergraph.ts';

type Variables = Readonly<Record<string, unknown>>;

/** One operation of a document, planned once for each set of @skip/@include values it meets. */
export interface OperationPlan {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  /** The root type of the client's schema. */
  readonly root: GraphQLObjectType;
  /** How to answer under these (coerced) variables and override labels (all off where absent). Throws GraphQLError. */
  viewUnder(variables: Variables, labels?: LabelValues): OperationView;
  /** The same, but what is heavy to plan is planned in the planning thread, where there is one. Rejects with GraphQLError. */
  viewSoon(variables: Variables, labels?: LabelValues): OperationView | Promise<OperationView>;
  /** What is selected under these variables, without planning it. */
  scopeUnder(variables: Variables): SelectionScope;
  /** The client's response key for a key of the fetched tree. */
  restore(key: string): string;
  /** Whether the key of the fetched tree is one no client selects. */
  isInternal(key: string): boolean;
}

/** Everything about an operation that does not depend on the request: how to fetch and how to answer. */
export interface OperationView {
  readonly scope: SelectionScope;
  /** The planner's own words, for people. */
  readonly queryPlan: QueryPlan;
  /** Fetches everything; of a subscription, what belongs to one event. */
  readonly steps: readonly Step[];
  /** Those of the steps, or inside them, that ask for entities. */
  readonly entitySteps: readonly Step[];
  shape(tree: Entity, run: ShapeRun): Entity | null;
  /** Null when the operation does not introspect. */
  readonly introspect: ((variables: Variables) => Entity) | null;
}

export interface OperationContext {
  readonly supergraph: Supergraph;
  /** Names that aliases must not take on the way. */
  readonly reserved: ReadonlySet<string>;
  /** Shared by all operations, so that a client flipping n conditions 2^n times fills no memory. */
  readonly views: BoundedCache<OperationView>;
  readonly mergeParallelFetches: boolean;
  /** Null: everything is planned where it is asked. */
  readonly thread: PlanningThread | null;
  /** Tells this operation's views apart from those of others. */
  readonly key: string;
}

/** Throws GraphQLError when there is no such operation. */
export function prepareOperation(
  context: OperationContext,
  client: DocumentNode,
  operationName: string | undefined,
): OperationPlan {
  const { document, restore } = renameReservedAliases(client, context.reserved);
  const operation = findOperation(document, operationName);
  const root = context.supergraph.apiSchema.getRootType(operation.operation);
  if (!root) throw new GraphQLError(`This graph has no ${operation.operation} type.`);
  refuseReservedVariables(operation);
  const conditions = readConditionVariables(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const introspects = operation.operation === 'query' && usesIntrospection(document);
  return {
    kind: operation.operation,
    operation,
    schema: context.supergraph.apiSchema,
    root,
    restore,
    isInternal: (key) => context.supergraph.standIns.has(key),
    ...createViews(context, { operation, root, conditions, fragments, restore, introspects }),
  };
}

interface ViewParts extends Pick<OperationPlan, 'operation' | 'root' | 'restore'> {
  /** Variables that steer @skip and @include. */
  readonly conditions: readonly string[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly introspects: boolean;
}

function createViews(context: OperationContext, parts: ViewParts): Pick<OperationPlan, 'viewUnder' | 'viewSoon' | 'scopeUnder'> {
  const { operation, root, conditions, fragments, restore } = parts;
  const { supergraph, views, thread } = context;
  const opening = new Map<string, Promise<OperationView>>();
  const keyUnder = (variables: Variables, labels: LabelValues | undefined): string => {
    let flags = labels && labels.key !== '' ? `${labels.key}:` : '';
    for (const name of conditions) flags += variables[name] === true ? '1' : '0';
    return `${flags}\n${context.key}`;
  };
  const scopeUnder = (variables: Variables): SelectionScope => {
    const values = Object.fromEntries(conditions.map((name) => [name, variables[name] === true]));
    return { schema: supergraph.apiSchema, fragments, conditions: values, restore };
  };
  const keep = (key: string, scope: SelectionScope, plan: QueryPlan): OperationView => {
    const view = createView(context, scope, parts, plan);
    views.set(key, view);
    return view;
  };
  const planHere = (key: string, scope: SelectionScope, asked: PlanAsked | null): OperationView =>
    keep(key, scope, asked ? supergraph.buildPlan(asked.document, asked.options) : NOTHING_TO_FETCH);
  return {
    scopeUnder,
    viewUnder(variables, labels) {
      const key = keyUnder(variables, labels);
      const known = views.get(key);
      if (known) return known;
      const scope = scopeUnder(variables);
      return planHere(key, scope, askForPlan(supergraph, scope, { operation, root, labels }));
    },
    viewSoon(variables, labels) {
      const key = keyUnder(variables, labels);
      const known = views.get(key) ?? opening.get(key);
      if (known) return known;
      const scope = scopeUnder(variables);
      const asked = askForPlan(supergraph, scope, { operation, root, labels });
      if (!asked || !thread?.isHeavy(asked.document)) return planHere(key, scope, asked);
      const opened = thread.plan(asked.document, asked.options).then((plan) => keep(key, scope, plan));
      opening.set(key, opened);
      void opened.catch(() => undefined).finally(() => opening.delete(key));
      return opened;
    },
  };
}

const NOTHING_TO_FETCH: QueryPlan = { kind: 'QueryPlan' };

/** `representations`, and what the planner calls the values of contexts. */
function refuseReservedVariables({ variableDefinitions = [] }: OperationDefinitionNode): void {
  const taken = variableDefinitions.find(({ variable: { name } }) => name.value === 'representations' || isContextVariable(name.value));
  if (!taken) return;
  throw new GraphQLError(`The variable "$${taken.variable.name.value}" is taken by the federation protocol; choose another name.`);
}

interface Operation extends Pick<OperationPlan, 'operation' | 'root'> {
  readonly labels: LabelValues | undefined;
}

function createView(
  { supergraph, mergeParallelFetches }: OperationContext,
  scope: SelectionScope,
  { operation, root, introspects }: ViewParts,
  queryPlan: QueryPlan,
): OperationView {
  const entitySteps: Step[] = [];
  return {
    scope,
    queryPlan,
    steps: compileSteps(queryPlan, operation, { types: supergraph.types, mergeParallelFetches, entitySteps }),
    entitySteps,
    shape: compileShape(scope, root, [operation.selectionSet]),
    introspect: introspects ? (variables) => introspect(scope, operation, variables) : null,
  };
}

interface PlanAsked {
  readonly document: DocumentNode;
  readonly options: PlanOptions;
}

/** Null: meta fields are answered here, so an operation of nothing else needs no subgraph. */
function askForPlan(supergraph: Supergraph, scope: SelectionScope, { operation, root, labels }: Operation): PlanAsked | null {
  const fields = [...collectFields(scope, root, [operation.selectionSet]).values()];
  if (fields.every((nodes) => nodes[0]?.name.value.startsWith('__'))) return null;
  const { interfaceObjects } = supergraph;
  const narrowed = narrowOperation({ scope, operation, root, interfaceObjects });
  return {
    document: { kind: Kind.DOCUMENT, definitions: [narrowed] },
    options: { byType: hasTypeDependentKeys(narrowed.selectionSet), ...(labels ? { labels: labels.conditions } : {}) },
  };
}

function compileSteps({ node }: QueryPlan, { operation: kind }: OperationDefinitionNode, options: StepOptions): readonly Step[] {
  if (!node) return [];
  // What one mutation left outstanding is fetched before the next.
  if (kind === 'mutation' && node.kind === 'Sequence') return node.nodes.map((child) => compileStep(child, options));
  if (node.kind !== 'Subscription') return [compileStep(node, options)];
  return [compileStep(node.primary, options), ...(node.rest ? [compileStep(node.rest, options)] : [])];
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
