import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Hosting } from '../hosting/hosting.ts';

interface CachedMedia {
  readonly mimeType: string;
  readonly body: Buffer;
  readonly etag: string;
}

const MAX_CACHED = 500;
const MAX_CACHED_BYTES = 512 * 1024;

/** Pictures that the PIM keeps behind its login, under /media/<code>. A code names immutable bytes. */
export function registerMedia(app: FastifyInstance, hosting: Hosting): void {
  const cache = new Map<string, CachedMedia>();
  const load = async (code: string): Promise<CachedMedia | null> => {
    const known = cache.get(code);
    if (known) return known;
    const media = await hosting.readMedia(code);
    if (!media) return null;
    const body = Buffer.from(media.body);
    const loaded = { mimeType: media.mimeType, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
    if (body.length <= MAX_CACHED_BYTES) {
      if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value!);
      cache.set(code, loaded);
    }
    return loaded;
  };
  app.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
    const media = await load(request.params['*']);
    if (!media) return reply.code(404).send({ code: 'NOT_FOUND', message: 'no such media' });
    reply.header('etag', media.etag).header('cache-control', 'public, max-age=86400, immutable');
    // Pictures come from another system: they may be shown, never run.
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox").header('x-content-type-options', 'nosniff');
    if (request.headers['if-none-match'] === media.etag) return reply.code(304).send();
    return reply.type(media.mimeType).send(media.body);
  });
}
