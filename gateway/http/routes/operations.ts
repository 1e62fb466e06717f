import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { Failure } from '../../../domain/failure.ts';
import { hasScope } from '../../../domain/principal.ts';
import type { Hosting } from '../../hosting/hosting.ts';
import type { Door } from '../../identity/door.ts';
import type { ClientAddressOf } from '../edge/client-address.ts';
import { isAllowedOrigin } from '../edge/origins.ts';
import { firstOf } from '../request.ts';

/** Who cannot be verified now is not called a stranger. */
export function unlessRetryable(error: unknown): null {
  if (error instanceof Failure && error.retryable) throw error;
  return null;
}

/** Lets in whoever has the scope `operations`, and of those no page of another origin; answers everybody else. */
export function createOperationsGuard(door: Door, clientAddressOf: ClientAddressOf): preHandlerAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { headers, method } = request;
    const identity = await door({ authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']), address: clientAddressOf(request) }).catch(unlessRetryable);
    const mayOperate = identity !== null && hasScope(identity.principal, 'operations');
    if (!mayOperate) return reply.code(identity === null || identity.principal.kind === 'ANONYMOUS' ? 401 : 403).send({ code: 'FORBIDDEN', message: 'this needs the scope operations' });
    // The development principal has no credentials that a page of somebody else would lack.
    const isOurs = method === 'GET' || isAllowedOrigin(headers.origin, headers.host, []);
    return isOurs ? undefined : reply.code(403).send({ code: 'FORBIDDEN', message: 'not from a page of another origin' });
  };
}

/**
 * For callers with the scope `operations`. GET /operations/report: what is wrong, in sentences, and how each feed stands
 * with the rows it refused and why. POST /operations/resync: every feed reads its source whole now and retires what is
 * gone there, `?removals=confirmed` also where that is most of what is here; 202 at once, the report tells how far they are.
 */
export function registerOperations(app: FastifyInstance, hosting: Hosting, guard: preHandlerAsyncHookHandler): void {
  app.get('/operations/report', { preHandler: guard }, async () => ({ parts: await hosting.report() }));
  app.post<{ Querystring: { removals?: string } }>('/operations/resync', { preHandler: guard }, async ({ query }, reply) => {
    const { removals } = query;
    if (removals !== undefined && removals !== 'confirmed') return reply.code(400).send({ code: 'INVALID_INPUT', message: 'removals can only be "confirmed"', field: ['removals'] });
    const untold = await hosting.resync({ confirmRemovals: removals === 'confirmed' });
    return reply.code(untold.length === 0 ? 202 : 502).send({ untold });
  });
}
