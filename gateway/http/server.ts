import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import { startApollo, type GatewayContext } from '../apollo.ts';
import type { Hosting } from '../hosting/hosting.ts';
import type { Door } from '../identity/door.ts';
import type { Limits } from '../limits/limits.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { createPreparer } from '../prepare-operation.ts';
import { createSubscriptionHub } from '../subscriptions/hub.ts';
import type { SupergraphServer } from '../supergraph-server.ts';
import { registerCors } from './cors.ts';
import { asGraphQLError } from './errors.ts';
import { registerHealth, type Readiness } from './health.ts';
import { registerMedia } from './media.ts';
import { registerPages } from './pages.ts';
import { scopeOfRequest } from './request.ts';
import { createSseHandler, wantsEventStream } from './sse.ts';
import { registerWebhooks } from './webhooks.ts';
import { serveWebSocket } from './websocket.ts';

export interface GatewayServerOptions {
  readonly server: SupergraphServer;
  readonly hosting: Hosting;
  readonly definitions: readonly SubscriptionDefinition[];
  readonly door: Door;
  readonly limits: Limits;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs: number;
  readonly drainTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  /** Folder of the built pages (demo storefront, explorer); null serves none. */
  readonly pagesDirectory: string | null;
  /** Whether the explorer page is served. */
  readonly explorer: boolean;
}

export interface GatewayServer {
  /** @returns base URL */
  listen(host: string, port: number): Promise<string>;
  /** Turns readiness false, ends subscriptions with a reason, lets requests finish, closes. */
  drain(): Promise<void>;
}

/** Every door of the gateway on one port. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { server, hosting, limits, metrics, log } = options;
  const readiness: Readiness = { draining: false };
  const app = Fastify({ bodyLimit: limits.maxBodyBytes, requestTimeout: 60_000, forceCloseConnections: 'idle', routerOptions: { maxParamLength: 200 } });
  const hub = createSubscriptionHub({ ...options, eventLog: hosting.eventLog });
  const prepare = createPreparer(server, limits);
  registerCors(app, options.corsOrigins);
  registerHealth(app, { hosting, readiness, metrics });
  registerMedia(app, hosting);
  registerWebhooks(app, hosting, log);
  await registerPages(app, options);
  await registerGraphQL(app, options, createSseHandler({ ...options, hub, prepare }));
  const webSocket = serveWebSocket({ ...options, httpServer: app.server, hub, prepare });
  return {
    listen: (host, port) => app.listen({ host, port }),
    drain: async () => {
      readiness.draining = true;
      await hub.close();
      await webSocket.close();
      const patience = setTimeout(() => app.server.closeAllConnections(), options.drainTimeoutMs);
      await app.close();
      clearTimeout(patience);
    },
  };
}

async function registerGraphQL(app: FastifyInstance, options: GatewayServerOptions, serveStream: ReturnType<typeof createSseHandler>): Promise<void> {
  const apollo = await startApollo({ ...options, kv: options.hosting.kv });
  const answer = fastifyApolloHandler<GatewayContext>(apollo, {
    context: async (request) => ({ scope: await scopeOfRequest(options, request.raw).catch(rejectCaller) }),
  }) as unknown as RouteHandlerMethod;
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async function (request, reply) {
      if (wantsEventStream(request)) return serveStream(request, reply);
      return answer.call(this, request, reply);
    },
  });
}

function rejectCaller(error: unknown): never {
  const refusal = asGraphQLError(error);
  const status = refusal.extensions['code'] === 'UNAUTHENTICATED' ? 401 : 400;
  throw Object.assign(refusal, { extensions: { ...refusal.extensions, http: { status } } });
}
