import type { ResponsePath } from '@apollo/query-planner';

/** An object of the fetched tree. */
export type Entity = Record<string, unknown>;

export interface PathStep {
  readonly key: string;
  /** Only objects of these types are followed; null follows all. */
  readonly types: ReadonlySet<string> | null;
}

/**
 * `products @ variants|[Book,Film] @` becomes steps by key. Lists need no step of their own: walking looks through
 * them at any depth, so a type condition written behind `@` belongs to the key before it.
 */
export function compilePath(path: ResponsePath): readonly PathStep[] {
  const steps: { key: string; types: ReadonlySet<string> | null }[] = [];
  for (const element of path.map(String)) {
    const bar = element.indexOf('|[');
    const key = bar < 0 ? element : element.slice(0, bar);
    const types = bar < 0 ? null : new Set(element.slice(bar + 2, -1).split(','));
    const last = steps.at(-1);
    if (key !== '' && key !== '@') steps.push({ key, types });
    else if (types && last) last.types = types;
  }
  return steps;
}

/** Collects the objects at the path, lists flattened, nulls left out. */
export function collectEntities(value: unknown, steps: readonly PathStep[], depth = 0, found: Entity[] = []): Entity[] {
  if (Array.isArray(value)) {
    for (const element of value) collectEntities(element, steps, depth, found);
  } else if (value !== null && typeof value === 'object' && fits(value as Entity, steps[depth - 1])) {
    const step = steps[depth];
    if (step) collectEntities((value as Entity)[step.key], steps, depth + 1, found);
    else found.push(value as Entity);
  }
  return found;
}

/** The response path of each object `collectEntities` found, in its order; walked only when an error needs it. */
export function locateEntities(value: unknown, steps: readonly PathStep[]): (string | number)[][] {
  const found: (string | number)[][] = [];
  const walk = (current: unknown, depth: number, path: (string | number)[]): void => {
    if (Array.isArray(current)) current.forEach((element, index) => walk(element, depth, [...path, index]));
    else if (current !== null && typeof current === 'object' && fits(current as Entity, steps[depth - 1])) {
      const step = steps[depth];
      if (step) walk((current as Entity)[step.key], depth + 1, [...path, step.key]);
      else found.push(path);
    }
  };
  walk(value, 0, []);
  return found;
}

/** The deepest response path that all objects at the path share. */
export function commonPath(value: unknown, steps: readonly PathStep[]): readonly (string | number)[] {
  const [first, ...others] = locateEntities(value, steps);
  if (!first) return [];
  let length = first.length;
  for (const other of others) {
    let shared = 0;
    while (shared < length && first[shared] === other[shared]) shared++;
    length = shared;
  }
  return first.slice(0, length);
}

export function fits(entity: Entity, step: PathStep | undefined): boolean {
  if (!step?.types) return true;
  const typename = entity['__typename'];
  return typeof typename !== 'string' || step.types.has(typename);
}
