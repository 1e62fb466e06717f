import type { Entity } from './response-path.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

/**
 * Merges what a subgraph answered into an object of the tree, in place and without copying.
 * Null never replaces a value: two subgraphs may share a field, and the one that is down must not erase the other.
 */
export function mergeInto(target: Entity, source: Entity, types: TypeRelations): void {
  if (target === source) return;
  for (const key in source) {
    const incoming = source[key];
    // An own `__proto__` (JSON can hold one) would be merged into the prototype of all objects.
    if (incoming === undefined || key === '__proto__') continue;
    const present = target[key];
    if (present === undefined || present === null) target[key] = incoming;
    else if (incoming !== null) target[key] = mergeValue(key, present, incoming, types);
  }
}

function mergeValue(key: string, present: unknown, incoming: unknown, types: TypeRelations): unknown {
  // An @interfaceObject subgraph knows only the interface; the concrete type found elsewhere stays.
  if (key === '__typename') return types.isAbstract(incoming as string) ? present : incoming;
  if (typeof present !== 'object' || typeof incoming !== 'object') return incoming;
  if (!Array.isArray(present) || !Array.isArray(incoming)) {
    if (Array.isArray(present) || Array.isArray(incoming) || Object.isFrozen(present)) return incoming;
    mergeInto(present as Entity, incoming as Entity, types);
    return present;
  }
  if (present.length !== incoming.length || Object.isFrozen(present)) return incoming;
  for (let index = 0; index < present.length; index++) {
    const element: unknown = incoming[index];
    if (element === null) continue;
    const before: unknown = present[index];
    present[index] = before === null ? element : mergeValue('', before, element, types);
  }
  return present;
}

/** Sets a key of any name; assigning `__proto__` would replace the prototype instead. */
export function setOwn(target: Entity, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/**
 * One answer may belong to several places of the tree, and each place is merged into further by later fetches,
 * so every place but one gets its own objects. Scalars of a class (a Date, a decimal) are values and stay shared.
 */
export function copyAnswer<Value>(value: Value): Value {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copyAnswer) as Value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  const copy = Object.create(prototype as null) as Entity;
  for (const key in value) setOwn(copy, key, copyAnswer(value[key]));
  return copy as Value;
}
