import type { FetchNode } from '@apollo/query-planner';
import {
  Kind,
  OperationTypeNode,
  parse,
  print,
  stripIgnoredCharacters,
  type FieldNode,
  type NameNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { createBoundedCache } from './bounded-cache.ts';
import { compileRequest, type CompiledRequest } from './subgraph-request.ts';

/** One request with an `_entities` field for each member of a group that has something to ask. */
export interface EntityRequest {
  readonly request: CompiledRequest;
  /** Of each member, in the order of asking: response key of its answers, variable of its representations. */
  readonly fields: readonly { readonly key: string; readonly variable: string }[];
}

/** `members`: ascending indices of those that ask; at least one. */
export type PickRequest = (members: readonly number[]) => EntityRequest;

/** Which members have nothing to ask depends on the data; few combinations are common. */
const MAX_COMBINATIONS = 32;

/**
 * The documents for a group of fetches of one subgraph. A member that asks alone sends what the planner wrote; all
 * together send `{ e0: _entities(representations: $representations_0) {...} e1: ... }`, written here once. Documents
 * of other combinations are written when first met.
 */
export function compileEntityRequests(nodes: readonly FetchNode[]): PickRequest {
  const alone = nodes.map((node): EntityRequest => {
    return { request: compileRequest(node), fields: [{ key: ENTITIES, variable: REPRESENTATIONS }] };
  });
  if (nodes.length === 1) return () => alone[0]!;
  const join = createJoiner(nodes);
  const all = join([...nodes.keys()]);
  const some = createBoundedCache<EntityRequest>(MAX_COMBINATIONS);
  return (members) => {
    if (members.length === nodes.length) return all;
    if (members.length === 1) return alone[members[0]!]!;
    const key = members.join();
    const known = some.get(key);
    if (known) return known;
    const joined = join(members);
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

interface Part {
  readonly field: FieldNode;
  readonly key: string;
  readonly variable: string;
  readonly definitions: readonly VariableDefinitionNode[];
}

function createJoiner(nodes: readonly FetchNode[]): PickRequest {
  const prefix = chooseVariablePrefix(nodes);
  const parts = nodes.map((node, index) => readPart(node, `e${index}`, `${prefix}${index}`));
  return (members) => {
    const first = nodes[members[0]!]!;
    const chosen = members.map((member) => parts[member]!);
    // Variables of one name are one variable of the client; those of representations differ by member.
    const definitions = new Map(chosen.flatMap((part) => part.definitions).map((one) => [one.variable.name.value, one]));
    const operation: OperationDefinitionNode = {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      ...(first.operationName === undefined ? {} : { name: nameNode(first.operationName) }),
      variableDefinitions: [...definitions.values()],
      selectionSet: { kind: Kind.SELECTION_SET, selections: chosen.map(({ field }) => field) },
    };
    const variableUsages = [...new Set(members.flatMap((member) => nodes[member]!.variableUsages ?? []))];
    const text = stripIgnoredCharacters(print(operation));
    return { request: compileRequest({ ...first, operation: text, variableUsages }), fields: chosen };
  };
}

/** No client variable starts with it. */
function chooseVariablePrefix(nodes: readonly FetchNode[]): string {
  let prefix = `${REPRESENTATIONS}_`;
  while (nodes.some(({ variableUsages }) => variableUsages?.some((name) => name.startsWith(prefix)))) prefix += '_';
  return prefix;
}

function readPart(node: FetchNode, key: string, variable: string): Part {
  const operation = parse(node.operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
  const field = operation.selectionSet.selections[0] as FieldNode;
  return {
    key,
    variable,
    field: {
      ...field,
      alias: nameNode(key),
      arguments: [{ kind: Kind.ARGUMENT, name: nameNode(REPRESENTATIONS), value: { kind: Kind.VARIABLE, name: nameNode(variable) } }],
    },
    definitions: (operation.variableDefinitions ?? []).map((definition) =>
      definition.variable.name.value === REPRESENTATIONS
        ? { ...definition, variable: { kind: Kind.VARIABLE, name: nameNode(variable) } }
        : definition,
    ),
  };
}

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
