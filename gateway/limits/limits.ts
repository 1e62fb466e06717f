import { GraphQLError, Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Principal } from '../../domain/principal.ts';
import { estimateCost } from './cost.ts';
import { ENOUGH, measureOperation } from './operation-facts.ts';

/**
 * What one operation may weigh. The widest of 904 operations of nine storefronts goes 15 deep and asks 143 leaves;
 * a listing of 24 products with variants, prices and stock costs about 15,000 objects at worst.
 */
export interface Limits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxFields: number;
  readonly maxTokens: number;
  readonly maxFragments: number;
  /** Of the operation's text: caches of documents and plans are keyed by it. */
  readonly maxDocumentBytes: number;
  readonly maxCost: number;
  readonly maxBodyBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxDepth: 20,
  maxAliases: 60,
  maxRootFields: 20,
  maxFields: 1_000,
  maxTokens: 5_000,
  maxFragments: 100,
  maxDocumentBytes: 64 * 1024,
  maxCost: 100_000,
  maxBodyBytes: 512 * 1024,
};

const refuse = (message: string, extensions: Record<string, unknown>): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', http: { status: 400 }, ...extensions } });

/** What the text alone tells, before it is validated: validation compares fields in pairs. @throws GraphQLError */
export function enforceDocumentLimits(limits: Limits, document: DocumentNode): void {
  let fragments = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments += 1;
    if (definition.kind === Kind.OPERATION_DEFINITION) enforceShape(limits, document, definition);
  }
  if (fragments > limits.maxFragments) throw tooMany(fragments, 'fragments', limits.maxFragments);
}

const tooMany = (value: number, what: string, limit: number): GraphQLError =>
  refuse(`The operation has ${value} ${what}, at most ${limit} are allowed: split it.`, { limit: what });

function enforceShape(limits: Limits, document: DocumentNode, operation: OperationDefinitionNode): void {
  const facts = measureOperation(document, operation);
  if (facts.visits >= ENOUGH) throw refuse('The operation has more selections than can be counted: split it.', { limit: 'fields' });
  const measured: readonly [name: string, value: number, limit: number][] = [
    ['depth', facts.depth, limits.maxDepth],
    ['aliases', facts.aliases, limits.maxAliases],
    ['root fields', facts.rootFields, limits.maxRootFields],
    ['fields', facts.fields, limits.maxFields],
  ];
  // Introspection queries are deep by nature; who may introspect is asked elsewhere.
  for (const [name, value, limit] of facts.introspects ? measured.slice(1) : measured) if (value > limit) throw tooMany(value, name, limit);
}

/** The same door for HTTP, SSE and WebSocket: refuses before anything is planned. Returns the cost. @throws GraphQLError */
export function enforceLimits(
  limits: Limits,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  enforceShape(limits, document, operation);
  const cost = estimateCost(schema, document, operation, variables, limits.maxCost);
  if (cost > limits.maxCost) throw refuse(`The operation may return more than ${limits.maxCost} objects: ask for smaller pages (first).`, { limit: 'cost' });
  return cost;
}

/** Introspection shows the whole graph: for those who build or run it. @throws GraphQLError FORBIDDEN */
export function enforceIntrospection(document: DocumentNode, operation: OperationDefinitionNode, principal: Principal): void {
  if (!measureOperation(document, operation).introspects || mayIntrospect(principal)) return;
  throw new GraphQLError('Introspection needs the scope operations.', { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
}

const mayIntrospect = (principal: Principal): boolean => principal.kind === 'DEVELOPMENT' || principal.scopes.includes('operations');
