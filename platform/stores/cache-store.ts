export interface CacheWrite {
  readonly key: string;
  readonly text: string;
  readonly ttlMs: number;
}

/** What processes keep for each other: a help, never the truth. Whatever is wrong with it, nobody waits for it. */
export interface SharedCacheStore {
  /** In the order of the keys; null: not to be had now, for it is away, slow or has just been. Never rejects. */
  readMany(keys: readonly string[]): Promise<readonly (string | null)[] | null>;
  /** Returns at once; what cannot be written is not. */
  write(writes: readonly CacheWrite[]): void;
  close(): void;
}
