import { GraphQLError } from 'graphql';
import type { Apq } from './apq.ts';
import { documentId as hashOf, type TrustedDocuments } from './trusted-documents.ts';

/** How a request of any transport says what to execute: by text, by id, or both. Values are as they came, unchecked. */
export interface DocumentRequest {
  readonly query?: unknown;
  /** `sha256:<hex>` (GraphQL over HTTP, persisted documents) or the bare hex. */
  readonly documentId?: unknown;
  /** `{ persistedQuery: { version: 1, sha256Hash } }` (Apollo). An object: a query string's JSON has been read by then. */
  readonly extensions?: unknown;
}

export interface ResolveOptions {
  readonly trusted: Pick<TrustedDocuments, 'find' | 'idOf'>;
  /** Null: clients cannot register texts. */
  readonly apq: Apq | null;
  /** TRUSTED: only registered documents are executed for this caller. */
  readonly policy: 'ANY' | 'TRUSTED';
}

export interface ResolvedDocument {
  readonly source: string;
  /** Whether it is a registered document, however the request named it. */
  readonly trusted: boolean;
  /** SHA-256, lower-case hex; null for a text that nobody gave an id. */
  readonly id: string | null;
  /** To be called once the operation was let in: keeps what the client registers. Null: there is nothing to keep. */
  readonly keep: (() => Promise<void>) | null;
}

const HEX = /^[0-9a-f]{64}$/;
const PREFIX = 'sha256:';

/**
 * The text a request means, with what may be said of it.
 * @throws GraphQLError INVALID_INPUT for what is malformed or contradicts itself, FORBIDDEN for what a caller of trusted
 * documents may not send, PERSISTED_QUERY_NOT_FOUND (send the text as well) and PERSISTED_QUERY_NOT_SUPPORTED
 */
export async function resolveOperationText(request: DocumentRequest, { trusted, apq, policy }: ResolveOptions): Promise<ResolvedDocument> {
  const text = readText(request.query);
  const asked = readIds(request);
  if (text === null && asked === null) throw malformed('A request needs query, documentId or extensions.persistedQuery.');
  if (asked === null) return resolveText(text!, trusted, policy);
  const { id, byHash } = asked;
  const body = trusted.find(id);
  if (body !== null) {
    if (text !== null && text !== body) throw mismatch();
    return { source: body, trusted: true, id, keep: null };
  }
  if (policy === 'TRUSTED') throw notTrusted(id);
  if (text === null) return { source: await findKept(asked, apq), trusted: false, id, keep: null };
  if (hashOf(text) !== id) throw mismatch();
  return { source: text, trusted: false, id, keep: byHash && apq ? () => apq.keep(id, text) : null };
}

/** The same for a text alone, which somebody else has read out of the request. @throws GraphQLError FORBIDDEN */
export function resolveText(text: string, trusted: ResolveOptions['trusted'], policy: ResolveOptions['policy']): ResolvedDocument {
  const id = trusted.idOf(text);
  if (id === null && policy === 'TRUSTED') throw notTrusted(hashOf(text));
  return { source: text, trusted: id !== null, id, keep: null };
}

interface AskedId {
  readonly id: string;
  /** By Apollo's extension, whose clients know what to do when the text is not known. */
  readonly byHash: boolean;
}

async function findKept({ id, byHash }: AskedId, apq: Apq | null): Promise<string> {
  if (byHash && !apq) throw persistedQueryError('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED', 200);
  const text = (await apq?.find(id)) ?? null;
  // Clients of Apollo's protocol read these very words, in an answer that is no HTTP error.
  if (text === null) throw persistedQueryError('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND', byHash ? 200 : 400);
  return text;
}

/** Null: the request names no document. @throws GraphQLError INVALID_INPUT */
function readIds({ documentId, extensions }: DocumentRequest): AskedId | null {
  const hash = readHash(extensions);
  const id = documentId == null ? null : readDocumentId(documentId);
  if (hash !== null && id !== null && hash !== id) throw malformed('documentId and extensions.persistedQuery.sha256Hash name different documents.');
  if (hash !== null) return { id: hash, byHash: true };
  return id === null ? null : { id, byHash: false };
}

function readText(query: unknown): string | null {
  if (query == null || query === '') return null;
  if (typeof query !== 'string') throw malformed('query must be a string.');
  return query;
}

function readDocumentId(given: unknown): string {
  const id = typeof given === 'string' && given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given;
  if (typeof id !== 'string' || !HEX.test(id)) throw malformed('documentId must be sha256: and 64 lower-case hex digits.');
  return id;
}

function readHash(extensions: unknown): string | null {
  if (extensions == null) return null;
  if (typeof extensions !== 'object' || Array.isArray(extensions)) throw malformed('extensions must be an object.');
  const { persistedQuery } = extensions as { persistedQuery?: unknown };
  if (persistedQuery == null) return null;
  if (typeof persistedQuery !== 'object') throw malformed('extensions.persistedQuery must be an object.');
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw malformed('extensions.persistedQuery.version must be 1.');
  if (typeof sha256Hash !== 'string' || !HEX.test(sha256Hash)) throw malformed('extensions.persistedQuery.sha256Hash must be 64 lower-case hex digits.');
  return sha256Hash;
}

const malformed = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', http: { status: 400 } } });

const mismatch = (): GraphQLError => malformed('The text is not the one with this id: the id is the SHA-256 of the text, to the letter.');

const persistedQueryError = (message: string, code: string, status: number): GraphQLError => new GraphQLError(message, { extensions: { code, http: { status } } });

/** Not "not found": the client would send the text, which is refused as well. */
const notTrusted = (id: string): GraphQLError =>
  new GraphQLError(`These credentials may send trusted documents only, and sha256:${id} is none of them: register it with npm run documents.`, {
    extensions: { code: 'FORBIDDEN', reason: 'DOCUMENT_NOT_TRUSTED', documentId: `${PREFIX}${id}`, http: { status: 403 } },
  });
