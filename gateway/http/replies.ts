import type { FastifyError, FastifyInstance } from 'fastify';
import type { PresentError } from '../presented-errors.ts';
import type { HostRule } from './origins.ts';

/** What every answer has in common: its request id, no sniffing, and refusals in the words of the failure table. */
export function registerReplies(app: FastifyInstance, { present, allowsHost }: { readonly present: PresentError; readonly allowsHost: HostRule }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    if (allowsHost(request.headers.host)) return;
    await reply.code(421).send({ code: 'FORBIDDEN', message: 'without JWKS_URL or API_KEYS_FILE this gateway answers to localhost only' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'NOT_FOUND', message: 'nothing is served here' }));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    const code = status === 503 ? 'UPSTREAM_UNAVAILABLE' : status < 500 ? 'INVALID_INPUT' : 'INTERNAL';
    const shown = present({ message: error.message, extensions: { code } });
    const isGraph = request.url.startsWith('/graphql');
    return reply.code(status).send(isGraph ? { errors: [shown] } : { code, message: shown.message });
  });
}
