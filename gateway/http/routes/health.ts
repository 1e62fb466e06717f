import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { hasScope } from '../../../domain/principal.ts';
import type { Hosting } from '../../hosting/hosting.ts';
import type { Credentials, Door } from '../../identity/door.ts';
import type { GatewayMetrics } from '../../metrics.ts';
import type { ClientAddressOf } from '../edge/client-address.ts';
import { unlessRetryable } from './operations.ts';
import { firstOf } from '../request.ts';

export interface Readiness {
  /** Set before a stop, so that balancers look elsewhere while requests finish. */
  draining: boolean;
}

export interface HealthOptions {
  readonly hosting: Hosting;
  readonly readiness: Readiness;
  readonly metrics: GatewayMetrics;
  readonly door: Door;
  /** Bearer token of the scraper; undefined = only callers with the scope `operations` read metrics. */
  readonly metricsToken: string | undefined;
  readonly clientAddressOf: ClientAddressOf;
}

export function registerHealth(app: FastifyInstance, { hosting, readiness, metrics, door, metricsToken, clientAddressOf }: HealthOptions): void {
  app.get('/health/live', async () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const reasons = readiness.draining ? ['draining before a stop'] : await hosting.notReady();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.get('/metrics', async (request, reply) => {
    const { headers } = request;
    const isScraper = metricsToken !== undefined && isEqual(headers.authorization ?? '', `Bearer ${metricsToken}`);
    if (!isScraper && !(await mayOperate(door, { authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']), address: clientAddressOf(request) }))) {
      return reply.code(401).header('www-authenticate', 'Bearer').send({ code: 'UNAUTHENTICATED', message: 'send METRICS_TOKEN as a bearer token, or credentials with the scope operations' });
    }
    return reply.type('text/plain; version=0.0.4').send(await metrics.exposition());
  });
}

async function mayOperate(door: Door, credentials: Credentials): Promise<boolean> {
  const identity = await door(credentials).catch(unlessRetryable);
  return identity !== null && hasScope(identity.principal, 'operations');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isEqual = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
