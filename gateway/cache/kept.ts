import { setOwn } from '../execution/fetching/merge.ts';
import type { Entity } from '../execution/fetching/response-path.ts';
import type { CacheMark } from './facts.ts';

/** A part of an answer, as it is kept. */
export interface Kept {
  /** Nobody may change it: readers get copies. */
  readonly value: unknown;
  /** Epoch milliseconds, before the subgraph was asked. */
  readonly askedAtMs: number;
  readonly mark: CacheMark;
  readonly tags: readonly string[];
}

/** Bytes in memory, estimated from above: objects and strings have headers, properties have slots. */
const OBJECT_BYTES = 56;
const SLOT_BYTES = 12;
const STRING_BYTES = 24;

export interface Weighed {
  readonly value: unknown;
  readonly bytes: number;
}

/**
 * A copy of plain objects with its weight: graphql-js answers in objects without a prototype, which are four times slower to
 * copy, and a value is copied for each reader.
 */
export function copyToKeep(value: unknown): Weighed {
  let bytes = 0;
  const copy = (one: unknown): unknown => {
    bytes += SLOT_BYTES;
    if (typeof one === 'string') bytes += STRING_BYTES + one.length;
    if (one === null || typeof one !== 'object') return one;
    bytes += OBJECT_BYTES;
    if (Array.isArray(one)) return one.map(copy);
    const prototype: unknown = Object.getPrototypeOf(one);
    // A scalar of a class is a value.
    if (prototype !== null && prototype !== Object.prototype) return one;
    const plain: Entity = {};
    for (const key in one) setOwn(plain, key, copy((one as Entity)[key]));
    return plain;
  };
  const copied = copy(value);
  return { value: copied, bytes };
}

/** For other processes. */
export const encodeKept = ({ askedAtMs, mark, tags, value }: Kept): string => JSON.stringify([askedAtMs, mark, tags, value]);

/** Null for what is none of ours. */
export function decodeKept(text: string): Kept | null {
  try {
    const [askedAtMs, mark, tags, value] = JSON.parse(text) as [unknown, unknown, unknown, unknown];
    if (typeof askedAtMs !== 'number' || mark === null || typeof mark !== 'object' || !Array.isArray(tags) || value === undefined) return null;
    return { askedAtMs, mark: mark as CacheMark, tags: tags as string[], value };
  } catch {
    return null;
  }
}
