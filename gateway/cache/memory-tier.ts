import { LRUCache } from 'lru-cache';
import type { Kept } from './kept.ts';

/** What this process keeps itself, the least recently used goes first. */
export interface MemoryTier {
  get(key: string): Kept | undefined;
  set(key: string, kept: Kept, bytes: number): void;
  /** Forgets everything with one of these tags. */
  drop(tags: readonly string[] | 'ALL'): void;
  readonly entries: number;
  readonly bytes: number;
}

/** Key, entry, tags and their place in the index, beside the value. */
const OVERHEAD_BYTES = 400;
const TAG_BYTES = 100;

/** @param maxBytes of all values with what belongs to them; one value takes a sixteenth of it at most */
export function createMemoryTier(maxBytes: number): MemoryTier {
  const keysByTag = new Map<string, Set<string>>();
  const forget = (key: string, { tags }: Kept): void => {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      if (keys?.delete(key) && keys.size === 0) keysByTag.delete(tag);
    }
  };
  const cache = new LRUCache<string, Kept>({ maxSize: maxBytes, maxEntrySize: Math.ceil(maxBytes / 16), dispose: (kept, key) => forget(key, kept) });
  return {
    get: (key) => cache.get(key),
    set: (key, kept, bytes) => {
      cache.set(key, kept, { size: bytes + key.length + OVERHEAD_BYTES + kept.tags.length * TAG_BYTES });
      if (!cache.has(key)) return;
      for (const tag of kept.tags) {
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
