import type { FastifyError, FastifyInstance } from 'fastify';
import { Failure, type FailureCode } from '../../domain/failure.ts';
import { httpStatusOf, type PresentError } from '../pipeline/presented-errors.ts';
import { retryAfterSeconds } from '../limits/refusal.ts';
import type { HostRule } from './edge/origins.ts';

/** What every answer has in common: its request id, no sniffing, and refusals in the words of the failure table. */
export function registerReplies(app: FastifyInstance, { present, allowsHost }: { readonly present: PresentError; readonly allowsHost: HostRule }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    if (allowsHost(request.headers.host)) return;
    await reply.code(421).send({ code: 'FORBIDDEN', message: 'without JWKS_URL or API_KEYS_FILE this gateway answers to localhost only' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'NOT_FOUND', message: 'nothing is served here' }));
  app.setErrorHandler<FastifyError | Failure>((error, request, reply) => {
    const status = error instanceof Failure ? httpStatusOf(error.code) : (error.statusCode ?? 500);
    const code = error instanceof Failure ? error.code : codeOf(status);
    const shown = present({ message: error.message, extensions: { code } });
    if (error instanceof Failure && error.retryAfterMs !== undefined) void reply.header('retry-after', retryAfterSeconds(error.retryAfterMs));
    const isGraph = request.url.startsWith('/graphql');
    return reply.code(status).send(isGraph ? { errors: [shown] } : { code, message: shown.message });
  });
}

const codeOf = (status: number): FailureCode => (status === 503 ? 'UPSTREAM_UNAVAILABLE' : status < 500 ? 'INVALID_INPUT' : 'INTERNAL');
