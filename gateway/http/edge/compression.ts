import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Encoding = 'br' | 'gzip';

/** Below this a packet is a packet: nothing is won. */
const MIN_BYTES = 2 * 1024;
/** In that order where a client has no wish of its own. Quick levels: the last tenth of the bytes costs twice the time. */
const ENCODERS: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
  gzip: (body) => promisify(gzip)(body, { level: 1 }),
};
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|javascript|[\w.-]+\+json))/;

/**
 * Compresses answers of 2 KiB and more for clients that ask for it, outside of the event loop. Event streams and files are not touched:
 * an event must not wait for a block to fill.
 */
export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (payload.length < MIN_BYTES || !mayCompress(reply)) return payload;
    // Caches must know even where this client did not ask.
    reply.header('vary', withAcceptEncoding(reply.getHeader('vary')));
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    if (!encoding || request.method === 'HEAD') return payload;
    reply.header('content-encoding', encoding).removeHeader('content-length');
    const etag = reply.getHeader('etag');
    // Other bytes, the same meaning: that is what a weak tag says.
    if (typeof etag === 'string' && !etag.startsWith('W/')) reply.header('etag', `W/${etag}`);
    return ENCODERS[encoding](Buffer.from(payload as string));
  });
}

function mayCompress(reply: FastifyReply): boolean {
  const type = String(reply.getHeader('content-type') ?? '');
  if (!COMPRESSIBLE.test(type) || type.startsWith('text/event-stream')) return false;
  return !reply.hasHeader('content-encoding') && !String(reply.getHeader('cache-control') ?? '').includes('no-transform');
}

function withAcceptEncoding(vary: unknown): string {
  const names = String(vary ?? '').split(',').map((name) => name.trim()).filter(Boolean);
  return names.some((name) => name.toLowerCase() === 'accept-encoding') ? names.join(', ') : [...names, 'Accept-Encoding'].join(', ');
}

/** The encoding a client likes best of ours; null: it wants none of them. */
export function chooseEncoding(accepted: string | undefined): Encoding | null {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    if (name) weights.set(name, Number.isFinite(weight) ? weight : 0);
  }
  const weightOf = (name: Encoding): number => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = (Object.keys(ENCODERS) as Encoding[]).filter((name) => weightOf(name) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return best ?? null;
}
