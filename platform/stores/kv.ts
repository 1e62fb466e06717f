/** Short-lived values by key: a cache, never the truth. Every call may come back empty-handed. */
export interface Kv {
  get(key: string): Promise<string | null>;
  /** @param ttlMs lifetime in milliseconds, more than zero */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}
