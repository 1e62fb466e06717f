import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import type { StandIn } from './stand-in-fields.ts';

/** Stand-ins and the fields around them as a representation holds them: `Product:dims/:width__required_1`, types before names. */
export type RequirementPath = string;

export const joinPath = (prefix: string, type: string | undefined, name: string): RequirementPath =>
  `${prefix === '' ? '' : `${prefix}/`}${type ?? ''}:${name}`;

export function* pathsOf(set: SelectionSetNode, type: string | undefined, prefix = ''): Generator<RequirementPath> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) yield* pathsOf(selection.selectionSet, selection.typeCondition?.name.value ?? type, prefix);
    if (selection.kind !== Kind.FIELD) continue;
    const path = joinPath(prefix, type, selection.name.value);
    yield path;
    if (selection.selectionSet) yield* pathsOf(selection.selectionSet, undefined, path);
  }
}

export function* pathsOfPlan(selections: readonly QueryPlanSelectionNode[], type?: string, prefix = ''): Generator<RequirementPath> {
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      yield* pathsOfPlan(selection.selections, selection.typeCondition ?? type, prefix);
      continue;
    }
    const path = joinPath(prefix, type, selection.name);
    yield path;
    yield* pathsOfPlan(selection.selections ?? [], undefined, path);
  }
}

export interface PathRules {
  readonly standIns: ReadonlyMap<string, StandIn>;
  isObjectType(type: string): boolean;
}

/** Whether both would put different values under one name of one object. */
export function collide(one: RequirementPath, other: RequirementPath, { standIns, isObjectType }: PathRules): boolean {
  const [ours, theirs] = [one.split('/'), other.split('/')];
  if (ours.length !== theirs.length) return false;
  let differ = false;
  for (let level = 0; level < ours.length; level++) {
    const [type = '', name = ''] = ours[level]!.split(':');
    const [otherType = '', otherName = ''] = theirs[level]!.split(':');
    if (type !== otherType && isObjectType(type) && isObjectType(otherType)) return false;
    if ((standIns.get(name)?.field ?? name) !== (standIns.get(otherName)?.field ?? otherName)) return false;
    differ ||= name !== otherName;
  }
  return differ;
}

export function findCollision(paths: readonly RequirementPath[], rules: PathRules): readonly [string, string] | null {
  for (const [index, path] of paths.entries()) {
    const other = paths.slice(0, index).find((earlier) => collide(path, earlier, rules));
    if (other) return [other, path];
  }
  return null;
}
