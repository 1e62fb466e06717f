import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';

/**
 * Who has just changed something. What changed is announced to everybody a moment after it is committed; until then whoever
 * changed it reads past the cache, and so sees at once what it did.
 */
export interface RecentWriters {
  /** Call when a mutation has ended. */
  note(scope: Pick<RequestScope, 'principal'>): void;
  includes(scope: Pick<RequestScope, 'principal'>): boolean;
}

/** Outbox, log and reader together take milliseconds, and a second where something is slow. */
const REMEMBERED_MS = 2_000;
const MAX_WRITERS = 50_000;

export function createRecentWriters(clock: Clock): RecentWriters {
  const wroteAt = new LRUCache<string, number>({ max: MAX_WRITERS });
  return {
    note: ({ principal }) => void wroteAt.set(principal.subject, clock.monotonic()),
    includes: ({ principal }) => {
      const at = wroteAt.size === 0 ? undefined : wroteAt.get(principal.subject);
      return at !== undefined && clock.monotonic() - at < REMEMBERED_MS;
    },
  };
}
