import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationRequest } from '../../pipeline/prepared-operation.ts';
import { firstOf } from '../request.ts';

/*
 * GraphQL over server-sent events, "distinct connections" mode of the graphql-sse protocol: one stream an operation. Each
 * event that can be resumed from has an `id`: an EventSource that reconnects gives it as Last-Event-ID.
 */

export interface StreamedResult {
  /** The result as JSON. */
  readonly text: string;
  /** Where to resume from after it; null = nowhere. */
  readonly id: string | null;
}

interface StreamEnds {
  /** Where the stream begins, for those who lose it before its first event; null = nowhere. */
  readonly beginsAfter: string | null;
  /** Asked at the end: false when the client is to come back, here or elsewhere, and resume. */
  isForGood(): boolean;
}

const FOR_GOOD: StreamEnds = { beginsAfter: null, isForGood: () => true };

const KEEP_ALIVE_MS = 12_000;
const STALLED_MS = 30_000;
/** Without "complete" an EventSource connects again by itself, with its Last-Event-ID, after so many milliseconds. */
const COME_BACK = 'retry: 1000\n\n';

/** Where the client wants its stream resumed; null = it says nothing. */
export const lastEventId = ({ headers }: FastifyRequest): string | null => firstOf(headers['last-event-id']) || null;

/** What a request asks for, from its query string (GET) or JSON body (POST). @throws Error saying what is unusable */
export function readOperation({ method, query, body }: FastifyRequest): OperationRequest {
  const given = (method === 'GET' ? query : body) as Readonly<Record<string, unknown>> | null;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error('the body must be a JSON object');
  const variables = readJson(method, given['variables'], 'variables');
  const { query: text, documentId } = given;
  const extensions = readJson(method, given['extensions'], 'extensions');
  if (text != null && typeof text !== 'string') throw new Error('query must be a string');
  if (documentId != null && typeof documentId !== 'string') throw new Error('documentId must be a string');
  if (text == null && documentId == null && extensions == null) throw new Error('query must be a string');
  if (extensions != null && (typeof extensions !== 'object' || Array.isArray(extensions))) throw new Error('extensions must be an object');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) throw new Error('variables must be an object');
  const operationName = given['operationName'];
  if (operationName != null && typeof operationName !== 'string') throw new Error('operationName must be a string');
  return { query: text ?? null, documentId: documentId ?? null, operationName: operationName ?? null, variables: (variables ?? null) as OperationRequest['variables'], extensions: (extensions ?? null) as OperationRequest['extensions'] };
}

/** In a query string objects travel as JSON. */
function readJson(method: string, given: unknown, name: string): unknown {
  if (method !== 'GET' || typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    throw new Error(`${name} must be JSON`);
  }
}

/**
 * Writes results as they come, no faster than the client takes them: what it does not take waits with whoever makes them.
 */
export async function writeEventStream(reply: FastifyReply, results: AsyncIterableIterator<StreamedResult>, { beginsAfter, isForGood }: StreamEnds = FOR_GOOD): Promise<void> {
  const { raw } = reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', connection: 'keep-alive', 'x-accel-buffering': 'no',
  });
  // Some browsers take no headers without a body. An id alone is no event, but an EventSource that has had none resumes from it.
  raw.write(beginsAfter === null ? ':\n\n' : `id: ${beginsAfter}\n\n`);
  const keepAlive = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(':\n\n');
  }, KEEP_ALIVE_MS);
  const onClose = (): void => void results.return?.();
  raw.once('close', onClose);
  try {
    for await (const { text, id } of results) {
      if (raw.destroyed) break;
      if (!raw.write(`event: next\n${id === null ? '' : `id: ${id}\n`}data: ${text}\n\n`)) await roomOrEnd(raw);
    }
    if (!raw.destroyed) raw.end(isForGood() ? 'event: complete\ndata:\n\n' : COME_BACK);
  } catch {
    // Cut off, not completed: the client comes back to where it was.
    raw.destroy();
  } finally {
    clearInterval(keepAlive);
    raw.off('close', onClose);
  }
}

/** Resolves when the client has taken what was written, or has gone. One that takes nothing at all is cut off: it resumes. */
const roomOrEnd = (raw: ServerResponse): Promise<void> =>
  new Promise((done) => {
    const patience = setTimeout(() => raw.destroy(), STALLED_MS);
    const end = (): void => {
      clearTimeout(patience);
      raw.off('drain', end).off('close', end);
      done();
    };
    raw.on('drain', end).on('close', end);
  });
