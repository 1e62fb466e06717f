import type { FastifyInstance } from 'fastify';

const HEADERS = 'authorization, content-type, apollo-require-preflight, x-api-key, x-locale, x-channel, x-currency, x-company-location, x-deadline-ms, traceparent, x-request-id, last-event-id, if-none-match';
/** What a page may read of an answer beside its body. */
const SHOWN = 'x-request-id, ratelimit-policy, ratelimit, retry-after, age, etag, x-cache, x-cache-age-ms, x-cache-scope, x-cache-tags';

/** Answers browsers of the listed origins; all others get no permission and so no answer they can read. */
export function registerCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (!origin || !origins.includes(origin)) return;
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', SHOWN);
    if (request.method !== 'OPTIONS') return;
    await reply
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', HEADERS)
      .header('access-control-max-age', '86400')
      .code(204)
      .send();
  });
}
