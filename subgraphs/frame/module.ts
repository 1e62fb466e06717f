import type { GraphQLSchema } from 'graphql';
import type { Clients } from '../../domain/clients.ts';
import type { FlowName } from '../../domain/connector.ts';
import type { PortSource } from '../../domain/ports.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { FeedProgress } from '../../platform/feed.ts';
import type { FeedStatus } from '../../platform/feed-status.ts';
import type { Jobs } from '../../platform/jobs.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { Database } from '../../platform/stores/sql.ts';

export const SUBGRAPH_NAMES = ['catalog', 'inventory', 'pricing', 'customer', 'orders'] as const;
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number];

/** What a subgraph is given; everything it touches comes through here. */
export interface SubgraphDependencies {
  readonly config: Config;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly jobs: Jobs;
  readonly ports: PortSource;
  /** The other subgraphs, as clients. Use lazily: in embedded hosting they start in any order. */
  readonly clients: Clients;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFeedProgress?: (progress: FeedProgress) => void;
  /** What is wrong with what the process shares, in sentences, for health. */
  readonly troubles?: () => readonly string[];
}

/** Where and in which words the caller shops: part of every cache key. */
export interface ShoppingContext {
  readonly channel: string | null;
  readonly locale: string | null;
  readonly currencyCode: string | null;
  /** Customer number of the location of the caller's company that buys; null: no particular one. As told: whoever uses it checks it. */
  readonly companyLocation: string | null;
}

/** What one request carries into a subgraph; the same in process and over HTTP. */
export interface RequestScope {
  readonly principal: Principal;
  readonly shopping: ShoppingContext;
  readonly signal: AbortSignal;
  readonly deadlineAtMs: number;
  readonly traceparent: string | null;
}

/** Every resolver's context starts with these; each subgraph adds its loaders and service. */
export interface GraphContext {
  readonly scope: RequestScope;
}

/** What health tells of one part. */
export interface HealthReport {
  /** Whether it can serve at all. An ERP that is away does not change that: its figures go stale and say so. */
  readonly ok: boolean;
  /** What is wrong, in sentences; there may be some although `ok`. */
  readonly reasons: readonly string[];
}

export interface Subgraph<Name extends SubgraphName = SubgraphName> {
  readonly name: Name;
  readonly schema: GraphQLSchema;
  /** One per request: batches live in it. */
  createContext(scope: RequestScope): GraphContext;
  /** What other subgraphs may ask of this one. */
  readonly client: Name extends keyof Clients ? Clients[Name] : null;
  /** Starts feeds and workers. Resolves at once; `ready` tells when there is data. */
  start(): Promise<void>;
  /** Resolves after the first complete pass of every feed. */
  readonly ready: () => Promise<void>;
  /** A vendor hinted that this flow changed. */
  wake(flow: FlowName): void;
  /** Operations people want every source read whole now. */
  resync(options: { readonly confirmRemovals: boolean }): void;
  health(): Promise<HealthReport>;
  /** How each feed stands, with the rows it refused. */
  feeds(): Promise<readonly FeedStatus[]>;
  /** What else operations people may want to know of this part, by name. */
  details?(): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

export interface SubgraphModule<Name extends SubgraphName = SubgraphName> {
  readonly name: Name;
  /** The schema alone, without any dependency: what schema/<name>.graphql is printed from. */
  buildSchema(): Promise<GraphQLSchema>;
  create(dependencies: SubgraphDependencies): Promise<Subgraph<Name>>;
}
