import type { Clock } from '../clock.ts';
import type { Kv } from './kv.ts';

/** Values of one process, least recently used thrown out first. */
export function createMemoryKv({ clock, capacity }: { readonly clock: Clock; readonly capacity: number }): Kv {
  const entries = new Map<string, { readonly value: string; readonly expiresAtMs: number }>();
  return {
    get: async (key) => {
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      if (entry.expiresAtMs <= clock.now()) return null;
      entries.set(key, entry);
      return entry.value;
    },
    set: async (key, value, ttlMs) => {
      entries.delete(key);
      entries.set(key, { value, expiresAtMs: clock.now() + ttlMs });
      if (entries.size > capacity) entries.delete(entries.keys().next().value!);
    },
    delete: async (key) => void entries.delete(key),
    close: async () => entries.clear(),
  };
}
