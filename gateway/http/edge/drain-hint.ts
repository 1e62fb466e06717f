import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../routes/health.ts';

/** While the gateway drains every answer asks its client to come back on another connection, which a balancer leads elsewhere. */
export function registerDrainHint(app: FastifyInstance, readiness: Readiness): void {
  app.addHook('onSend', async (_request, reply) => {
    if (readiness.draining) reply.header('connection', 'close');
  });
}
