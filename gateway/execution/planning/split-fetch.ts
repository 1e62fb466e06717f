import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  GraphQLError,
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { collide, findCollision, joinPath, pathsOfPlan, type PathRules, type RequirementPath } from './requirement-paths.ts';

/** Paths a subgraph's field reads from the representation; none where it requires nothing. */
export type Requirements = (type: string, field: string, subgraph: string) => readonly RequirementPath[];

/**
 * A representation holds one value of each field. Where the fields of one fetch require a field with different
 * arguments, the fetch becomes several, each with those fields that can share a representation.
 */
export function splitFetch(node: FetchNode, rules: PathRules, requirements: Requirements): readonly FetchNode[] {
  if (!node.requires || !findCollision([...pathsOfPlan(node.requires)], rules)) return [node];
  const groups = groupUses(readUses(node, requirements), rules);
  const parts = groups.map((group, index) => narrowFetch(node, { group, first: index === 0, groups, rules }));
  for (const part of parts) refuseCollision(part, rules);
  return parts;
}

/** A field of the fetch that requires something. */
interface Use {
  readonly id: string;
  readonly paths: readonly RequirementPath[];
}

interface Group {
  readonly fields: Set<string>;
  readonly paths: Set<RequirementPath>;
}

function readUses(node: FetchNode, requirements: Requirements): readonly Use[] {
  const uses: Use[] = [];
  walkEntityFields(node.operation, (type, field) => {
    const paths = requirements(type, field.name.value, node.serviceName);
    if (paths.length > 0) uses.push({ id: idOf(type, field), paths });
    return field;
  });
  return uses;
}

function groupUses(uses: readonly Use[], rules: PathRules): readonly Group[] {
  const groups: Group[] = [];
  for (const { id, paths } of uses) {
    let group = groups.find((candidate) => !paths.some((path) => [...candidate.paths].some((taken) => collide(path, taken, rules))));
    if (!group) groups.push((group = { fields: new Set(), paths: new Set() }));
    group.fields.add(id);
    for (const path of paths) group.paths.add(path);
  }
  return groups;
}

interface Narrowing {
  readonly group: Group;
  /** The first part also takes the fields that require nothing. */
  readonly first: boolean;
  readonly groups: readonly Group[];
  readonly rules: PathRules;
}

function narrowFetch(node: FetchNode, narrowing: Narrowing): FetchNode {
  const { group, first, groups } = narrowing;
  const types = new Set<string>();
  const operation = walkEntityFields(node.operation, (type, field) => {
    const id = idOf(type, field);
    const belongs = group.fields.has(id) || (first && !groups.some(({ fields }) => fields.has(id)));
    if (belongs) types.add(type);
    return belongs ? field : null;
  });
  const used = new Set<string>();
  visit(operation, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) });
  const pruned = visit(operation, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) });
  return {
    ...node,
    operation: stripIgnoredCharacters(print(pruned)),
    variableUsages: node.variableUsages?.filter((name) => used.has(name)) ?? [],
    requires: node.requires!.flatMap((selection) => pruneSelection(selection, narrowing)),
  };
}

/** Stand-ins that only fields of other groups read go, and objects that held nothing else. */
function pruneSelection(selection: QueryPlanSelectionNode, narrowing: Narrowing, type?: string, prefix = ''): QueryPlanSelectionNode[] {
  const { group, groups, rules } = narrowing;
  const isField = selection.kind === 'Field';
  const path = isField ? joinPath(prefix, type, selection.name) : prefix;
  if (isField && rules.standIns.has(selection.name) && !group.paths.has(path) && groups.some(({ paths }) => paths.has(path))) return [];
  if (!selection.selections) return [selection];
  const inside = isField ? undefined : (selection.typeCondition ?? type);
  const selections = selection.selections.flatMap((inner) => pruneSelection(inner, narrowing, inside, path));
  const lostAll = selections.length < selection.selections.length && selections.every((inner) => inner.kind === 'Field' && inner.name === '__typename');
  return lostAll ? [] : [{ ...selection, selections }];
}

function refuseCollision({ requires, serviceName }: FetchNode, rules: PathRules): void {
  const collision = findCollision([...pathsOfPlan(requires ?? [])], rules);
  if (!collision) return;
  const [type, name = ''] = collision[0].split('/').at(-1)!.split(':');
  const field = rules.standIns.get(name)?.field ?? name;
  throw new GraphQLError(
    `Subgraph "${serviceName}" requires the field "${type ? `${type}.` : ''}${field}" with different arguments in one representation. ` +
      'Ask for the fields that require it in operations of their own, or let the subgraph that owns it offer a field for each use.',
  );
}

const idOf = (type: string, field: FieldNode): string => `${type}.${(field.alias ?? field.name).value}`;

/** Visits the fields directly on the entities of `{ _entities(...) { ... on T { field } } }`; null drops one. */
function walkEntityFields(operation: string, change: (type: string, field: FieldNode) => FieldNode | null): DocumentNode {
  const walk = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode | readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return change(type, selection) ?? [];
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
      const selectionSet = walk(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
    }),
  });
  return visit(parse(operation, { noLocation: true }), {
    Field: { leave: (field) => (field.name.value === '_entities' && field.selectionSet ? { ...field, selectionSet: walk(field.selectionSet, '') } : undefined) },
  });
}
