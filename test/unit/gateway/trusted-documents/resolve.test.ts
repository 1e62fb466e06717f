import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../platform/clock.ts';
import { createMemoryKv } from '../../../../platform/stores/memory-kv.ts';
import { createApq } from '../../../../gateway/trusted-documents/apq.ts';
import { resolveOperationText, type DocumentRequest } from '../../../../gateway/trusted-documents/resolve.ts';
import { createTrustedDocuments, documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';

const KNOWN = 'query Known { __typename }';
const OTHER = 'query Other { __typename }';
const known = documentId(KNOWN);
const other = documentId(OTHER);
const trusted = createTrustedDocuments('1', [{ id: known, name: 'Known', body: KNOWN }]);
const hashed = (sha256Hash: unknown, version: unknown = 1) => ({ extensions: { persistedQuery: { version, sha256Hash } } });

function createHouse() {
  const clock = manualClock(0);
  const kv = createMemoryKv({ clock, capacity: 100 });
  const apq = createApq({ kv, maxBytes: 1_000 });
  const resolve = (request: DocumentRequest, policy: 'ANY' | 'TRUSTED' = 'ANY') => resolveOperationText(request, { trusted, apq, policy });
  const refusal = async (request: DocumentRequest, policy: 'ANY' | 'TRUSTED' = 'ANY') => resolve(request, policy).then(() => null, (error) => ({ message: error.message, ...error.extensions }));
  return { kv, apq, resolve, refusal };
}

describe('what a request means', () => {
  it.each<[string, DocumentRequest]>([
    ['documentId', { documentId: `sha256:${known}` }],
    ['documentId without its prefix', { documentId: known }],
    ['the hash of Apollo', hashed(known)],
    ['both', { documentId: `sha256:${known}`, ...hashed(known) }],
    ['the id and the text', { documentId: `sha256:${known}`, query: KNOWN }],
    ['the text alone', { query: KNOWN }],
  ])('a trusted document by %s', async (_how, request) => {
    const { resolve } = createHouse();
    for (const policy of ['ANY', 'TRUSTED'] as const) expect(await resolve(request, policy)).toEqual({ source: KNOWN, trusted: true, id: known, keep: null });
  });

  it('any text, for those who may send any', async () => {
    const { resolve } = createHouse();
    expect(await resolve({ query: OTHER })).toEqual({ source: OTHER, trusted: false, id: null, keep: null });
    expect(await resolve({ query: OTHER, documentId: other })).toEqual({ source: OTHER, trusted: false, id: other, keep: null });
  });

  it.each<[string, DocumentRequest]>([
    ['nothing at all', {}],
    ['an empty text', { query: '' }],
    ['a text that is none', { query: 1 }],
    ['an id of another kind', { documentId: 'md5:abc' }],
    ['an id in capitals', { documentId: known.toUpperCase() }],
    ['a number for an id', { documentId: 7 }],
    ['extensions that are a list', { query: KNOWN, extensions: [] }],
    ['extensions in JSON', { query: KNOWN, extensions: '{}' }],
    ['another version', hashed(known, 2)],
    ['a hash that is none', hashed('abc')],
    ['a persistedQuery that is no object', { extensions: { persistedQuery: 'x' } }],
    ['two ids', { documentId: other, ...hashed(known) }],
    ['a text with the id of a trusted document', { documentId: known, query: OTHER }],
    ['a text with the hash of another', { query: OTHER, ...hashed(documentId('x')) }],
  ])('refuses %s', async (_what, request) => {
    const { refusal } = createHouse();
    expect(await refusal(request)).toMatchObject({ code: 'INVALID_INPUT', http: { status: 400 } });
  });
});

describe('callers of trusted documents only', () => {
  it.each<[string, DocumentRequest]>([
    ['another text', { query: OTHER }],
    ['an unknown id', { documentId: other }],
    ['an unknown hash', hashed(other)],
    ['a text that would be registered', { query: OTHER, ...hashed(other) }],
    ['a trusted text with a space more', { query: `${KNOWN} ` }],
  ])('are refused %s', async (_what, request) => {
    const { refusal, apq } = createHouse();
    await apq.keep(other, OTHER);
    expect(await refusal(request, 'TRUSTED')).toMatchObject({ code: 'FORBIDDEN', reason: 'DOCUMENT_NOT_TRUSTED', http: { status: 403 } });
  });
});

describe('texts that clients register', () => {
  it('are asked for, kept once they were let in, and found by hash or id', async () => {
    const { resolve, refusal } = createHouse();
    expect(await refusal(hashed(other))).toEqual({ message: 'PersistedQueryNotFound', code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 200 } });
    expect(await refusal({ documentId: other })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 400 } });
    const registering = await resolve({ query: OTHER, ...hashed(other) });
    expect(registering).toMatchObject({ source: OTHER, trusted: false, id: other });
    expect(await refusal(hashed(other))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    await registering.keep!();
    for (const request of [hashed(other), { documentId: other }]) expect(await resolve(request)).toEqual({ source: OTHER, trusted: false, id: other, keep: null });
  });

  it('are not taken from a store that holds another text under the hash', async () => {
    const { kv, refusal } = createHouse();
    await kv.set(`apq:${other}`, KNOWN, 1_000);
    expect(await refusal(hashed(other))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('are not kept when they are too long to be served', async () => {
    const { apq } = createHouse();
    const long = `query Long { ${'a '.repeat(600)} }`;
    await apq.keep(documentId(long), long);
    expect(await apq.find(documentId(long))).toBeNull();
  });

  it('are not taken where there is nowhere to keep them', async () => {
    const error = await resolveOperationText(hashed(other), { trusted, apq: null, policy: 'ANY' }).catch((thrown) => thrown);
    expect(error).toMatchObject({ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } });
  });
});
