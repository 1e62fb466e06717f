/**
 * What one subscriber has yet to take, in the order of the log. Of a key only the latest waits: it takes its place at the
 * end, so that whoever resumes after the last value taken misses nothing that waited.
 */
export interface WaitingEvents<T> {
  readonly size: number;
  /** @param key null = never coalesced */
  put(value: T, key: string | null): 'queued' | 'coalesced';
  take(): T | undefined;
  clear(): void;
}

interface Entry<T> {
  value: T;
  readonly key: string | null;
  overtaken: number;
}

/** One that has been overtaken so often stays where it is, and the next waits behind it: none is put off for ever. */
const MAX_OVERTAKEN = 16;

/** @param merge makes one of two of a key */
export function createWaitingEvents<T>(merge: (earlier: T, later: T) => T): WaitingEvents<T> {
  // Both keep the order of insertion: a Set is a queue that can be left from the middle.
  const entries = new Set<Entry<T>>();
  const byKey = new Map<string, Entry<T>>();
  return {
    get size() {
      return entries.size;
    },
    put: (value, key) => {
      const earlier = key === null ? undefined : byKey.get(key);
      const merges = earlier !== undefined && earlier.overtaken < MAX_OVERTAKEN;
      if (merges) entries.delete(earlier);
      const entry: Entry<T> = merges ? { value: merge(earlier.value, value), key, overtaken: earlier.overtaken + 1 } : { value, key, overtaken: 0 };
      entries.add(entry);
      if (key !== null) byKey.set(key, entry);
      return merges ? 'coalesced' : 'queued';
    },
    take: () => {
      const [first] = entries;
      if (!first) return undefined;
      entries.delete(first);
      if (first.key !== null && byKey.get(first.key) === first) byKey.delete(first.key);
      return first.value;
    },
    clear: () => {
      entries.clear();
      byKey.clear();
    },
  };
}
