import type { FastifyRequest } from 'fastify';
import type { OperationRequest } from '../../pipeline/prepared-operation.ts';

type Given = Readonly<Record<string, unknown>>;

/**
 * What a request asks for, where it has one of the plain forms: a JSON object in a POST, or the id of a document in a GET.
 * Null for everything else, which Apollo Server reads, or refuses in words of its own.
 */
export function readHotRequest({ method, headers, body, query }: FastifyRequest): OperationRequest | null {
  if (method === 'POST') return headers['content-type']?.startsWith('application/json') ? readFields(body) : null;
  return headers['content-type'] === undefined ? readQueryString(query as Given) : null;
}

function readFields(given: unknown): OperationRequest | null {
  if (!isObject(given)) return null;
  const { query, documentId, operationName, variables, extensions } = given;
  const isPlain = isText(query) && isText(documentId) && isText(operationName) && isObjectOrNone(variables) && isObjectOrNone(extensions);
  return isPlain && query !== '' && (query ?? documentId ?? extensions) != null ? { query, documentId, operationName, variables, extensions } : null;
}

/** Only what names a document: a link that carries a text must not be followed without a preflight. */
function readQueryString({ query, documentId, extensions, variables, operationName }: Given): OperationRequest | null {
  if (query !== undefined) return null;
  const fields = { documentId, operationName, variables: readJson(variables), extensions: readJson(extensions) };
  return fields.variables === UNREADABLE || fields.extensions === UNREADABLE ? null : readFields(fields);
}

const UNREADABLE = Symbol('no JSON');

function readJson(text: unknown): unknown {
  if (text === undefined) return undefined;
  try {
    return typeof text === 'string' ? JSON.parse(text) : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

const isObject = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);
const isObjectOrNone = (value: unknown): value is Given | null | undefined => value == null || isObject(value);
const isText = (value: unknown): value is string | null | undefined => value == null || typeof value === 'string';
