import type { FastifyInstance } from 'fastify';
import { hasScope } from '../../domain/principal.ts';
import type { Hosting } from '../hosting/hosting.ts';
import type { Door } from '../identity/door.ts';
import { firstOf } from './request.ts';

/**
 * GET /operations/report: what is wrong, in sentences, and how each feed stands with the rows it refused and why. For
 * callers with the scope `operations`.
 */
export function registerOperations(app: FastifyInstance, hosting: Hosting, door: Door): void {
  app.get('/operations/report', async ({ headers }, reply) => {
    const identity = await door({ authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']) }).catch(() => null);
    if (!identity || !hasScope(identity.principal, 'operations')) {
      return reply.code(identity?.principal.kind === 'ANONYMOUS' || !identity ? 401 : 403).send({ code: 'FORBIDDEN', message: 'this needs the scope operations' });
    }
    return { parts: await hosting.report() };
  });
}
