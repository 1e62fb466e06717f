import type { CatalogClient, CustomerClient, PricingClient } from '../../domain/clients.ts';
import type { FeedStatus } from '../../platform/feed-status.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { SubgraphClients } from '../execution/fetching/run.ts';
import type { SubgraphAddress } from './subgraph-urls.ts';

export interface Media {
  readonly mimeType: string;
  readonly body: Uint8Array;
}

export interface PartReport {
  readonly subgraph: string;
  readonly ok: boolean;
  /** What is wrong, in sentences. */
  readonly reasons: readonly string[];
  readonly feeds: readonly FeedStatus[];
  /** What else there is to know of it, by name. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Where the subgraphs live. The gateway above it is the same for both shapes. */
export interface Hosting {
  readonly clients: SubgraphClients;
  /**
   * Clients of the subgraphs of another version of the graph. Those that did not move are the same objects; those no longer named are
   * closed after their running requests, and what is then asked of them all the same is still answered.
   * @throws Error for a URL that is none
   */
  connect(subgraphs: readonly SubgraphAddress[]): SubgraphClients;
  /** What subscriptions ask of catalogue and prices. */
  readonly catalog: CatalogClient;
  readonly pricing: PricingClient;
  /** Where API keys are looked up; null: a graph of somebody else's has none. */
  readonly customer: CustomerClient | null;
  readonly eventLog: EventLog;
  readonly kv: Kv;
  /** Sentences that say why traffic should go elsewhere; empty = ready. */
  notReady(): Promise<readonly string[]>;
  /** How every part stands, with its feeds and the rows they refused: for operations people. */
  report(): Promise<readonly PartReport[]>;
  /** Every part reads its sources whole now, and with `confirmRemovals` lets go of however much is gone there. Answers the parts that could not be told, in sentences. */
  resync(options: { readonly confirmRemovals: boolean }): Promise<readonly string[]>;
  /** Bytes of a media asset of the PIM; null = there is none. */
  readMedia(code: string): Promise<Media | null>;
  /**
   * A vendor's push. False = no such connection, or it pushes nothing.
   * @throws Failure UNAUTHENTICATED when the signature is wrong
   */
  receiveWebhook(connection: string, headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array): Promise<boolean>;
  close(): Promise<void>;
}
