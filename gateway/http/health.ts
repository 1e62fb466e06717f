import type { FastifyInstance } from 'fastify';
import type { Hosting } from '../hosting/hosting.ts';
import type { GatewayMetrics } from '../metrics.ts';

export interface Readiness {
  /** Set before a stop, so that balancers look elsewhere while requests finish. */
  draining: boolean;
}

export interface HealthOptions {
  readonly hosting: Hosting;
  readonly readiness: Readiness;
  readonly metrics: GatewayMetrics;
}

export function registerHealth(app: FastifyInstance, { hosting, readiness, metrics }: HealthOptions): void {
  app.get('/health/live', async () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const reasons = readiness.draining ? ['draining before a stop'] : await hosting.notReady();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metrics.exposition()));
}
