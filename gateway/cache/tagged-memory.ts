import { LRUCache } from 'lru-cache';

/** What this process keeps itself, the least recently used goes first. */
export interface TaggedMemory<Value> {
  get(key: string): Value | undefined;
  /** @param bytes of the value alone */
  set(key: string, value: Value, bytes: number): void;
  /** Forgets everything with one of these tags. */
  drop(tags: readonly string[] | 'ALL'): void;
  readonly entries: number;
  readonly bytes: number;
}

/** Key, entry, tags and their place in the index, beside the value. */
const OVERHEAD_BYTES = 400;
const TAG_BYTES = 100;

/** @param maxBytes of all values with what belongs to them; one value takes a sixteenth of it at most */
export function createTaggedMemory<Value extends { readonly tags: readonly string[] }>(maxBytes: number): TaggedMemory<Value> {
  const keysByTag = new Map<string, Set<string>>();
  const forget = (key: string, { tags }: Value): void => {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) keysByTag.delete(tag);
    }
  };
  const cache = new LRUCache<string, Value>({ maxSize: maxBytes, maxEntrySize: Math.ceil(maxBytes / 16), dispose: (value, key) => forget(key, value) });
  return {
    get: (key) => cache.get(key),
    set: (key, value, bytes) => {
      cache.set(key, value, { size: bytes + key.length + OVERHEAD_BYTES + value.tags.length * TAG_BYTES });
      if (!cache.has(key)) return;
      for (const tag of value.tags) {
        const keys = keysByTag.get(tag);
        if (keys) keys.add(key);
        else keysByTag.set(tag, new Set([key]));
      }
    },
    drop: (tags) => {
      if (tags === 'ALL') return cache.clear();
      for (const tag of tags) for (const key of [...(keysByTag.get(tag) ?? [])]) cache.delete(key);
    },
    get entries() {
      return cache.size;
    },
    get bytes() {
      return cache.calculatedSize;
    },
  };
}
