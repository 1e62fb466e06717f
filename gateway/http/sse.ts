import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { Clock } from '../../platform/clock.ts';
import type { Journal, OperationEnd } from '../pipeline/journal.ts';
import type { OperationRequest, PreparedOperation, PrepareOperation } from '../pipeline/prepared-operation.ts';
import { asGraphQLError, type PresentError } from '../pipeline/presented-errors.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import { cursorOfResult } from '../subscriptions/subscriber.ts';
import type { Graph } from '../graph/graph.ts';
import { lastEventId, readOperation, writeEventStream, type StreamedResult } from './event-stream.ts';
import { admitRequest, type ScopeOptions } from './request.ts';

export interface SseOptions extends ScopeOptions {
  readonly server: Graph;
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

const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Tell = (prepared: PreparedOperation | null, requestId: string, errors: OperationEnd['errors']) => void;

function beginTelling(journal: Journal): Tell {
  const end = journal.begin();
  return (prepared, requestId, errors) => {
    const { operation, scope } = prepared ?? {};
    end({ transport: 'sse', kind: operation?.operation ?? 'unknown', operationName: operation?.name?.value ?? null, subject: scope?.principal.subject ?? null, requestId, errors });
  };
}

/** Answers an operation as a stream of events. */
export function createSseHandler(options: SseOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { present, clock } = options;
  const errorsOf = (error: unknown): ExecutionResult => presentResult({ data: null, errors: [asGraphQLError(error)] }, present);
  return async (request, reply) => {
    let asked: OperationRequest;
    try {
      asked = readOperation(request);
    } catch (error) {
      return reply.code(400).send({ errors: [{ message: (error as Error).message, extensions: { code: 'INVALID_INPUT' } }] });
    }
    const admitted = await admitStream(options, request, reply, asked);
    if ('errors' in admitted) return writeEventStream(reply, once({ result: errorsOf(admitted.errors[0]), id: null }));
    const { operation } = admitted.prepared.operation;
    if (operation === 'mutation' && request.method === 'GET') return reply.code(405).header('allow', 'POST').send({ errors: [{ message: 'A mutation is sent with POST.', extensions: { code: 'INVALID_INPUT' } }] });
    if (operation !== 'subscription') return writeEventStream(reply, once({ result: presentResult(await execute(options, admitted), present), id: null }));
    const opened = await subscribe(options, admitted, lastEventId(request));
    if ('errors' in opened) return writeEventStream(reply, once({ result: errorsOf(opened.errors[0]), id: null }));
    const stream = endAt(opened.stream, admitted.expiresAtMs, clock);
    return writeEventStream(reply, withIds(stream, (result) => presentResult(result, present)));
  };
}

/** The only event of its stream. */
async function* once(only: StreamedResult): AsyncGenerator<StreamedResult> {
  yield only;
}

/** Not a generator: leaving must reach a stream that waits for its next event. */
const withIds = (stream: AsyncIterableIterator<ExecutionResult>, shown: (result: ExecutionResult) => ExecutionResult): AsyncIterableIterator<StreamedResult> => ({
  next: async () => {
    const { value, done } = await stream.next();
    return done ? { value: undefined, done } : { value: { result: shown(value), id: cursorOfResult(value) }, done: false };
  },
  return: async () => {
    await stream.return?.();
    return { value: undefined, done: true };
  },
  [Symbol.asyncIterator]() {
    return this;
  },
});

type Refused = { readonly errors: readonly [unknown] };

async function admitStream(options: SseOptions, { headers, id }: FastifyRequest, { raw }: FastifyReply, asked: OperationRequest): Promise<StreamContext | Refused> {
  const tell = beginTelling(options.journal);
  try {
    const { scope, expiresAtMs } = await admitRequest(options, headers, raw);
    return { prepared: options.prepare(asked, scope), expiresAtMs, requestId: id };
  } catch (error) {
    tell(null, id, [asGraphQLError(error)]);
    return { errors: [error] };
  }
}

async function execute({ server, journal }: SseOptions, { prepared, requestId }: StreamContext): Promise<ExecutionResult> {
  const tell = beginTelling(journal);
  const result = await server.execute(prepared);
  tell(prepared, requestId, result.errors);
  return result;
}

async function subscribe({ hub, journal }: SseOptions, { prepared, requestId }: StreamContext, after: string | null): Promise<{ readonly stream: AsyncIterableIterator<ExecutionResult> } | Refused> {
  const tell = beginTelling(journal);
  try {
    return { stream: await hub.open(prepared, after) };
  } catch (error) {
    tell(prepared, requestId, [asGraphQLError(error)]);
    return { errors: [error] };
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
