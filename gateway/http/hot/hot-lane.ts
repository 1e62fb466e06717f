import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { WholeAnswers } from '../../cache/whole-answers.ts';
import type { GraphSource } from '../../graph/graph-source.ts';
import type { Executed } from '../../graph/graph.ts';
import type { Pass } from '../../pipeline/checkpoint.ts';
import type { Telling } from '../../pipeline/journal.ts';
import { headersOf, type Pipeline } from '../../pipeline/pipeline.ts';
import type { OperationRequest, PreparedOperation } from '../../pipeline/prepared-operation.ts';
import { asGraphQLError } from '../../pipeline/presented-errors.ts';
import { admitRequest, type ScopeOptions } from '../request.ts';
import { statusOfRefusal } from '../request-errors.ts';
import { cachingHeaders, type AnswerFacts } from './answer-headers.ts';
import { readHotRequest } from './hot-request.ts';
import { chooseMediaType, isCommon } from './media-type.ts';

export interface HotLaneOptions extends ScopeOptions {
  readonly graphs: GraphSource;
  readonly pipeline: Pipeline;
  /** Null: whole answers are not kept. */
  readonly answers: WholeAnswers | null;
  /** The longest that a shared cache outside may repeat what is everybody's. */
  readonly sharedMaxAgeMs: number;
}

const CALLERS_OWN = ['ratelimit', 'ratelimit-policy', 'x-request-id'];

/** Answers, or null for a request that is not for this lane: nothing has been done with it then. */
export type HotLane = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | null;

/**
 * The way of plain requests for documents that are known here: Apollo Server has read, weighed and answered each text once,
 * or it is asked for by its id. The same pipeline, without Apollo's HTTP layer, which costs more than executing a plan. What
 * Apollo Server would answer is answered here: test/unit/gateway/http/hot-lane.test.ts compares them.
 */
export function createHotLane(options: HotLaneOptions): HotLane {
  return (request, reply) => {
    const asked = readHotRequest(request);
    if (!asked || (asked.query != null && !options.graphs.current.documents.knows(asked.query))) return null;
    const { accept } = request.headers;
    const mediaType = isCommon(accept) ? chooseMediaType(accept) : null;
    if (mediaType === null) return null;
    void reply.header('content-type', mediaType);
    return answer(options, asked, request, reply);
  };
}

async function answer(options: HotLaneOptions, asked: OperationRequest, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { pipeline, answers } = options;
  let tell: Telling | null = null;
  let prepared: PreparedOperation | null = null;
  let pass: Pass | null = null;
  try {
    const { scope, caller } = await admitRequest(options, request, reply.raw, 'http');
    tell = pipeline.begin(caller);
    prepared = await pipeline.prepare(asked, scope, caller);
    if (prepared.operation.operation !== 'query' && request.method === 'GET') return sendNotByGet(reply, tell, prepared);
    pass = await pipeline.pass(prepared);
    void reply.headers(pass.headers ?? {});
    const kept = answers?.find(prepared) ?? null;
    if (kept) {
      tell(prepared, undefined);
      const heldMs = options.clock.now() - kept.keptAtMs;
      const facts = { ...kept, ageMs: kept.ageMs + heldMs, freshForMs: kept.freshUntilMs - kept.keptAtMs - heldMs };
      return send(options, { status: 'HIT', body: kept.body, etag: kept.etag, facts }, prepared, request, reply);
    }
    const executed = await prepared.graph.execute(prepared, pass);
    tell(prepared, executed.result.errors);
    return sendExecuted(options, executed, prepared, request, reply);
  } catch (error) {
    const refused = asGraphQLError(error);
    (tell ?? pipeline.begin(null))(prepared, [refused]);
    return sendErrors(pipeline, { errors: [refused] }, reply);
  } finally {
    pass?.leave?.();
  }
}

function sendNotByGet(reply: FastifyReply, tell: Telling, prepared: PreparedOperation): FastifyReply {
  const kind = prepared.operation.operation;
  const error = { message: kind === 'mutation' ? 'A mutation is sent with POST.' : 'A subscription is answered as an event stream: ask with accept: text/event-stream, or over graphql-transport-ws.', extensions: { code: 'INVALID_INPUT' } };
  tell(prepared, [error]);
  return kind === 'mutation' ? reply.code(405).header('allow', 'POST').send({ errors: [error] }) : reply.code(400).send({ errors: [error] });
}

function sendExecuted(options: HotLaneOptions, { result, facts }: Executed, prepared: PreparedOperation, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (result.errors) return sendErrors(options.pipeline, result, reply);
  const body = Buffer.from(JSON.stringify(result));
  const etag = facts ? etagOf(body) : '';
  if (facts) options.answers?.keep(prepared, body, etag, facts);
  return send(options, { status: 'MISS', body, etag, facts }, prepared, request, reply);
}

interface Sendable {
  readonly status: 'HIT' | 'MISS';
  readonly body: Buffer;
  readonly etag: string;
  readonly facts: AnswerFacts | null;
}

function send({ sharedMaxAgeMs }: HotLaneOptions, { body, ...caching }: Sendable, prepared: PreparedOperation, { method, headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const told = cachingHeaders({ ...caching, sharedMaxAgeMs }, method, prepared);
  void reply.headers(told);
  // What is left to one caller is nobody else's news.
  if (told['cache-control']?.startsWith('public')) for (const name of CALLERS_OWN) reply.removeHeader(name);
  // A tag that went out with a compressed answer comes back as a weak one: If-None-Match is compared weakly (RFC 9110, 13.1.2).
  const isKnown = method === 'GET' && caching.etag !== '' && headers['if-none-match']?.split(/,\s*/).some((tag) => tag.replace(/^W\//, '') === caching.etag);
  return isKnown ? reply.code(304).removeHeader('content-type').send() : reply.send(body);
}

function sendErrors(pipeline: Pipeline, result: ExecutionResult, reply: FastifyReply): FastifyReply {
  const { errors, ...rest } = pipeline.present(result);
  for (const { extensions } of result.errors ?? []) void reply.headers(headersOf(extensions));
  return reply.code(statusOf(result, String(reply.getHeader('content-type')))).header('cache-control', 'no-store').send(JSON.stringify({ errors, ...rest }));
}

/** What an error asks for; else an answer with data is one, and without it is none. */
function statusOf({ data, errors = [] }: ExecutionResult, mediaType: string): number {
  const asked = errors.map(({ extensions }) => (extensions['http'] as { readonly status?: number } | undefined)?.status).findLast((status) => status !== undefined);
  return data === undefined ? statusOfRefusal(errors, mediaType, asked ?? 500) : (asked ?? 200);
}

const etagOf = (body: Buffer): string => `"${createHash('sha1').update(body).digest('base64url')}"`;
