import { CLIENT_METHODS, type Clients } from '../../domain/clients.ts';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { createSigner, type Signer } from '../../platform/signed.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { isSubgraphName } from '../../subgraphs/addresses.ts';
import { createRemoteClient, RPC_HEADER } from '../../subgraphs/frame/remote-clients.ts';
import { writeScope } from '../../subgraphs/frame/scope-header.ts';
import { createHttpClient, type HttpClient } from '../clients/transport/http-client.ts';
import type { Hosting, PartReport } from './hosting.ts';
import { createHttpConnections } from './http-connections.ts';
import { readUrlPairs, type SubgraphAddress } from './subgraph-urls.ts';

export interface ServicesOptions {
  readonly config: Config;
  /** URL of the GraphQL endpoint by subgraph name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly eventLog: EventLog;
  readonly kv: Kv;
  readonly clock: Clock;
}

const STATEMENT_TTL_MS = 60_000;
const PROBE_TIMEOUT_MS = 1_000;
const FORWARD_TIMEOUT_MS = 5_000;
/** Every caller with an API key may wait for it. */
const KEY_TIMEOUT_MS = 2_000;

/** Subgraphs as processes of their own, over HTTP. Also serves any foreign supergraph whose URLs are given. */
export function openServices({ config, urls, eventLog, kv, clock }: ServicesOptions): Hosting {
  const signer = createSigner({ secret: config.SUBGRAPH_SECRET!, ttlMs: STATEMENT_TTL_MS, clock });
  const connections = createHttpConnections({ idleMs: config.REQUEST_DEADLINE_MS, open: (address) => openClient(address, config, signer) });
  const told = readUrlPairs(config.SUBGRAPH_URLS);
  const at = (name: string, path: string): string => new URL(path, urls[name]).toString();
  return {
    clients: connections.connect(Object.entries(urls).map(([name, url]) => ({ name, url }))),
    connect: (subgraphs) => connections.connect(subgraphs.map(({ name, url }) => ({ name, url: told.get(name) ?? url }))),
    catalog: clientAt('catalog', urls, signer, config.REQUEST_DEADLINE_MS),
    pricing: clientAt('pricing', urls, signer, config.REQUEST_DEADLINE_MS),
    customer: urls['customer'] === undefined ? null : createRemoteClient('customer', urls['customer'], signer, KEY_TIMEOUT_MS),
    eventLog,
    kv,
    notReady: async () => (await Promise.all(Object.entries(urls).map(([name, url]) => probe(name, url)))).flat(),
    report: () => Promise.all(Object.keys(urls).map((name) => readReport(name, at(name, '/report'), signer.sign({ call: 'report' })))),
    resync: async ({ confirmRemovals }) => {
      const statement = signer.sign({ call: 'resync', confirmRemovals });
      return (await Promise.all(Object.keys(urls).map((name) => askResync(name, at(name, '/resync'), statement)))).flat();
    },
    readMedia: async (code) => {
      if (!urls['catalog']) return null;
      const response = await fetch(at('catalog', `/media/${encodeURIComponent(code)}`), { signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS) });
      if (!response.ok) return null;
      return { mimeType: response.headers.get('content-type') ?? 'application/octet-stream', body: new Uint8Array(await response.arrayBuffer()) };
    },
    receiveWebhook: (connection, headers, rawBody) => {
      const { search } = new URL(headers[':path'] ?? '/', 'http://gateway.invalid');
      return forwardWebhook(Object.keys(urls).map((name) => at(name, `/webhooks/${encodeURIComponent(connection)}${search}`)), headers, rawBody);
    },
    close: () => connections.close(),
  };
}

/** As many sockets as requests may be under way: none waits in the pool, unseen. */
const openClient = ({ name, url }: SubgraphAddress, config: Config, signer: Signer): HttpClient =>
  createHttpClient({
    name,
    url,
    timeoutMs: config.REQUEST_DEADLINE_MS,
    connections: config.SUBGRAPH_CONCURRENCY,
    // A subgraph of somebody else's could play our signed statement back to our own.
    createHeaders: ({ context, deadlineAtMs }) => (isSubgraphName(name) ? writeScope(signer, context as RequestScope, deadlineAtMs) : {}),
  });

/** A graph of somebody else's has no catalogue or prices to ask this way. */
function clientAt<Name extends 'catalog' | 'pricing'>(name: Name, urls: Readonly<Record<string, string>>, signer: Signer, timeoutMs: number): Clients[Name] {
  const url = urls[name];
  if (url !== undefined) return createRemoteClient(name, url, signer, timeoutMs);
  const refuse = async (): Promise<never> => {
    throw new Failure('UNSUPPORTED', `this graph has no ${name} subgraph to ask`);
  };
  return Object.fromEntries(CLIENT_METHODS[name].map((method) => [method, refuse])) as unknown as Clients[Name];
}

/** Asks /health/ready; a subgraph of somebody else's, which has none, is asked the smallest query there is. */
async function probe(name: string, url: string): Promise<string[]> {
  try {
    const response = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    if (response.ok) return [];
    const { reasons } = ((await response.json().catch(() => null)) ?? {}) as { reasons?: readonly string[] };
    if (Array.isArray(reasons)) return reasons.map((reason) => `${name}: ${reason}`);
    return response.status >= 500 ? [`${name}: answered HTTP ${response.status}`] : await probeByQuery(name, url);
  } catch (error) {
    return [`${name}: ${reasonOf(error)}`];
  }
}

/** Any GraphQL answer will do, a refusal too: it is there and speaks GraphQL. */
async function probeByQuery(name: string, url: string): Promise<string[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{__typename}"}',
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  });
  const answer = ((await response.json().catch(() => null)) ?? {}) as { data?: unknown; errors?: unknown };
  return answer.data !== undefined || answer.errors !== undefined ? [] : [`${name}: answered HTTP ${response.status}, not GraphQL`];
}

/** fetch hides the cause ("fetch failed"); whoever reads the reasons wants ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? `cannot be reached (${code})` : message;
}

/** A part that cannot be asked is part of the report, not the end of it. */
async function readReport(name: string, url: string, statement: string): Promise<PartReport> {
  try {
    const response = await fetch(url, { headers: { [RPC_HEADER]: statement }, signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS) });
    if (!response.ok) return { subgraph: name, ok: false, reasons: [`answered HTTP ${response.status}`], feeds: [] };
    return (await response.json()) as PartReport;
  } catch (error) {
    return { subgraph: name, ok: false, reasons: [reasonOf(error)], feeds: [] };
  }
}

async function askResync(name: string, url: string, statement: string): Promise<string[]> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { [RPC_HEADER]: statement }, signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS) });
    return response.ok ? [] : [`${name}: answered HTTP ${response.status}`];
  } catch (error) {
    return [`${name}: ${reasonOf(error)}`];
  }
}

/** Headers that belong to one hop. */
const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive', ':path']);

/** Every subgraph verifies the push itself and wakes the feeds it has. */
async function forwardWebhook(urls: readonly string[], headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array): Promise<boolean> {
  const forwarded = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined && !HOP.has(entry[0])));
  const answers = await Promise.allSettled(
    urls.map((url) => fetch(url, { method: 'POST', headers: forwarded, body: Buffer.from(rawBody), signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS) })),
  );
  const statuses = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.status : 503));
  if (statuses.some((status) => status < 300)) return true;
  if (statuses.includes(401)) throw new Failure('UNAUTHENTICATED', 'the signature is wrong');
  // Whoever pushes will try again; "no such connection" would make it stop.
  if (statuses.some((status) => status >= 500)) throw new Failure('UPSTREAM_UNAVAILABLE', 'no subgraph can take this push now');
  return false;
}
