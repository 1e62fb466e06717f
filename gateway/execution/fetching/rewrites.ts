import type { FetchDataRewrite } from '@apollo/query-planner';
import type { Entity } from './response-path.ts';
import type { ResponsePath } from './subgraph-errors.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

/** Changes a value in place. `typename` stands in where the value itself carries no `__typename`. */
export type Rewrite = (value: unknown, typename: string | undefined) => void;

const FRAGMENT = '... on ';

/** Null when there is nothing to do, so that the hot path tests one reference. */
export function compileRewrites(rewrites: readonly FetchDataRewrite[] | undefined, types: TypeRelations): Rewrite | null {
  if (!rewrites?.length) return null;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, types));
  return (value, typename) => {
    for (const rewrite of compiled) rewrite(value, typename);
  };
}

/** Errors name the keys a subgraph answered under; clients know those they were renamed to. */
export function compileErrorKeys(rewrites: readonly FetchDataRewrite[] | undefined): (path: ResponsePath) => ResponsePath {
  const renames = new Map<string | number, string>();
  for (const rewrite of rewrites ?? []) if (rewrite.kind === 'KeyRenamer') renames.set(rewrite.path.at(-1) as string, rewrite.renameKeyTo);
  return renames.size === 0 ? (path) => path : (path) => path.map((part) => renames.get(part) ?? part);
}

function compileRewrite(rewrite: FetchDataRewrite, types: TypeRelations): Rewrite {
  const key = rewrite.path.at(-1) as string;
  const change = rewrite.kind === 'ValueSetter' ? setValue(key, rewrite.setValueTo) : renameKey(key, rewrite.renameKeyTo);
  return rewrite.path.slice(0, -1).reduceRight((next, element) => descend(element, next, types), throughLists(change));
}

function setValue(key: string, value: unknown): (entity: Entity) => void {
  return (entity) => {
    entity[key] = value;
  };
}

/** Also renames null, false, 0 and '': they are answers, too. */
function renameKey(from: string, to: string): (entity: Entity) => void {
  return (entity) => {
    if (entity[from] === undefined) return;
    entity[to] = entity[from];
    entity[from] = undefined;
  };
}

function descend(element: string, next: Rewrite, types: TypeRelations): Rewrite {
  if (!element.startsWith(FRAGMENT)) return throughLists((entity) => next(entity[element], undefined));
  const condition = element.slice(FRAGMENT.length);
  return throughLists((entity, fallback) => {
    const typename = (entity['__typename'] as string | undefined) ?? fallback;
    if (typename === undefined || types.isSubtype(typename, condition)) next(entity, fallback);
  });
}

function throughLists(change: (entity: Entity, typename: string | undefined) => void): Rewrite {
  const apply: Rewrite = (value, typename) => {
    if (Array.isArray(value)) for (const element of value) apply(element, typename);
    else if (value !== null && typeof value === 'object') change(value as Entity, typename);
  };
  return apply;
}
