import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { execute, GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import { CLIENT_METHODS } from '../../domain/clients.ts';
import { asFailure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { serveRpc } from '../../platform/rpc.ts';
import type { Signer } from '../../platform/signed.ts';
import { startSpan } from '../../platform/telemetry.ts';
import { collectedTags } from '../graph/cache-tags.ts';
import { presentError } from '../graph/errors.ts';
import type { GraphContext, RequestScope, Subgraph } from './module.ts';
import { RPC_HEADER } from './remote-clients.ts';
import { readScope } from './scope-header.ts';

export interface ServiceHostOptions {
  readonly subgraph: Subgraph;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxDeadlineMs: number;
  readonly metrics: () => Promise<string>;
  /** More routes of this service, e.g. media and webhooks. */
  readonly extend?: (app: FastifyInstance) => void;
}

interface GraphQLBody {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: { readonly event?: unknown };
}

const MAX_DOCUMENTS = 2_000;
const SWEEP_MS = 25;

/** One subgraph as an HTTP service: GraphQL for the gateway, its client port for other subgraphs, health, metrics. */
export function createServiceHost(options: ServiceHostOptions): FastifyInstance {
  const { subgraph } = options;
  const app = Fastify({ bodyLimit: 8 * 1024 * 1024, requestTimeout: 30_000, forceCloseConnections: 'idle' });
  // The gateway keeps its connections; what was busy when the service began to close is closed when it is idle.
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    app.server.once('close', () => clearInterval(sweep));
  });
  const answer = createAnswerer(options);
  maskFaults(app, options.log);
  app.post('/graphql', async (request, reply) => {
    const scope = readScope({
      header: (name) => headerOf(request, name),
      signer: options.signer,
      signal: leavingSignal(reply.raw),
      nowMs: options.clock.now(),
      maxDeadlineMs: options.maxDeadlineMs,
    });
    if (!scope) return reply.code(401).send({ errors: [{ message: 'not signed by a gateway that shares SUBGRAPH_SECRET', extensions: { code: 'UNAUTHENTICATED' } }] });
    return reply.send(await answerTraced(subgraph, scope, request.body as GraphQLBody | null, answer));
  });
  registerRpc(app, options);
  registerOperations(app, options);
  app.get('/health/live', async () => ({ live: true }));
  app.get('/health/ready', async (_request, reply) => {
    const report = await subgraph.health();
    return reply.code(report.ok ? 200 : 503).send({ subgraph: subgraph.name, ...report });
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()));
  options.extend?.(app);
  return app;
}

/** What the gateway relays for operations people: GET /report, POST /resync. */
function registerOperations(app: FastifyInstance, { subgraph, signer }: ServiceHostOptions): void {
  const readStatement = (request: FastifyRequest, call: string): { call?: string; confirmRemovals?: boolean } | null => {
    const statement = signer.verify(headerOf(request, RPC_HEADER) ?? '') as { call?: string; confirmRemovals?: boolean } | null;
    return statement?.call === call ? statement : null;
  };
  const refusal = { code: 'UNAUTHENTICATED', message: 'not signed by a gateway that shares SUBGRAPH_SECRET' };
  app.get('/report', async (request, reply) => {
    if (!readStatement(request, 'report')) return reply.code(401).send(refusal);
    return { subgraph: subgraph.name, ...(await subgraph.health()), feeds: await subgraph.feeds(), ...(subgraph.details && { details: await subgraph.details() }) };
  });
  app.post('/resync', async (request, reply) => {
    const statement = readStatement(request, 'resync');
    if (!statement) return reply.code(401).send(refusal);
    subgraph.resync({ confirmRemovals: statement.confirmRemovals === true });
    return reply.code(202).send({ subgraph: subgraph.name });
  });
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Hangs on the response, not on the kept-alive socket, which would collect a listener a request. */
function leavingSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the gateway left'));
  });
  return controller.signal;
}

type Answerer = (body: GraphQLBody, contextValue: GraphContext) => Promise<GraphQLAnswer>;
interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;
  readonly extensions?: unknown;
}

async function answerTraced(subgraph: Subgraph, scope: RequestScope, body: GraphQLBody | null, answer: Answerer): Promise<GraphQLAnswer> {
  if (typeof body?.query !== 'string') return { errors: [{ message: 'query must be a string', extensions: { code: 'INVALID_INPUT' } }] };
  const span = startSpan(`subgraph ${subgraph.name}`, { kind: 'server', parent: scope.traceparent, attributes: { 'graphql.operation.name': body.operationName ?? '' } });
  const context = subgraph.createContext(span ? { ...scope, traceparent: span.traceparent } : scope);
  const result = await answer(body, context);
  span?.end(result.errors?.length ? String(result.errors[0]!.extensions?.['code'] ?? 'INTERNAL') : null);
  const extensions = collectedTags(context.scope);
  return extensions ? { ...result, extensions } : result;
}

/** What breaks outside of resolvers is a bug: told under an id, its words kept here. */
function maskFaults(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ code: 'INVALID_INPUT', message: error.message });
    const errorId = randomUUID();
    log.error({ errorId, error: error.message, stack: error.stack }, 'a request failed inside');
    return reply.code(status).send({ code: 'INTERNAL', message: `Internal error ${errorId}` });
  });
}

/** Parses and validates each text once: the gateway's plans repeat. */
function createAnswerer({ subgraph, log }: ServiceHostOptions): Answerer {
  const documents = new Map<string, DocumentNode>();
  const read = (query: string): DocumentNode => {
    let document = documents.get(query);
    if (!document) {
      document = parse(query, { noLocation: true, maxTokens: 20_000 });
      const [error] = validate(subgraph.schema, document);
      if (error) throw error;
      if (documents.size >= MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
      documents.set(query, document);
    }
    return document;
  };
  return async ({ query, operationName, variables, extensions }, contextValue) => {
    try {
      const result = await execute({
        schema: subgraph.schema,
        document: read(query),
        // A subscription arrives event by event: its payload is the root value (see frame/subscription.ts).
        rootValue: extensions?.event,
        contextValue,
        variableValues: variables ?? null,
        operationName: operationName ?? null,
      });
      return result.errors ? { ...result, errors: result.errors.map((error) => presentError(error, log, randomUUID)) } : result;
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error.toJSON()] };
      throw error;
    }
  };
}

function registerRpc(app: FastifyInstance, { subgraph, signer, log }: ServiceHostOptions): void {
  const { client, name } = subgraph;
  if (!client) return;
  const methods: readonly string[] = CLIENT_METHODS[name as keyof typeof CLIENT_METHODS];
  app.post<{ Params: { method: string } }>('/rpc/:method', async (request, reply) => {
    const statement = signer.verify(headerOf(request, RPC_HEADER) ?? '') as { call?: string } | null;
    if (statement?.call !== name) return reply.code(401).send({ code: 'UNAUTHENTICATED', message: 'not signed by a subgraph that shares SUBGRAPH_SECRET' });
    try {
      const answer = await serveRpc(client, methods, request.params.method, request.body);
      return answer ? reply.send(answer) : reply.code(404).send({ code: 'UNSUPPORTED', message: `no method ${request.params.method}` });
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'INTERNAL') log.error({ method: request.params.method, error: failure.message, stack: failure.stack }, 'a call between subgraphs failed');
      return reply.code(failure.retryable ? 503 : 422).send({ code: failure.code, message: failure.message, field: failure.field });
    }
  });
}
