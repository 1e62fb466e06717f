import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocuments } from '../../../gateway/graph/documents.ts';
import { loadSupergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { readGraphRules } from '../../../gateway/graph/rules/graph-rules.ts';
import { weighOperation } from '../../../gateway/limits/weight/cost.ts';
import { DEFAULT_LIMITS, enforceLimits } from '../../../gateway/limits/limits.ts';
import { measureOperation } from '../../../gateway/limits/weight/operation-facts.ts';
import { composeSmall } from '../../support/small-supergraph.ts';

const sdl = composeSmall();
const { apiSchema } = loadSupergraph(sdl);
const rules = readGraphRules(sdl, apiSchema);
const facts = (text: string) => {
  const document = parse(text);
  return measureOperation(document, getOperationAST(document)!);
};
const cost = (text: string, variables: Record<string, unknown> = {}) => {
  const document = parse(text);
  return weighOperation(rules, { document, operation: getOperationAST(document)! }, variables);
};
const nested = (depth: number): string => `{ item(id: 1) { ${'related { '.repeat(depth - 2)} id ${'} '.repeat(depth - 2)} } }`;

describe('what an operation weighs', () => {
  it('counts fields, aliases and depth through fragments, as often as they are spread', () => {
    expect(facts('{ a: item(id: 1) { ...F } b: item(id: 2) { ...F ... { name } } } fragment F on Item { id related { id } }')).toMatchObject({ fields: 9, aliases: 2, depth: 3, rootFields: 2, introspects: false });
  });

  it('sees introspection behind an alias and a fragment', () => {
    expect(facts('{ ...A } fragment A on Query { x: __type(name: "Item") { name } }').introspects).toBe(true);
    expect(facts('{ __typename }').introspects).toBe(false);
  });

  it('ends on fragments that spread themselves or each other', () => {
    expect(facts('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }').fields).toBe(0);
  });

  it('is worked out in one walk over the text, whatever the text expands to', () => {
    const levels = Array.from({ length: 60 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`);
    const bomb = `{ ...F0 } ${levels.join(' ')} fragment F60 on Query { ...F0 }`;
    expect(facts(bomb).selections).toBeGreaterThan(2 ** 60);
    expect(() => createDocuments(apiSchema, DEFAULT_LIMITS).read(bomb)).toThrow('selections, at most 2500 are allowed');
  });
});

describe('limits', () => {
  const documents = createDocuments(apiSchema, DEFAULT_LIMITS);
  const refusal = (text: string) => {
    try {
      documents.read(text);
    } catch (error) {
      return (error as { extensions: Record<string, unknown> }).extensions;
    }
    return null;
  };

  it('let a document pass that is just within, and refuse the next larger one', () => {
    expect(refusal(nested(DEFAULT_LIMITS.maxDepth))).toBeNull();
    expect(refusal(nested(DEFAULT_LIMITS.maxDepth + 1))).toMatchObject({ code: 'INVALID_INPUT', limit: 'depth' });
  });

  it.each([
    ['aliases', `{ item(id: 1) { ${Array.from({ length: 61 }, (_, index) => `a${index}: id`).join(' ')} } }`],
    ['root fields', `{ ${Array.from({ length: 21 }, () => 'mine').join(' ')} }`],
    ['fields', `{ item(id: 1) { ${'id '.repeat(1_001)} } }`],
    ['fragments', `{ mine } ${Array.from({ length: 101 }, (_, index) => `fragment F${index} on Query { mine }`).join(' ')}`],
    ['bytes', `{ mine } #${'x'.repeat(DEFAULT_LIMITS.maxDocumentBytes)}`],
  ])('refuse too many %s before validating', (limit, text) => {
    expect(refusal(text)).toMatchObject({ code: 'INVALID_INPUT', limit });
  });

  it('say INVALID_INPUT to a text that is no GraphQL, too many tokens, or too many brackets', () => {
    expect(refusal('{ item(')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refusal(`{ ${'mine '.repeat(5_001)} }`)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refusal(`{ ${'item{'.repeat(2_400)} id ${'}'.repeat(2_400)} }`)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refusal('{ nothing }')).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('say what to do where validation would compare too many fields in pairs', () => {
    expect(refusal(`{ item(id: 1) { ${'related { id } '.repeat(490)} } }`)).toMatchObject({ code: 'INVALID_INPUT', limit: 'field pairs' });
  });

  it('hold every operation of a document, asked for or not', () => {
    expect(refusal(`query A { mine } query B { ${Array.from({ length: 21 }, () => 'mine').join(' ')} }`)).toMatchObject({ limit: 'root fields' });
  });
});

describe('cost', () => {
  it('multiplies by what is asked for, from variables as well', () => {
    expect(cost('{ items(first: 20) { related { id } } }')).toBe(20 + 20 * 10);
    expect(cost('query ($n: Int) { items(first: $n) { id } }', { n: 300 })).toBe(300);
    expect(cost('{ items { id } }')).toBe(10);
  });

  it('does not believe a length that is no length', () => {
    expect(cost('{ items(first: -5) { id } }')).toBe(10);
    expect(cost('query ($n: Int) { items(first: $n) { id } }', { n: 'many' })).toBe(10);
  });

  it('refuses what may return too much', () => {
    const document = parse('{ items(first: 2000) { related { related { id } } } }');
    expect(() => enforceLimits(DEFAULT_LIMITS, rules, document, getOperationAST(document)!, {})).toThrow('ask for smaller pages');
  });
});
