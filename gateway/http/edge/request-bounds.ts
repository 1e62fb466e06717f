import type { ServerOptions } from 'node:http';
import type { FastifyInstance } from 'fastify';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** A trusted document by GET with its variables fits; proxies in between take no more either. */
const MAX_URL_BYTES = 8 * 1024;

export interface ServerTimes {
  /** For all headers, and for the whole of a request with its body. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often node looks for connections that took too long: its own 30 s would double the time a slow one may hold a socket. */
  readonly checkMs: number;
  /** Longer than balancers keep theirs (60 s): else a request of theirs meets a socket that we have just closed. */
  readonly keepAliveMs: number;
}

const TIMES: ServerTimes = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000, keepAliveMs: 72_000 };

/** How long a client may take to send what it sends, and how large its headers may be: options of Fastify and of node's server below it. */
export function serverBounds(times: Partial<ServerTimes> = {}) {
  const { headersMs, requestMs, checkMs, keepAliveMs } = { ...TIMES, ...times };
  const http = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs, keepAliveTimeout: keepAliveMs } satisfies ServerOptions;
  return { requestTimeout: requestMs, keepAliveTimeout: keepAliveMs, http };
}

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
