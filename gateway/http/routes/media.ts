import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Hosting } from '../../hosting/hosting.ts';

interface CachedMedia {
  readonly mimeType: string;
  readonly body: Buffer;
  readonly etag: string;
}

const MAX_CACHED_BYTES = 64 * 1024 * 1024;
const MAX_PICTURE_BYTES = 1024 * 1024;

/** Pictures that the PIM keeps behind its login, under /media/<code>. A code names immutable bytes. */
export function registerMedia(app: FastifyInstance, hosting: Pick<Hosting, 'readMedia'>): void {
  const load = createMediaCache(hosting);
  app.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
    const media = await load(request.params['*']);
    if (!media) return reply.code(404).send({ code: 'NOT_FOUND', message: 'no such media' });
    reply.header('etag', media.etag).header('cache-control', 'public, max-age=86400, immutable');
    // Pictures come from another system: they may be shown, never run.
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    if (request.headers['if-none-match'] === media.etag) return reply.code(304).send();
    return reply.type(media.mimeType).send(media.body);
  });
}

/** Bounded by bytes, oldest first; requests for one picture at one time ask the PIM once. */
function createMediaCache(hosting: Pick<Hosting, 'readMedia'>): (code: string) => Promise<CachedMedia | null> {
  const cache = new Map<string, CachedMedia>();
  const loading = new Map<string, Promise<CachedMedia | null>>();
  let bytes = 0;
  const keep = (code: string, media: CachedMedia): void => {
    if (media.body.length > MAX_PICTURE_BYTES) return;
    cache.set(code, media);
    bytes += media.body.length;
    for (const [oldest, { body }] of cache) {
      if (bytes <= MAX_CACHED_BYTES) break;
      cache.delete(oldest);
      bytes -= body.length;
    }
  };
  const read = async (code: string): Promise<CachedMedia | null> => {
    const media = await hosting.readMedia(code);
    if (!media) return null;
    const body = Buffer.from(media.body);
    const loaded = { mimeType: media.mimeType, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
    keep(code, loaded);
    return loaded;
  };
  return async (code) => {
    const known = cache.get(code) ?? loading.get(code);
    if (known) return known;
    const started = read(code).finally(() => loading.delete(code));
    loading.set(code, started);
    return started;
  };
}
