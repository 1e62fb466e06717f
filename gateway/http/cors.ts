import type { FastifyInstance } from 'fastify';

const HEADERS = 'authorization, content-type, apollo-require-preflight, x-api-key, x-locale, x-channel, x-currency, x-company-location, x-deadline-ms, traceparent, x-request-id, last-event-id';

/** Answers browsers of the listed origins; all others get no permission and so no answer they can read. */
export function registerCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (!origin || !origins.includes(origin)) return;
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', 'x-request-id');
    if (request.method !== 'OPTIONS') return;
    await reply
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', HEADERS)
      .header('access-control-max-age', '86400')
      .code(204)
      .send();
  });
}
