import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Caller } from '../../pipeline/caller.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { OperationRequest, PreparedOperation } from '../../pipeline/prepared-operation.ts';
import { asGraphQLError } from '../../pipeline/presented-errors.ts';
import type { SubscriptionHub, SubscriptionStream } from '../../subscriptions/hub.ts';
import { createResultTexts, type TextOfResult } from '../../subscriptions/result-texts.ts';
import { lastEventId, readOperation, writeEventStream, type StreamedResult } from './event-stream.ts';
import type { IdentityEnd, OpenStreams, StreamRefusal } from './open-streams.ts';
import { prefersEventStream } from '../hot/media-type.ts';
import { admitRequest, type ScopeOptions } from '../request.ts';
import { createStreamedEvents } from './streamed-events.ts';

export interface SseOptions extends ScopeOptions {
  readonly pipeline: Pipeline;
  readonly hub: SubscriptionHub;
  readonly streams: OpenStreams;
}

/** Answers an operation as a stream of events. */
export function createSseHandler(options: SseOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { pipeline } = options;
  const textOf = createResultTexts((result) => pipeline.present(result));
  return async (request, reply) => {
    const asked = readAsked(request);
    if (asked instanceof Error) return reply.code(400).send(errorBody(asked.message));
    const admitted = await admitStream(options, request, reply, asked);
    if ('errors' in admitted) return writeEventStream(reply, once(textOf(admitted)));
    const { prepared } = admitted;
    const { operation } = prepared.operation;
    if (operation === 'mutation' && request.method === 'GET') return reply.code(405).header('allow', 'POST').send(errorBody('A mutation is sent with POST.'));
    if (operation !== 'subscription') return writeEventStream(reply, once(textOf(await execute(pipeline, prepared))));
    return serveSubscription(options, textOf, { request, reply, prepared });
  };
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly prepared: PreparedOperation;
}

async function serveSubscription({ pipeline, hub, streams }: SseOptions, textOf: TextOfResult, { request, reply, prepared }: Asked): Promise<unknown> {
  const place = streams.enter(prepared.caller.address);
  if (typeof place === 'string') return refuseStream(reply, place);
  reply.raw.once('close', () => place.leave());
  let end: (reason: IdentityEnd) => void = () => undefined;
  const refused = place.identify(prepared.caller, (reason) => end(reason));
  if (refused) {
    place.leave();
    return refuseStream(reply, refused);
  }
  const opened = await subscribe(pipeline, hub, prepared, lastEventId(request));
  if ('errors' in opened) return writeEventStream(reply, once(textOf(opened)));
  const events = createStreamedEvents(opened.stream, textOf, () => place.mayHear());
  end = (reason) => events.endWith(identityError(reason));
  return writeEventStream(reply, events, { beginsAfter: opened.stream.resumeAfter, isForGood: () => !hub.isClosing });
}

const identityError = (reason: IdentityEnd): GraphQLError =>
  new GraphQLError(reason === 'EXPIRED' ? 'Your token has expired.' : 'Your credentials have been revoked.', { extensions: { code: 'UNAUTHENTICATED' } });

const COME_BACK_AFTER_S = 10;

function refuseStream(reply: FastifyReply, refusal: StreamRefusal): unknown {
  const message = refusal === 'TOO_MANY' ? 'This gateway has as many streams open as it may.' : 'You have as many streams open as you may.';
  return reply.code(refusal === 'TOO_MANY' ? 503 : 429).header('retry-after', String(COME_BACK_AFTER_S)).send({ errors: [{ message, extensions: { code: refusal === 'TOO_MANY' ? 'OVERLOADED' : 'RATE_LIMITED', retryable: true, limit: 'streams' } }] });
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
async function* once(text: string): AsyncGenerator<StreamedResult> {
  yield { text, id: null };
}

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

async function subscribe(pipeline: Pipeline, hub: SubscriptionHub, prepared: PreparedOperation, after: string | null): Promise<{ readonly stream: SubscriptionStream } | Refused> {
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

/** True for a request that wants its answer as an event stream. */
export const wantsEventStream = (request: FastifyRequest): boolean => prefersEventStream(request.headers.accept);
