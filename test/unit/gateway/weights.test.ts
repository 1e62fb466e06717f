import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readGraphRules } from '../../../gateway/graph/rules/graph-rules.ts';
import { weighOperation } from '../../../gateway/limits/weight/cost.ts';

const TEXT = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    book: Book
    cheap: Book @cost(weight: 0)
    many: [Book] @listSize(assumedSize: 5)
    top(first: Int, last: Int): [Book] @listSize(slicingArguments: ["first", "last"])
    either(first: Int = 3, last: Int): [Book] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    byIds(ids: [ID!]): [Book] @listSize(slicingArguments: ["ids"])
    page(input: Paging): Page @listSize(slicingArguments: ["input.first"], sizedFields: ["nodes"])
    anything: Thing
    search(text: String @cost(weight: 4), filter: Filter): [Book]
    author: Author
  }
  type Book { title: String price: Money genre: Genre cover: Author }
  type Author @cost(weight: 6) { name: String books(first: Int = 50): [Book] }
  type Page { nodes: [Book] total: Int }
  union Thing = Book | Author
  scalar Money @cost(weight: 2)
  enum Genre @cost(weight: 3) { NOVEL }
  input Paging { first: Int }
  input Filter { genre: Genre deep: [Filter!] exact: Boolean @cost(weight: 10) }
`;
const schema = buildSchema(TEXT);
const rules = readGraphRules(TEXT, schema);
const weigh = (text: string, variables: Record<string, unknown> | null = {}) => {
  const document = parse(text);
  return weighOperation(rules, { document, operation: getOperationAST(document)! }, variables);
};

describe('the weight of an operation', () => {
  it('is that of objects, and of leaves that have one', () => {
    expect(weigh('{ book { title } }')).toBe(1);
    expect(weigh('{ book { title price genre } }')).toBe(1 + 2 + 3);
    expect(weigh('{ cheap { price } }')).toBe(2);
    expect(weigh('{ author { name } }')).toBe(6);
    expect(weigh('{ anything { __typename } }')).toBe(6);
    expect(weigh('{ book { ...F ...F } } fragment F on Book { price }')).toBe(1 + 2 + 2);
  });

  it('multiplies by declared lengths', () => {
    expect(weigh('{ many { price } }')).toBe(5 * (1 + 2));
    expect(weigh('{ top(first: 7) { title } }')).toBe(7);
    expect(weigh('query ($n: Int = 40) { top(last: $n) { title } }')).toBe(40);
    expect(weigh('query ($n: Int = 40) { top(last: $n) { title } }', { n: 2 })).toBe(2);
    expect(weigh('{ either { title } }')).toBe(3);
    expect(weigh('{ either(first: 4, last: 9) { title } }')).toBe(9);
    expect(weigh('query ($ids: [ID!]) { byIds(ids: $ids) { title } }', { ids: ['a', 'b'] })).toBe(2);
    expect(weigh('{ page(input: {first: 8}) { total nodes { cover { name } } } }')).toBe(1 + 8 * (1 + 6));
    expect(weigh('query ($page: Paging) { page(input: $page) { n: nodes { title } } }', { page: { first: 30 } })).toBe(1 + 30);
  });

  it('takes undeclared lists as it always did', () => {
    expect(weigh('{ author { books { title } } }')).toBe(6 + 25);
    expect(weigh('{ author { books(first: 100) { title } } }')).toBe(6 + 100);
    expect(weigh('{ search { title } }')).toBe(10);
  });

  it('counts arguments and what is in them, once a call', () => {
    expect(weigh('{ search(text: "x") { title } }')).toBe(4 + 10);
    expect(weigh('{ search(filter: {genre: NOVEL, exact: true, deep: [{exact: false}, {genre: NOVEL}]}) { title } }')).toBe(3 + 10 + 10 + 3 + 10);
    expect(weigh('query ($f: Filter) { many { title } search(filter: $f) { title } }', { f: { exact: true } })).toBe(5 + 10 + 10);
    expect(weigh('query ($f: Filter) { search(filter: $f) { title } }', { f: null })).toBe(10);
  });

  it('needs exactly one slicing argument where that is declared', () => {
    for (const text of ['{ top { title } }', '{ top(first: 1, last: 1) { title } }', '{ top(first: null) { title } }', '{ page { total } }', 'query ($n: Int) { top(first: $n) { title } }']) {
      expect(() => weigh(text)).toThrow(/needs exactly one of these arguments/);
    }
    // Before anybody asks, a variable may have any value.
    expect(weigh('query ($n: Int) { top(first: $n) { title } }', null)).toBe(10);
  });

  it('is measured up to a bound', () => {
    expect(weigh(`{ ${Array.from({ length: 9 }, (_, index) => `a${index}: top(first: 2000000000) { cover { name } }`).join(' ')} }`)).toBe(10_000_000);
  });
});
