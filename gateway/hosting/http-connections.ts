import type { HttpClient } from '../clients/transport/http-client.ts';
import type { SubgraphClients } from '../execution/fetching/run.ts';
import type { SubgraphClient } from '../execution/subgraph-client.ts';
import type { SubgraphAddress } from './subgraph-urls.ts';

/** The HTTP clients of a gateway, one for each name and URL, whichever versions of the graph use them. */
export interface HttpConnections {
  /**
   * Clients of these subgraphs: those that are there already, and new ones. Others are closed once nobody has asked them for a while.
   * @throws Error for an address that is no URL
   */
  connect(subgraphs: readonly SubgraphAddress[]): SubgraphClients;
  /** Waits for running requests and closes all. */
  close(): Promise<void>;
}

export interface HttpConnectionsOptions {
  readonly open: (address: SubgraphAddress) => HttpClient;
  /** No operation lasts longer: who has not been asked for so long is not in the middle of one. */
  readonly idleMs: number;
}

export function createHttpConnections({ open, idleMs }: HttpConnectionsOptions): HttpConnections {
  const connections = new Map<string, Connection>();
  const at = (address: SubgraphAddress): Connection => {
    if (!URL.canParse(address.url)) throw new Error(`subgraph ${address.name} is at "${address.url}", which is no URL; mend the supergraph, or name one in SUBGRAPH_URLS`);
    const key = JSON.stringify([address.name, address.url]);
    const connection = connections.get(key) ?? new Connection(() => open(address), idleMs);
    connections.set(key, connection);
    return connection;
  };
  return {
    connect: (subgraphs) => {
      const wanted = new Map(subgraphs.map((address) => [address.name, at(address)]));
      const kept = new Set(wanted.values());
      for (const connection of connections.values()) connection.use(kept.has(connection));
      return Object.fromEntries(wanted);
    },
    close: async () => void (await Promise.all([...connections.values()].map((connection) => connection.close()))),
  };
}

/**
 * A client that outlives its use by a graph: operations that began under the graph before go on to their next stage, and a graph that
 * was replaced may come back. Without either its sockets are closed, and opened again should it be asked after all.
 */
class Connection implements SubgraphClient {
  readonly #open: () => HttpClient;
  readonly #idleMs: number;
  #client: HttpClient | null = null;
  #inUse = true;
  #running = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(open: () => HttpClient, idleMs: number) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  async execute(...[request, call]: Parameters<SubgraphClient['execute']>): ReturnType<SubgraphClient['execute']> {
    this.#client ??= this.#open();
    this.#running += 1;
    try {
      return await this.#client.execute(request, call);
    } finally {
      this.#running -= 1;
      this.#closeWhenIdle();
    }
  }

  /** Whether the graph that is served now asks this one. */
  use(inUse: boolean): void {
    this.#inUse = inUse;
    this.#closeWhenIdle();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const client = this.#client;
    this.#client = null;
    await client?.close();
  }

  #closeWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#inUse || this.#running > 0 || this.#client === null) return;
    this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref();
  }
}
