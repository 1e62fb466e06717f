import type { ServerOptions } from 'node:http';
import type { FastifyInstance } from 'fastify';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** A trusted document by GET with its variables fits; proxies in between take no more either. */
const MAX_URL_BYTES = 8 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often node looks for connections that took too long: its own 30 s would double the time a slow one may hold a socket. */
const CHECK_MS = 2_000;
/** Longer than balancers keep theirs (60 s): else a request of theirs meets a socket that we have just closed. */
const KEEP_ALIVE_MS = 72_000;

/** How long a client may take to send what it sends, and how much of it is headers. For Fastify's and node's server. */
export const serverBounds = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: CHECK_MS, keepAliveTimeout: KEEP_ALIVE_MS } satisfies ServerOptions,
} as const;

interface BoundRefusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Refuses by headers alone, before a body is read: too long a URL (414), too many headers (431; node would drop the rest in silence), and
 * compressed bodies (415, except `exempt` paths whose bodies nobody here unpacks). What is never inflated cannot be a bomb.
 */
export function boundRequests(app: FastifyInstance, { exempt }: { readonly exempt: readonly string[] }): void {
  // Node counts none itself: beyond a number of its own it leaves headers out.
  app.server.maxHeadersCount = 0;
  app.addHook('onRequest', async ({ raw, url }, reply) => {
    const refused = refusalOf(raw.rawHeaders.length / 2, url, raw.headers['content-encoding'], exempt);
    if (!refused) return;
    const { status, message, headers = {} } = refused;
    // Nobody reads the body that may still come.
    const shown = { message, extensions: { code: 'INVALID_INPUT', retryable: false } };
    await reply.code(status).headers({ ...headers, connection: 'close' }).send(url.startsWith('/graphql') ? { errors: [shown] } : { code: 'INVALID_INPUT', message });
  });
}

function refusalOf(headers: number, url: string, encoding: string | undefined, exempt: readonly string[]): BoundRefusal | null {
  if (Buffer.byteLength(url) > MAX_URL_BYTES) return { status: 414, message: `the URL may have ${MAX_URL_BYTES} bytes: send the operation with POST` };
  if (headers > MAX_HEADERS) return { status: 431, message: `a request may have ${MAX_HEADERS} headers` };
  const isCoded = encoding !== undefined && encoding.trim() !== '' && encoding.trim().toLowerCase() !== 'identity';
  if (!isCoded || exempt.some((path) => url.startsWith(path))) return null;
  return { status: 415, message: 'bodies are taken uncompressed: leave content-encoding out', headers: { 'accept-encoding': 'identity' } };
}
