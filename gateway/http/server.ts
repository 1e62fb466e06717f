import { randomUUID } from 'node:crypto';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest, type RouteHandlerMethod } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { SubscriptionDefinition } from '../../subgraphs/frame/subscription.ts';
import { startApollo, type GatewayContext } from './apollo.ts';
import type { WholeAnswers } from '../cache/whole-answers.ts';
import type { Hosting } from '../hosting/hosting.ts';
import type { AccessChanges, Door } from '../identity/door.ts';
import type { Limits } from '../limits/limits.ts';
import type { MistakeLimit } from '../limits/rate/mistake-limit.ts';
import type { GatewayMetrics } from '../metrics.ts';
import type { Checkpoint } from '../pipeline/checkpoint.ts';
import { createJournal } from '../pipeline/journal.ts';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { asGraphQLError, createErrorPresenter, type PresentError } from '../pipeline/presented-errors.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { registerRollout } from '../rollout/routes.ts';
import { createApq } from '../trusted-documents/apq.ts';
import type { OpenTrustedDocuments } from '../trusted-documents/open.ts';
import { registerTrustedDocuments } from '../trusted-documents/routes.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import { createSubscriptionHub } from '../subscriptions/hub.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import type { ClientAddressOf } from './edge/client-address.ts';
import { registerCors } from './edge/cors.ts';
import { BARE_EDGE, registerEdge, type Edge } from './edge/edge.ts';
import { registerHealth, type Readiness } from './routes/health.ts';
import { registerMedia } from './routes/media.ts';
import { createOperationsGuard, registerOperations } from './routes/operations.ts';
import { createHotLane } from './hot/hot-lane.ts';
import { createOpenStreams, DEFAULT_STREAMS, type StreamBounds } from './streams/open-streams.ts';
import { createHostRule, type HostRule } from './edge/origins.ts';
import { registerPages } from './routes/pages.ts';
import { registerReplies } from './replies.ts';
import { serverBounds } from './edge/request-bounds.ts';
import { admitRequest, firstOf, requestIdOf } from './request.ts';
import { createSseHandler, wantsEventStream } from './streams/sse.ts';
import { registerWebhooks } from './routes/webhooks.ts';
import { serveWebSocket } from './sockets/websocket.ts';

export interface GatewayServerOptions {
  readonly graphs: GraphSource;
  readonly hosting: Hosting;
  readonly definitions: readonly SubscriptionDefinition[];
  readonly door: Door;
  readonly limits: Limits;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlineMs: number;
  readonly drainTimeoutMs: number;
  /** How long it goes on after it said that it is not ready, so that balancers have heard. */
  readonly drainDelayMs: number;
  readonly slowOperationMs: number;
  readonly metricsToken: string | undefined;
  readonly corsOrigins: readonly string[];
  /** Callers without credentials are let in: only loopback names are answered. */
  readonly development: boolean;
  /** Folder of the built pages (demo storefront, explorer); null serves none. */
  readonly pagesDirectory: string | null;
  /** Whether the explorer page is served. */
  readonly explorer: boolean;
  /** What every operation passes, in order, after it was admitted. */
  readonly checkpoints: readonly Checkpoint[];
  /** Default: unusable texts are not limited. */
  readonly mistakes?: MistakeLimit;
  /** Default: clients connect themselves. */
  readonly edge?: Edge;
  /** How many WebSockets and event streams may be open. */
  readonly streams?: StreamBounds;
  /** Keys that are changed while it runs; null: none are. */
  readonly accessChanges: AccessChanges | null;
  readonly trusted: TrustedDocuments;
  /** What operations people change while it runs; null: nothing. */
  readonly changing: { readonly documents: OpenTrustedDocuments; readonly rollout: Rollout } | null;
  /** Whole answers; null: none are kept. */
  readonly answers: WholeAnswers | null;
  /** The longest that a shared cache outside may repeat what is everybody's. */
  readonly sharedMaxAgeMs: number;
}

export interface GatewayServer {
  /** @returns base URL */
  listen(host: string, port: number): Promise<string>;
  /** Turns readiness false, ends subscriptions with a reason, lets requests finish, closes. */
  drain(): Promise<void>;
}

const SWEEP_MS = 25;

interface Parts {
  readonly pipeline: Pipeline;
  readonly present: PresentError;
  readonly allowsHost: HostRule;
  readonly clientAddressOf: ClientAddressOf;
}

/** Every door of the gateway on one port. */
export async function createGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { hosting, limits, log, edge = BARE_EDGE } = options;
  const readiness: Readiness = { draining: false };
  const app = createApp(limits);
  const parts = createParts(options);
  const hub = createSubscriptionHub({ ...options, eventLog: hosting.eventLog, catalog: hosting.catalog, pricing: hosting.pricing });
  const streams = createOpenStreams(options.streams ?? DEFAULT_STREAMS, options.clock, options.accessChanges);
  registerReplies(app, parts);
  registerCors(app, options.corsOrigins);
  registerEdge(app, edge, { readiness, log });
  registerHealth(app, { ...options, ...parts, readiness });
  registerOperationsRoutes(app, { ...options, ...parts });
  registerMedia(app, hosting);
  registerWebhooks(app, hosting, log);
  await registerPages(app, options);
  await registerGraphQL(app, { ...options, ...parts }, createSseHandler({ ...options, ...parts, hub, streams }));
  const webSocket = serveWebSocket({ ...options, ...parts, httpServer: app.server, hub, streams });
  return {
    listen: (host, port) => app.listen({ host, port }),
    drain: async () => {
      readiness.draining = true;
      if (options.drainDelayMs > 0) await new Promise((done) => setTimeout(done, options.drainDelayMs));
      const patience = setTimeout(() => app.server.closeAllConnections(), options.drainTimeoutMs);
      // A kept-alive connection is closed as soon as its last answer is written; nobody waits for it to expire.
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      await hub.close();
      await webSocket.close();
      streams.close();
      await app.close();
      clearInterval(sweep);
      clearTimeout(patience);
    },
  };
}

function registerOperationsRoutes(app: FastifyInstance, { hosting, door, graphs, changing, clientAddressOf }: GatewayServerOptions & Parts): void {
  const guard = createOperationsGuard(door, clientAddressOf);
  registerOperations(app, hosting, guard);
  if (!changing) return;
  const { documents, rollout } = changing;
  const subjectOf = async ({ headers }: FastifyRequest): Promise<string> => (await door({ authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']) })).principal.subject;
  registerTrustedDocuments(app, { ...documents, graphs, guard, subjectOf });
  registerRollout(app, rollout, guard);
}

function createParts(options: GatewayServerOptions): Parts {
  const present = createErrorPresenter(options.log, randomUUID);
  const journal = createJournal({ ...options, slowMs: options.slowOperationMs });
  const apq = createApq({ kv: options.hosting.kv, maxBytes: options.limits.maxDocumentBytes });
  const pipeline = createPipeline({ ...options, apq, journal, present });
  return { pipeline, present, allowsHost: createHostRule(options), clientAddressOf: (options.edge ?? BARE_EDGE).proxies.clientAddressOf };
}

function createApp(limits: Limits): FastifyInstance {
  const app = Fastify({
    ...serverBounds(),
    bodyLimit: limits.maxBodyBytes,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    genReqId: ({ headers }) => requestIdOf(headers),
  });
  // A page may send text/plain anywhere without asking first; nothing here is asked in plain text.
  app.removeContentTypeParser('text/plain');
  return app;
}

/** The text that Apollo Server is about to read; it finds out by itself whether it is one. */
const textIn = ({ method, query, body }: FastifyRequest): unknown => ((method === 'GET' ? query : body) as { readonly query?: unknown } | null | undefined)?.query;

async function registerGraphQL(app: FastifyInstance, options: GatewayServerOptions & Parts, serveStream: ReturnType<typeof createSseHandler>): Promise<void> {
  const apollo = await startApollo({ ...options, kv: options.hosting.kv });
  const answer = fastifyApolloHandler<GatewayContext>(apollo, {
    context: async (request, reply) => {
      try {
        const admitted = await admitRequest(options, request, reply.raw, 'http');
        options.pipeline.beforeReading(textIn(request), admitted.caller);
        return { ...admitted, prepared: null, headers: {} };
      } catch (error) {
        throw asGraphQLError(error);
      }
    },
  }) as unknown as RouteHandlerMethod;
  const answerHot = createHotLane(options);
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: function (request, reply) {
      if (wantsEventStream(request)) return serveStream(request, reply);
      return answerHot(request, reply) ?? answer.call(this, request, reply);
    },
  });
}
