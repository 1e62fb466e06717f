import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import { fits, type Entity, type PathStep } from '../fetching/response-path.ts';
import type { TypeRelations } from './type-relations.ts';

/** Values of `@fromContext` arguments for one entity, by the variable the planner gave each. */
export type ContextValues = Readonly<Record<string, unknown>>;

/** The names the planner gives variables of contexts; no client may use them. */
export const isContextVariable = (name: string): boolean => name.startsWith('contextualArgument_');

/** Entities with the same values share an `_entities` field; `indices` are theirs. */
export interface ContextGroup {
  readonly values: ContextValues;
  readonly indices: readonly number[];
}

export type GroupByContext = (tree: Entity, paths: readonly (readonly PathStep[])[]) => readonly ContextGroup[];

/** Null when the fetch uses no context. A value that was never fetched, or an absent setter, is null. */
export function compileContexts(rewrites: readonly FetchDataKeyRenamer[] | undefined, types: TypeRelations): GroupByContext | null {
  if (!rewrites?.length) return null;
  const readers = rewrites.map(({ path, renameKeyTo }) => ({ variable: renameKeyTo, read: compileReader(path, types) }));
  return (tree, paths) => {
    const groups = new Map<string, { values: ContextValues; indices: number[] }>();
    collectChains(tree, paths).forEach((chain, index) => {
      const values: Record<string, unknown> = {};
      for (const { variable, read } of readers) values[variable] = read(chain) ?? values[variable] ?? null;
      const identity = JSON.stringify(values);
      const group = groups.get(identity);
      if (group) group.indices.push(index);
      else groups.set(identity, { values, indices: [index] });
    });
    return [...groups.values()];
  };
}

/** An object with those that hold it, from the root down; lists do not count. */
type Chain = readonly Entity[];

/** In the order `collectEntities` finds the objects. */
function collectChains(tree: Entity, paths: readonly (readonly PathStep[])[]): readonly Chain[] {
  const found: Chain[] = [];
  const walk = (value: unknown, steps: readonly PathStep[], chain: Chain): void => {
    if (Array.isArray(value)) {
      for (const element of value) walk(element, steps, chain);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    const entity = value as Entity;
    if (!fits(entity, steps[chain.length - 1])) return;
    const step = steps[chain.length];
    if (step) walk(entity[step.key], steps, [...chain, entity]);
    else found.push([...chain, entity]);
  };
  for (const steps of paths) walk(tree, steps, []);
  return found;
}

const FRAGMENT = '... on ';

/** `.. / .. / ... on Setter / price / amount`: up as often as there are dots, then down. */
function compileReader(path: readonly string[], types: TypeRelations): (chain: Chain) => unknown {
  const up = path.filter((element) => element === '..').length;
  const down = path.filter((element) => element !== '..');
  return (chain) => {
    let value: unknown = chain[chain.length - 1 - up];
    for (const element of down) {
      if (value === null || typeof value !== 'object') return value;
      value = element.startsWith(FRAGMENT) ? narrow(value as Entity, element.slice(FRAGMENT.length), types) : pickKey(value, element);
    }
    return value;
  };
}

const pickKey = (value: unknown, key: string): unknown =>
  Array.isArray(value) ? value.map((element) => pickKey(element, key)) : ((value as Entity | null)?.[key] ?? null);

function narrow(entity: Entity, condition: string, types: TypeRelations): Entity | undefined {
  const typename = entity['__typename'];
  return typeof typename !== 'string' || types.isSubtype(typename, condition) ? entity : undefined;
}
