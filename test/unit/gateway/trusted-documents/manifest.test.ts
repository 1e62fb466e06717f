import { describe, expect, it } from 'vitest';
import { createManifest, ManifestRefusal, readManifest, type ManifestOperation } from '../../../../gateway/trusted-documents/manifest.ts';
import { documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';

const operation = (body: string, more: Partial<ManifestOperation> = {}): ManifestOperation => ({ id: documentId(body), body, name: /\w+ (\w+)/.exec(body)?.[1] ?? '', type: body.split(' ')[0] as never, ...more });
const LIST = operation('query List { items { name } }');
const RENAME = operation('mutation Rename { rename(id: 1, name: "x") { name } }');

const problemsOf = (given: unknown): readonly string[] => {
  try {
    readManifest(given);
  } catch (error) {
    if (error instanceof ManifestRefusal) return error.problems;
    throw error;
  }
  return [];
};
const manifest = (...operations: readonly unknown[]) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations });

describe('a manifest', () => {
  it('is read as Apollo\'s tools write it, sorted by name', () => {
    expect(readManifest(manifest(RENAME, LIST))).toEqual(createManifest([LIST, RENAME]));
  });

  it('is read from texts by id, as other generators write it', () => {
    expect(readManifest({ [RENAME.id]: RENAME.body, [LIST.id]: LIST.body })).toEqual(createManifest([LIST, RENAME]));
  });

  it.each<[string, unknown, RegExp]>([
    ['something else', 'x', /manifest/],
    ['another format', { format: 'relay', version: 1, operations: [LIST] }, /format/],
    ['another version', { ...manifest(LIST), version: 2 }, /version/],
    ['an entry without a text', manifest({ ...LIST, body: undefined }), /operations\.0\.body/],
    ['no operations', manifest(), /no operations/],
    ['no texts', {}, /no operations/],
    ['an id that is not the hash of its text', manifest({ ...LIST, id: RENAME.id }), /its id is/],
    ['an md5', { '0123456789abcdef0123456789abcdef': LIST.body }, /its id is/],
    ['a text that is no GraphQL', manifest(operation('query Broken {')), /not GraphQL/],
    ['two operations in one text', manifest(operation('query One { a } query Two { a }')), /exactly one/],
    ['an operation without a name', manifest(operation('{ items { name } }', { name: 'Nameless', type: 'query' })), /has no name/],
    ['another name than the text has', manifest({ ...LIST, name: 'Other' }), /is called List/],
    ['another type than the text has', manifest({ ...LIST, type: 'mutation' }), /it is a query/],
    ['a document twice', manifest(LIST, LIST), /given twice/],
    ['two texts of one name', manifest(LIST, operation('query List { items { id } }')), /two texts/],
  ])('is refused with %s', (_what, given, reason) => {
    expect(problemsOf(given).join('\n')).toMatch(reason);
  });

  it('is told everything that is wrong with it at once', () => {
    expect(problemsOf(manifest({ ...LIST, name: 'Other' }, { ...RENAME, type: 'query' }))).toHaveLength(2);
  });
});
