import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Journal, OperationEnd } from '../journal.ts';
import type { OperationRequest, PreparedOperation, PrepareOperation } from '../prepare-operation.ts';
import { asGraphQLError, type PresentError } from '../presented-errors.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import type { SupergraphServer } from '../supergraph-server.ts';
import { admitRequest, type ScopeOptions } from './request.ts';

export interface SseOptions extends ScopeOptions {
  readonly server: SupergraphServer;
  readonly hub: SubscriptionHub;
  readonly prepare: PrepareOperation;
  readonly journal: Journal;
  readonly present: PresentError;
  readonly clock: Clock;
}

interface StreamContext {
  readonly prepared: PreparedOperation;
  readonly expiresAtMs: number | null;
  readonly requestId: string;
}

const contextOf = (args: ExecutionArgs): StreamContext => args.contextValue as StreamContext;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Tell = (prepared: PreparedOperation | null, requestId: string, errors: OperationEnd['errors']) => void;

function beginTelling(journal: Journal): Tell {
  const end = journal.begin();
  return (prepared, requestId, errors) => {
    const { operation, scope } = prepared ?? {};
    end({ transport: 'sse', kind: operation?.operation ?? 'unknown', operationName: operation?.name?.value ?? null, subject: scope?.principal.subject ?? null, requestId, errors });
  };
}

/** GraphQL over server-sent events, "distinct connections" mode: one stream an operation. */
export function createSseHandler(options: SseOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { server, present } = options;
  const handler = createHandler({
    schema: server.schema,
    // Streams of their own only: the "single connection" mode keeps state that a second node would not have.
    authenticate: () => null,
    // Documents are validated, once per text, by `prepare`.
    validate: () => [],
    onSubscribe: ({ raw, context }, params) => admitStream(options, raw, context.reply, params),
    execute: (args) => execute(options, contextOf(args as ExecutionArgs)),
    subscribe: (args) => subscribe(options, contextOf(args as ExecutionArgs)) as never,
    onNext: (_context, _request, result) => presentResult(result as ExecutionResult, present) as never,
  });
  return async (request, reply) => {
    // The library knows one spelling of the header; a list that names event streams asks for the same.
    request.headers.accept = 'text/event-stream';
    return handler(request, reply);
  };
}

async function admitStream(options: SseOptions, { headers, id }: FastifyRequest, { raw }: FastifyReply, { query, operationName, variables }: OperationRequest) {
  const tell = beginTelling(options.journal);
  try {
    const { scope, expiresAtMs } = await admitRequest(options, headers, raw);
    const prepared = options.prepare({ query, operationName, variables }, scope);
    const { document, operation } = prepared;
    const contextValue: StreamContext = { prepared, expiresAtMs, requestId: id };
    return { schema: options.server.schema, document, operationName: operation.name?.value ?? null, variableValues: { ...prepared.variables }, contextValue };
  } catch (error) {
    const errors = [asGraphQLError(error)];
    tell(null, id, errors);
    // graphql-sse knows a result by its `data`.
    return { data: null, errors };
  }
}

async function execute({ server, journal }: SseOptions, { prepared, requestId }: StreamContext): Promise<ExecutionResult> {
  const tell = beginTelling(journal);
  const result = await server.execute(prepared);
  tell(prepared, requestId, result.errors);
  return result;
}

async function subscribe({ hub, journal, clock }: SseOptions, { prepared, expiresAtMs, requestId }: StreamContext): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const tell = beginTelling(journal);
  try {
    return endAt(await hub.open(prepared), expiresAtMs, clock);
  } catch (error) {
    const errors = [asGraphQLError(error)];
    tell(prepared, requestId, errors);
    return { errors };
  }
}

/** A stream outlives no proof of identity: it completes, and the next request needs a new one. */
function endAt(stream: AsyncIterableIterator<ExecutionResult>, expiresAtMs: number | null, clock: Clock): AsyncIterableIterator<ExecutionResult> {
  if (expiresAtMs === null) return stream;
  const timer = setTimeout(() => void stream.return?.(), Math.min(Math.max(0, expiresAtMs - clock.now()), LONGEST_TIMER_MS)).unref();
  const end = stream.return!.bind(stream);
  return Object.assign(stream, {
    return: () => {
      clearTimeout(timer);
      return end();
    },
  });
}

/** A result of SSE or WebSocket with errors in the same words as over HTTP. */
export function presentResult(result: ExecutionResult, present: PresentError): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map((error) => present(error.toJSON?.() ?? error)) as never } : result;
}

/** True for a request that wants its answer as an event stream. */
export const wantsEventStream = (request: FastifyRequest): boolean => request.headers.accept?.includes('text/event-stream') ?? false;
