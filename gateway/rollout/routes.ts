import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import type { Rollout } from './rollout.ts';

/**
 * For callers with the scope `operations`. GET /operations/supergraph: which is served, which was before, what was refused
 * and why. POST /operations/supergraph/check: looks at the file now. POST /operations/supergraph/rollback: back to the one
 * before, which stays until another file comes. Each node for itself.
 */
export function registerRollout(app: FastifyInstance, rollout: Rollout, guard: preHandlerAsyncHookHandler): void {
  const options = { preHandler: guard };
  app.get('/operations/supergraph', options, async () => rollout.report());
  app.post('/operations/supergraph/check', options, async () => {
    await rollout.check();
    return rollout.report();
  });
  app.post('/operations/supergraph/rollback', options, async (_request, reply) => {
    if (await rollout.rollBack()) return rollout.report();
    return reply.code(409).send({ code: 'CONFLICT', message: 'no supergraph was served before this one' });
  });
}
