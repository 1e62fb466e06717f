import { GraphQLError, Kind, visit, type DefinitionNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Principal } from '../../domain/principal.ts';
import type { GraphRules } from '../graph/rules/graph-rules.ts';
import { weighOperation } from './weight/cost.ts';
import { countFieldPairs } from './weight/field-pairs.ts';
import { measureOperation, type OperationFacts } from './weight/operation-facts.ts';

/**
 * What one operation may weigh. The widest of 904 operations of nine storefronts goes 15 deep and asks 143 leaves;
 * a listing of 24 products with variants, prices and stock costs about 15,000 objects at worst.
 */
export interface Limits {
  readonly maxDepth: number;
  /** Selection sets within each other, with those of fragments. */
  readonly maxNesting: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxFields: number;
  readonly maxTokens: number;
  readonly maxFragments: number;
  readonly maxOperations: number;
  /** Selections of any kind with fragments counted as often as they are spread, also of fragments that nothing spreads. */
  readonly maxSelections: number;
  /** Pairs of fields that validation has to compare; see field-pairs.ts. */
  readonly maxFieldPairs: number;
  /** Variables that steer @skip and @include: every set of their values is an operation of its own, with a plan of its own. */
  readonly maxConditions: number;
  readonly maxDirectives: number;
  readonly maxVariables: number;
  /** Of the operation's text: caches of documents and plans are keyed by it. */
  readonly maxDocumentBytes: number;
  readonly maxCost: number;
  readonly maxBodyBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxDepth: 20,
  maxNesting: 60,
  maxAliases: 60,
  maxRootFields: 20,
  maxFields: 1_000,
  maxTokens: 5_000,
  maxFragments: 100,
  maxOperations: 20,
  maxSelections: 2_500,
  maxFieldPairs: 10_000,
  maxConditions: 8,
  maxDirectives: 200,
  maxVariables: 100,
  maxDocumentBytes: 64 * 1024,
  maxCost: 100_000,
  maxBodyBytes: 512 * 1024,
};

const refuse = (message: string, extensions: Record<string, unknown>): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', http: { status: 400 }, ...extensions } });

/**
 * What the text alone tells, before it is validated: validation compares fields in pairs and follows fragments. Everything
 * here is linear in the text, or stops at its limit. @throws GraphQLError INVALID_INPUT, `extensions.limit` names the limit
 */
export function enforceDocumentLimits(limits: Limits, document: DocumentNode): void {
  const { directives, conditions } = countDirectives(document);
  atMost(limits.maxFragments, document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length, 'fragments');
  atMost(limits.maxOperations, document.definitions.filter(isOperation).length, 'operations');
  atMost(limits.maxDirectives, directives, 'directives');
  atMost(limits.maxConditions, conditions, 'conditions');
  let selections = 0;
  for (const definition of document.definitions) {
    if (!isOperation(definition) && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const facts = measureOperation(document, definition);
    atMost(limits.maxSelections, (selections += facts.selections), 'selections');
    if (isOperation(definition)) {
      atMost(limits.maxVariables, definition.variableDefinitions?.length ?? 0, 'variables');
      enforceShape(limits, facts);
    }
    atMost(limits.maxNesting, facts.nesting, 'nesting');
  }
  const pairs = countFieldPairs(document, limits.maxFieldPairs + 1);
  if (pairs > limits.maxFieldPairs) throw refuse('The operation selects the same fields more often than can be compared: ask for each once.', { limit: 'field pairs' });
}

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION;

/** Directives anywhere, and the variables that steer @skip and @include. */
function countDirectives(document: DocumentNode): { readonly directives: number; readonly conditions: number } {
  const conditions = new Set<string>();
  let directives = 0;
  visit(document, {
    Directive(directive) {
      directives += 1;
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
      for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
    },
  });
  return { directives, conditions: conditions.size };
}

function atMost(limit: number, value: number, what: string): void {
  if (value > limit) throw refuse(`The operation has ${value} ${what}, at most ${limit} are allowed: split it.`, { limit: what });
}

function enforceShape(limits: Limits, facts: OperationFacts): void {
  // Introspection queries are deep by nature; who may introspect is asked elsewhere.
  if (!facts.introspects) atMost(limits.maxDepth, facts.depth, 'depth');
  atMost(limits.maxAliases, facts.aliases, 'aliases');
  atMost(limits.maxRootFields, facts.rootFields, 'root fields');
  atMost(limits.maxFields, facts.fields, 'fields');
}

/**
 * The same door for every transport: refuses before anything is planned. Returns the operation's cost, see cost.ts.
 * @param variables as the client sent them; null = not known yet
 * @throws GraphQLError INVALID_INPUT
 */
export function enforceLimits(
  limits: Limits,
  rules: GraphRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null,
): number {
  enforceShape(limits, measureOperation(document, operation));
  const cost = weighOperation(rules, { document, operation }, variables);
  if (cost > limits.maxCost) throw refuse(`The operation may return more than ${limits.maxCost} objects: ask for smaller pages (first).`, { limit: 'cost' });
  return cost;
}

/** Introspection shows the whole graph: for those who build or run it. @throws GraphQLError FORBIDDEN */
export function enforceIntrospection(document: DocumentNode, operation: OperationDefinitionNode, principal: Principal): void {
  if (!measureOperation(document, operation).introspects || mayIntrospect(principal)) return;
  throw new GraphQLError('Introspection needs the scope operations.', { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
}

const mayIntrospect = (principal: Principal): boolean => principal.kind === 'DEVELOPMENT' || principal.scopes.includes('operations');
