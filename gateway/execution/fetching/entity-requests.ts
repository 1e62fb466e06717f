import type { FetchNode } from '@apollo/query-planner';
import {
  Kind,
  OperationTypeNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type FieldNode,
  type NameNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { createBoundedCache } from '../bounded-cache.ts';
import { isContextVariable } from '../planning/contexts.ts';
import { compileRequest, type CompiledRequest } from './subgraph-request.ts';

/** One request with an `_entities` field for each question. */
export interface EntityRequest {
  readonly request: CompiledRequest;
  /** Of each question, in the order of asking. */
  readonly fields: readonly RequestField[];
}

export interface RequestField {
  /** Response key of its answers. */
  readonly key: string;
  /** Variable of its representations. */
  readonly variable: string;
  /** What the request calls a variable of a context. */
  nameContext(variable: string): string;
}

/**
 * `asking`: ascending indices of the fetches that ask; at least one. A fetch occurs once for each set of context values
 * its entities have.
 */
export type PickRequest = (asking: readonly number[]) => EntityRequest;

/** Which fetches have nothing to ask depends on the data; few combinations are common. */
const MAX_COMBINATIONS = 32;

/**
 * The documents for a group of fetches of one subgraph. A fetch that asks alone sends what the planner wrote; all
 * together send `{ e0: _entities(representations: $representations_0) {...} e1: ... }`, written here once. Documents
 * of other combinations are written when first met.
 */
export function compileEntityRequests(nodes: readonly FetchNode[]): PickRequest {
  const alone = nodes.map((node): EntityRequest => {
    return { request: compileRequest(node), fields: [{ key: ENTITIES, variable: REPRESENTATIONS, nameContext: (name) => name }] };
  });
  const join = createJoiner(nodes);
  const all = nodes.length === 1 ? alone[0]! : join([...nodes.keys()]);
  const some = createBoundedCache<EntityRequest>(MAX_COMBINATIONS);
  return (asking) => {
    if (asking.length === 1) return alone[asking[0]!]!;
    if (asking.length === nodes.length && asking.every((fetch, place) => fetch === place)) return all;
    const key = asking.join();
    const known = some.get(key);
    if (known) return known;
    const joined = join(asking);
    some.set(key, joined);
    return joined;
  };
}

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

/** Whether the operation is the planner's usual one: a bare `query (...) { _entities(representations: $representations) {...} }`. */
export function isJoinable(node: FetchNode): boolean {
  if (!node.requires || node.operationKind !== OperationTypeNode.QUERY) return false;
  const { definitions } = parse(node.operation, { noLocation: true });
  const [operation] = definitions;
  if (definitions.length !== 1 || operation?.kind !== Kind.OPERATION_DEFINITION || operation.directives?.length) return false;
  const [field, ...others] = operation.selectionSet.selections;
  return field?.kind === Kind.FIELD && others.length === 0 && !field.alias && !field.directives?.length && field.name.value === ENTITIES;
}

interface Part extends RequestField {
  readonly field: FieldNode;
  readonly definitions: readonly VariableDefinitionNode[];
}

function createJoiner(nodes: readonly FetchNode[]): PickRequest {
  const prefix = chooseVariablePrefix(nodes);
  const operations = nodes.map(({ operation }) => parse(operation, { noLocation: true }).definitions[0] as OperationDefinitionNode);
  return (asking) => {
    const first = nodes[asking[0]!]!;
    const parts = asking.map((fetch, place) => createPart(operations[fetch]!, place, prefix));
    // Variables of one name are one variable of the client; those of representations and contexts differ by part.
    const definitions = new Map(parts.flatMap((part) => part.definitions).map((one) => [one.variable.name.value, one]));
    const operation: OperationDefinitionNode = {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      ...(first.operationName === undefined ? {} : { name: nameNode(first.operationName) }),
      variableDefinitions: [...definitions.values()],
      selectionSet: { kind: Kind.SELECTION_SET, selections: parts.map(({ field }) => field) },
    };
    const variableUsages = [...new Set(asking.flatMap((fetch) => nodes[fetch]!.variableUsages ?? []))];
    const text = stripIgnoredCharacters(print(operation));
    return { request: compileRequest({ ...first, operation: text, variableUsages }), fields: parts };
  };
}

/** No client variable starts with it. */
function chooseVariablePrefix(nodes: readonly FetchNode[]): string {
  let prefix = `${REPRESENTATIONS}_`;
  while (nodes.some(({ variableUsages }) => variableUsages?.some((name) => name.startsWith(prefix)))) prefix += '_';
  return prefix;
}

function createPart(operation: OperationDefinitionNode, place: number, prefix: string): Part {
  const nameContext = (variable: string): string => `${variable}_${place}`;
  const rename = (name: NameNode): NameNode => {
    if (name.value === REPRESENTATIONS) return nameNode(`${prefix}${place}`);
    return isContextVariable(name.value) ? nameNode(nameContext(name.value)) : name;
  };
  const { variableDefinitions = [], selectionSet } = visit(operation, {
    Variable: (variable) => ({ ...variable, name: rename(variable.name) }),
  });
  const key = `e${place}`;
  const field = { ...(selectionSet.selections[0] as FieldNode), alias: nameNode(key) };
  return { key, variable: `${prefix}${place}`, nameContext, field, definitions: variableDefinitions };
}

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
