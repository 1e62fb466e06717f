import { ANONYMOUS, SCOPES, type Principal, type Scope } from '../../domain/principal.ts';
import { createInProcessClient } from '../../gateway/clients/transport/in-process-client.ts';
import type { SubgraphClients } from '../../gateway/execution/fetching/run.ts';
import type { SubgraphCall } from '../../gateway/execution/subgraph-client.ts';
import { createGatewayServer, type GatewayServerOptions } from '../../gateway/http/server.ts';
import { createDoor } from '../../gateway/identity/door.ts';
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import { createGraph } from '../../gateway/graph/graph.ts';
import { createGraphSource } from '../../gateway/graph/graph-source.ts';
import { createTrustedDocuments } from '../../gateway/trusted-documents/trusted-documents.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import { createMemoryEventLog } from '../../platform/stores/memory-event-log.ts';
import { createMemoryKv } from '../../platform/stores/memory-kv.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { subscriptions } from '../../subgraphs/inventory/subscriptions.ts';
import { noPricing } from './no-pricing.ts';
import { composeSmall, smallSchemas } from './small-supergraph.ts';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** Keeps what is logged. */
export function collectingLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, message, fields: fields as Record<string, unknown> });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { log, lines };
}

/** A key is the list of its scopes: "price:read,operations". "expires:<epoch ms>" ends the proof then. */
export const keyOf = (...scopes: readonly (Scope | `expires:${number}`)[]): Record<string, string> => ({ 'x-api-key': scopes.join(',') || 'none' });

const door = createDoor({
  tokens: null,
  withoutCredentials: ANONYMOUS,
  apiKeys: (key) => {
    const parts = key.split(',');
    const expires = parts.find((part) => part.startsWith('expires:'));
    const principal: Principal = { ...ANONYMOUS, subject: `key:${key}`, kind: 'SERVICE', scopes: SCOPES.filter((scope) => parts.includes(scope)) };
    return key.includes('wrong') ? null : { principal, expiresAtMs: expires ? Number(expires.slice('expires:'.length)) : null };
  },
});

/** The gateway's real HTTP server over two small subgraphs, in this process. */
export async function startSmallGateway(options: Partial<GatewayServerOptions> & { readonly clients?: SubgraphClients; readonly eventLog?: EventLog; readonly port?: number } = {}) {
  const { schemas, heard } = smallSchemas();
  const inProcess = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: contextOf })]));
  const { log, lines } = collectingLog();
  const eventLog = options.eventLog ?? createMemoryEventLog({ clock: systemClock, capacity: 1_000 });
  const limits = options.limits ?? DEFAULT_LIMITS;
  const gateway = await createGatewayServer({
    graphs: createGraphSource(createGraph({ sdl: composeSmall(), clients: options.clients ?? inProcess, limits, cache: null })),
    hosting: {
      clients: {}, catalog: { readCategorySkus: async () => null }, pricing: noPricing, customer: null, eventLog, kv: createMemoryKv({ clock: systemClock, capacity: 100 }),
      notReady: async () => [], report: async () => [], resync: async () => [], readMedia: async () => null, receiveWebhook: async () => false, connect: () => ({}), close: async () => undefined,
    },
    definitions: subscriptions as never, door, limits, metrics: createMetrics(systemClock), clock: systemClock, log,
    deadlineMs: 2_000, drainTimeoutMs: 3_000, drainDelayMs: 0, changing: null, slowOperationMs: 1_000, metricsToken: undefined, corsOrigins: ['https://shop.example'],
    development: false, pagesDirectory: null, explorer: false, checkpoints: [], accessChanges: null, trusted: createTrustedDocuments('none', []), answers: null, sharedMaxAgeMs: 10_000,
    ...options,
  });
  const url = await gateway.listen('127.0.0.1', options.port ?? 0);
  return { url, lines, heard, eventLog, drain: () => gateway.drain() };
}

const contextOf = ({ context, signal }: SubgraphCall): object => ({ scope: { ...(context as RequestScope), signal } });
