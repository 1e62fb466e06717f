/** What became of a part of an answer; bypass: the cache had no say. */
export type CacheOutcome = 'hit' | 'miss' | 'stale' | 'bypass';
/** `joined`: another request of this process was asking already. `subgraph`: nobody had it. */
export type CacheTier = 'memory' | 'redis' | 'joined' | 'subgraph';

/** Counts what the cache does. */
export interface CacheMeter {
  count(subgraph: string, outcome: CacheOutcome, tier: CacheTier, parts: number): void;
}

export const UNCOUNTED: CacheMeter = { count: () => undefined };
