import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Clock } from '../../platform/clock.ts';
import type { Caller } from '../pipeline/caller.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { OperationRequest, PreparedOperation } from '../pipeline/prepared-operation.ts';
import { asGraphQLError } from '../pipeline/presented-errors.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import { cursorOfResult } from '../subscriptions/subscriber.ts';
import { lastEventId, readOperation, writeEventStream, type StreamedResult } from './event-stream.ts';
import { admitRequest, type ScopeOptions } from './request.ts';

export interface SseOptions extends ScopeOptions {
  readonly pipeline: Pipeline;
  readonly hub: SubscriptionHub;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Answers an operation as a stream of events. */
export function createSseHandler(options: SseOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { pipeline, hub, clock } = options;
  const present = (result: ExecutionResult): ExecutionResult => pipeline.present(result);
  return async (request, reply) => {
    const asked = readAsked(request);
    if (asked instanceof Error) return reply.code(400).send(errorBody(asked.message));
    const admitted = await admitStream(options, request, reply, asked);
    if ('errors' in admitted) return writeEventStream(reply, once({ result: present(admitted), id: null }));
    const { prepared } = admitted;
    const { operation } = prepared.operation;
    if (operation === 'mutation' && request.method === 'GET') return reply.code(405).header('allow', 'POST').send(errorBody('A mutation is sent with POST.'));
    if (operation !== 'subscription') return writeEventStream(reply, once({ result: present(await execute(pipeline, prepared)), id: null }));
    const opened = await subscribe(pipeline, hub, prepared, lastEventId(request));
    if ('errors' in opened) return writeEventStream(reply, once({ result: present(opened), id: null }));
    const stream = endAt(opened.stream, prepared.caller.identity.expiresAtMs, clock);
    return writeEventStream(reply, withIds(stream, present));
  };
}

const errorBody = (message: string): object => ({ errors: [{ message, extensions: { code: 'INVALID_INPUT' } }] });

function readAsked(request: FastifyRequest): OperationRequest | Error {
  try {
    return readOperation(request);
  } catch (error) {
    return error as Error;
  }
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

type Refused = { readonly data: null; readonly errors: readonly GraphQLError[] };

const refusal = (error: unknown): Refused => ({ data: null, errors: [asGraphQLError(error)] });

async function admitStream(options: SseOptions, request: FastifyRequest, { raw }: FastifyReply, asked: OperationRequest): Promise<{ readonly prepared: PreparedOperation } | Refused> {
  let caller: Caller | null = null;
  try {
    const admitted = await admitRequest(options, request, raw, 'sse');
    ({ caller } = admitted);
    return { prepared: await options.pipeline.prepare(asked, admitted.scope, caller) };
  } catch (error) {
    const refused = refusal(error);
    options.pipeline.begin(caller)(null, refused.errors);
    return refused;
  }
}

async function execute(pipeline: Pipeline, prepared: PreparedOperation): Promise<ExecutionResult> {
  const tell = pipeline.begin(prepared.caller);
  const { result } = await pipeline.execute(prepared);
  tell(prepared, result.errors);
  return result;
}

async function subscribe(pipeline: Pipeline, hub: SubscriptionHub, prepared: PreparedOperation, after: string | null): Promise<{ readonly stream: AsyncIterableIterator<ExecutionResult> } | Refused> {
  const tell = pipeline.begin(prepared.caller);
  try {
    const pass = await pipeline.pass(prepared);
    try {
      return { stream: await hub.open(prepared, after) };
    } finally {
      pass.leave?.();
    }
  } catch (error) {
    const refused = refusal(error);
    tell(prepared, refused.errors);
    return refused;
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

/** True for a request that wants its answer as an event stream. */
export const wantsEventStream = (request: FastifyRequest): boolean => request.headers.accept?.includes('text/event-stream') ?? false;
