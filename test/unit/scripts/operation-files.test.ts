import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print, type DocumentNode } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ManifestRefusal } from '../../../gateway/trusted-documents/manifest.ts';
import { documentId } from '../../../gateway/trusted-documents/trusted-documents.ts';
import * as documents from '../../../schema/client/documents.ts';
import * as operations from '../../../schema/client/operations.ts';
import { readDocuments } from '../../../scripts/documents/operation-files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'operations-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
const problemsOf = (from: string): readonly string[] => {
  try {
    readDocuments(from);
    return [];
  } catch (error) {
    return (error as ManifestRefusal).problems;
  }
};

describe('operation files', () => {
  it('become one document an operation, with the fragments it uses, wherever they are, and __typename in every selection', () => {
    write({
      'list/a.graphql': 'query List { items { ...Tile } }\n\nquery Other { item { id __typename } }',
      'parts/tile.gql': 'fragment Tile on Item { name price { ...Amount } }',
      'parts/amount.graphql': 'fragment Amount on Money { amount }\nfragment Unused on Money { amount }',
      'node_modules/x/y.graphql': 'query Foreign { a }',
      'readme.md': 'no operation',
    });
    const manifest = readDocuments(folder);
    expect(manifest.operations.map(({ name }) => name)).toEqual(['List', 'Other']);
    const [list, other] = manifest.operations;
    expect(list!.body).toBe('query List {\n  items {\n    ...Tile\n    __typename\n  }\n}\n\nfragment Amount on Money {\n  amount\n  __typename\n}\n\nfragment Tile on Item {\n  name\n  price {\n    ...Amount\n    __typename\n  }\n  __typename\n}');
    expect(list!.id).toBe(documentId(list!.body));
    expect(other!.body.match(/__typename/g)).toHaveLength(1);
    // What it writes it reads, and by a glob it is the same.
    write({ 'manifest.json': JSON.stringify(manifest) });
    expect(readDocuments(join(folder, 'manifest.json'))).toEqual(manifest);
    expect(readDocuments(`${folder}/{list,parts}/*`)).toEqual(manifest);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['there are none', {}, /no operation files/],
    ['one cannot be read', { 'a.graphql': 'query {' }, /a\.graphql: Syntax Error/],
    ['an operation has no name', { 'a.graphql': '{ items { id } }' }, /a\.graphql: an operation has no name/],
    ['two operations have one name', { 'a.graphql': 'query A { a }', 'b.graphql': 'query A { b }' }, /A: two texts/],
    ['a fragment is two', { 'a.graphql': 'query A { a { ...F } } fragment F on X { a }', 'b.graphql': 'fragment F on X { b }' }, /b\.graphql: another file has another fragment F/],
    ['there are types among them', { 'a.graphql': 'type A { a: Int }' }, /only operations and fragments/],
  ])('are refused where %s', (_what, files, reason) => {
    write(files);
    expect(problemsOf(folder).join()).toMatch(reason);
  });

  it('are refused where a manifest is no JSON', () => {
    write({ 'manifest.json': '{' });
    expect(problemsOf(join(folder, 'manifest.json')).join()).toMatch(/manifest\.json: /);
  });
});

describe('the generated client', () => {
  const trusted = readDocuments('schema/operations').operations;
  const generated = Object.entries(documents) as unknown as readonly [string, DocumentNode & { readonly __meta__: { readonly id: string } }][];

  it('has every operation of schema/operations, by the name it is asked for', () => {
    expect(generated.map(([name]) => name)).toEqual(trusted.map(({ name }) => `${name}Document`));
    expect(Object.values(operations).map(({ documentId: id, operationName, kind }) => ({ id, operationName, kind }))).toEqual(trusted.map(({ id, name, type }) => ({ id: `sha256:${id}`, operationName: name, kind: type })));
  });

  it('has documents that a client prints to the letter as they are trusted', () => {
    for (const [, document] of generated) expect(documentId(print(document))).toBe(document.__meta__.id);
  });
});
