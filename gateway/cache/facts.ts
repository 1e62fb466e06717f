import type { QueryPlan } from '@apollo/query-planner';
import type { SubgraphAnswer, SubgraphCall, SubgraphClient, SubgraphRequest } from '../execution/subgraph-client.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';

/** PUBLIC: the same for all who may ask the same in the same channel, locale and currency. PRIVATE: one caller's own. */
export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** How far a process had followed the change events when it asked: a cursor of the event log per topic. Survives JSON. */
export type CacheMark = Readonly<Record<string, string>>;

/** A part of an answer that is older than it may be, because its subgraph is silent. */
export interface StalePart {
  readonly subgraph: string;
  readonly ageMs: number;
  /** Failure code of the silence: UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_MALFORMED. */
  readonly reason: string;
}

/** What an answer was made of. */
export interface CacheFacts {
  readonly scope: CacheScope;
  /** The whole answer may be repeated for so long; 0: not at all. */
  readonly freshForMs: number;
  /** Of its oldest part. */
  readonly ageMs: number;
  /** Sorted, each once. */
  readonly tags: readonly string[];
  /** Where invalidation stood before anything was read. */
  readonly mark: CacheMark;
  /** Parts (an entity, a root field) that were kept, and that a subgraph was asked for. */
  readonly hits: number;
  readonly misses: number;
  readonly stale: readonly StalePart[];
}

/** The cache during one operation. */
export interface CacheSession {
  /** Asks a subgraph for what is not kept. Rejects as the client does; what it resolves with belongs to the caller. */
  execute(ask: CachedAsk): Promise<SubgraphAnswer>;
  /** Parts that are older than they may be; also of answers that have no facts. */
  stale(): readonly StalePart[];
  /** Null: a part of the answer may not be kept, or there are errors, or nothing was asked. */
  facts(): CacheFacts | null;
}

export interface CachedAsk {
  readonly service: string;
  readonly client: SubgraphClient;
  /** `variables` may be taken over. */
  readonly request: SubgraphRequest;
  readonly call: SubgraphCall;
  /** Called when the subgraph is really asked. */
  readonly onAsked: () => void;
}

/** Known of an operation before anything is executed: from its plan alone. */
export interface OperationCacheFacts {
  /** Every part of it has a lifetime, and there is at least one. */
  readonly cacheable: boolean;
  /** PRIVATE if any part is. */
  readonly scope: CacheScope;
  /** The shortest of its parts; 0 when not cacheable. */
  readonly maxAgeMs: number;
}

export interface FetchCache {
  /** Null: this operation runs without the cache, which does not know what has changed lately, or whose caller has just changed something. */
  open(scope: RequestScope): CacheSession | null;
  /** Call when a mutation has ended: its caller reads past the cache until everybody has been told. */
  noteWrite(scope: RequestScope): void;
  /** Of an operation's view, or of anything else with its plan. */
  operationFacts(view: { readonly queryPlan: QueryPlan }): OperationCacheFacts;
}

/** What has changed, as far as this process has followed the change events. */
export interface Invalidations {
  /** Null: not current. Nothing that is kept may be used, and nothing kept. */
  mark(): CacheMark | null;
  /** Whether something read at the mark may have changed since; true also when that is not known any more. */
  changedSince(tags: readonly string[], mark: CacheMark): boolean;
  /** Calls back at each change with its tags. Returns how to stop that. */
  onInvalidated(listener: (tags: readonly string[] | 'ALL') => void): () => void;
}
