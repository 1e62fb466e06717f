import type { CallContext, ChangeHint, List } from '../domain/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { OwnedPort, PortMap, PortName, PortSource } from '../domain/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { readJsonFile, type Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import type { Entities, EntityName } from './ownership.ts';
import { sandboxConnections } from './sandbox-connections.ts';
import { loadSources, type Sources } from './sources.ts';

export interface OpenSourcesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Base URL of a sandbox to use when no CONNECTIONS_FILE is given. */
  readonly sandboxUrl: string | null;
}

/** The connected systems as a process uses them: owned ports for subgraphs, media and pushes for the gateway. */
export interface OpenedSources extends PortSource {
  readMedia(code: string): Promise<{ readonly mimeType: string; readonly body: Uint8Array } | null>;
  /** Null = no such connection, or it pushes nothing. @throws Failure when the signature is wrong */
  decodeWebhook(connection: string, headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array): readonly ChangeHint[] | null;
  /** Sentences about systems that cannot be reached now. */
  unreachable(timeoutMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const MEDIA_TIMEOUT_MS = 10_000;

/** Opens what CONNECTIONS_FILE says, or the sandbox. @throws Failure MISCONFIGURED naming the setting and the remedy */
export async function openSources({ config, clock, log, sandboxUrl }: OpenSourcesOptions): Promise<OpenedSources> {
  const settings = config.CONNECTIONS_FILE ? readJsonFile(config.CONNECTIONS_FILE) : sandboxUrl ? sandboxConnections(sandboxUrl) : null;
  if (settings === null) {
    throw new Failure('MISCONFIGURED', 'no ERP and no PIM: set CONNECTIONS_FILE to a connections file, or SANDBOX_URL to a running sandbox');
  }
  const sources = await loadSources(settings, { log, clock, secrets: config.secret });
  const callWithin = (timeoutMs: number): CallContext => ({ signal: AbortSignal.timeout(timeoutMs), deadlineAtMs: clock.now() + timeoutMs });
  return {
    port: (name) => ownedPort(sources, name, log),
    readMedia: async (code) => (await sources.findPort('content')?.port.readMedia?.(code, callWithin(MEDIA_TIMEOUT_MS))) ?? null,
    decodeWebhook: (connection, headers, rawBody) => sources.connectors.get(connection)?.changes?.decodeWebhook(headers, rawBody) ?? null,
    unreachable: async (timeoutMs) => {
      const probes = [...sources.connectors.values()].map((connector) =>
        connector.ping(callWithin(timeoutMs)).then(() => null, (error: Error) => `${connector.name} (${connector.vendor}): ${error.message}`),
      );
      return (await Promise.all(probes)).filter((reason) => reason !== null);
    },
    close: () => sources.close(),
  };
}

/** Feed methods by the entity they deliver: their records pass the ownership table before anybody sees them. */
const ENTITY_OF: Readonly<Record<string, EntityName>> = {
  listItems: 'Item',
  listProducts: 'ProductContent',
  listVariants: 'VariantContent',
  listCategories: 'CategoryContent',
  listStock: 'StockLevel',
  listReceipts: 'Receipt',
  listPrices: 'ListPrice',
  listPriceLists: 'PriceList',
  listPriceRules: 'PriceRule',
  listCustomers: 'CustomerRecord',
  listOrders: 'ErpOrder',
  listShipments: 'ShipmentRecord',
};

function ownedPort<N extends PortName>(sources: Sources, name: N, log: Log): OwnedPort<N> | null {
  const found = sources.findPort(name);
  if (!found) return null;
  const { source, port } = found;
  const guarded = Object.fromEntries(
    Object.entries(port).map(([method, operation]) => {
      const entity = ENTITY_OF[method];
      return [method, entity ? guardList(sources, source.name, entity, operation as List<Entities[EntityName]>, log) : operation];
    }),
  );
  return { source: source.name, vendor: source.vendor, capabilities: source.capabilities, port: guarded as unknown as PortMap[N] };
}

/** What a source says about somebody else's fields is not listened to, and said so in the log. */
function guardList(sources: Sources, source: string, entity: EntityName, list: List<Entities[EntityName]>, log: Log): List<Entities[EntityName]> {
  return async (request, call) => {
    const page = await list(request, call);
    const refused = new Set<string>();
    const records = page.records.flatMap((record) => {
      const kept = sources.keepOwned(entity, source, record);
      for (const field of kept.refused) refused.add(field);
      return kept.record === null ? [] : [kept.record];
    });
    if (refused.size > 0) log.debug({ source, refused: [...refused] }, 'fields of another owner were left out');
    return { ...page, records };
  };
}
