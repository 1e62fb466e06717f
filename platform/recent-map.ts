/** A map of at most `capacity` entries that forgets what has not been used for long. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
  values(): Iterable<Value>;
}

/**
 * Keeps two generations: what is used lives in the young one; when that is half of the capacity it becomes the old one, and what nobody
 * used since is let go. Finding something costs one look, where an exact order of use would move it each time.
 */
export function createRecentMap<Value>(capacity: number): RecentMap<Value> {
  const half = Math.max(1, Math.floor(capacity / 2));
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const put = (key: string, value: Value): void => {
    if (young.size >= half && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    get: (key) => {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older === undefined) return undefined;
      old.delete(key);
      put(key, older);
      return older;
    },
    set: (key, value) => {
      old.delete(key);
      put(key, value);
    },
    delete: (key) => {
      young.delete(key);
      old.delete(key);
    },
    values: function* () {
      yield* young.values();
      yield* old.values();
    },
  };
}
