import type { GraphQLError } from 'graphql';
import type { CacheSession } from '../../cache/facts.ts';
import type { Outstanding } from './outstanding.ts';
import type { Entity } from './response-path.ts';
import type { SubgraphCall, SubgraphClient } from '../subgraph-client.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

/** Clients by subgraph name. */
export type SubgraphClients = Readonly<Record<string, SubgraphClient>>;

/** The state of one operation while its plan runs. */
export interface Run {
  /** What has been fetched so far, under response keys. */
  readonly tree: Entity;
  /** Coerced, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly clients: SubgraphClients;
  readonly types: TypeRelations;
  readonly call: SubgraphCall;
  /** Rejects when the call is aborted, so that nobody waits for a client that ignores its signal; null: cannot be. */
  readonly aborted: Promise<never> | null;
  /** Null: every fetch goes to its subgraph. */
  readonly cache: CacheSession | null;
  readonly outstanding: Outstanding;
  readonly errors: GraphQLError[];
  /** Requests sent, by subgraph. */
  readonly subrequests: Map<string, number>;
  /** Payload of the event a subscription's primary fetch is executed with. */
  readonly event: unknown;
}

/** Runs to completion and never rejects: what goes wrong is recorded in `run.errors`. */
export type Step = (run: Run) => Promise<void> | void;
