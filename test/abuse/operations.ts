import { createHash } from 'node:crypto';
import type { Scope } from '../../domain/principal.ts';
import type { Answered, Asked, Transport } from './transports.ts';

/** Something somebody may send as an operation, over any transport, and what must come of it. */
export interface OperationCase {
  readonly name: string;
  readonly asked: Asked;
  readonly scopes?: readonly Scope[];
  /** Refused: extensions of the first error. */
  readonly refused?: Readonly<Record<string, unknown>>;
  /** Bounded: harmless, and answered so. */
  readonly bounded?: (answer: Answered) => unknown;
  /** Where it is left out, and why. */
  readonly except?: readonly Transport[];
}

const many = (count: number, text: (index: number) => string, between = ' '): string => Array.from({ length: count }, (_, index) => text(index)).join(between);
const invalid = (limit?: string) => ({ code: 'INVALID_INPUT', ...(limit && { limit }) });
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const apq = (text: string | null, sha256Hash: string) => ({ ...(text !== null && { query: text }), extensions: { persistedQuery: { version: 1, sha256Hash } } });
const nested = (levels: number, field: string, leaf: string): string => `${`${field}{`.repeat(levels)}${leaf}${'}'.repeat(levels)}`;
const doubling = (levels: number): string => `{ ...F0 } ${many(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F${levels} on Query { __typename }`;

const SHAPES: readonly OperationCase[] = [
  { name: 'a thousand aliases of one field', asked: { query: `{ item(id: 1) { ${many(500, (index) => `a${index}: name`)} } }` }, refused: invalid('aliases') },
  { name: 'one root field under many aliases', asked: { query: `{ ${many(40, (index) => `a${index}: item(id: ${index}) { name }`)} }` }, refused: invalid('root fields') },
  { name: 'depth', asked: { query: `{ item(id: 1) { ${nested(30, 'related', 'id')} } }` }, refused: invalid('depth') },
  { name: 'depth hidden in a chain of fragments', asked: { query: `{ item(id: 1) { ...F0 } } ${many(30, (index) => `fragment F${index} on Item { related { ...F${index + 1} } }`)} fragment F30 on Item { id }` }, refused: invalid('depth') },
  { name: 'brackets that exhaust the stack', asked: { query: `{ ${'item{'.repeat(2_400)}id${'}'.repeat(2_400)} }` }, refused: invalid() },
  { name: 'a list value of brackets', asked: { query: `{ item(id: ${'['.repeat(2_400)}1${']'.repeat(2_400)}) { id } }` }, refused: invalid() },
  { name: 'an object value of brackets', asked: { query: `{ item(id: ${'{a:'.repeat(1_600)}1${'}'.repeat(1_600)}) { id } }` }, refused: invalid() },
  { name: 'fragments that double with each level', asked: { query: doubling(60) }, refused: invalid('selections') },
  { name: 'fragments that double and are spread by nothing', asked: { query: doubling(60).replace('{ ...F0 }', '{ mine }') }, refused: invalid('selections') },
  { name: 'a fragment that spreads itself', asked: { query: '{ ...A } fragment A on Query { ...A }' }, refused: invalid() },
  { name: 'fragments in a circle', asked: { query: `{ ...F0 } ${many(50, (index) => `fragment F${index} on Query { ...F${(index + 1) % 50} }`)}` }, refused: invalid() },
  { name: 'two hundred fragments', asked: { query: `{ mine } ${many(200, (index) => `fragment F${index} on Query { mine }`)}` }, refused: invalid('fragments') },
  { name: 'fragments repeated to be compared with each other', asked: { query: `{ item(id: 1) { ${'related { id name } '.repeat(300)} } }` }, refused: invalid('field pairs') },
  { name: 'a field of the same name a thousand times', asked: { query: `{ item(id: 1) { ${'id '.repeat(1_200)} } }` }, refused: invalid('fields') },
  { name: 'inline fragments in inline fragments', asked: { query: `{ ${'...{'.repeat(1_500)}mine${'}'.repeat(1_500)} }` }, refused: invalid('nesting') },
  { name: 'thousands of directives', asked: { query: `{ mine ${'@include(if: true) '.repeat(700)} }` }, refused: invalid('directives') },
  { name: 'an unknown directive again and again', asked: { query: `{ mine ${many(500, (index) => `@d${index}`)} }` }, refused: invalid('directives') },
  { name: '2^30 ways to skip', asked: { query: `query (${many(30, (index) => `$v${index}: Boolean!`)}) { ${many(30, (index) => `mine @skip(if: $v${index})`)} }` }, refused: invalid('conditions') },
  { name: 'hundreds of variables', asked: { query: `query (${many(300, (index) => `$v${index}: Int`)}) { mine }` }, refused: invalid('variables') },
  { name: 'hundreds of operations in a document', asked: { query: many(300, (index) => `query Q${index} { mine }`), operationName: 'Q0' }, refused: invalid('operations') },
  { name: 'a bomb in the operation that is not asked for', asked: { query: `query Calm { mine } query Bomb { ${many(40, (index) => `a${index}: mine`)} }`, operationName: 'Calm' }, refused: invalid('root fields') },
  { name: 'more tokens than a text may have', asked: { query: `{ ${'mine,'.repeat(6_000)} }` }, refused: invalid() },
  { name: 'a comment as long as a book', asked: { query: `{ mine } #${'x'.repeat(100_000)}` }, refused: invalid('bytes') },
  { name: 'white space and byte order marks', asked: { query: `{ mine ${'\uFEFF \t,'.repeat(20_000)} }` }, refused: invalid('bytes') },
  { name: 'a huge page', asked: { query: '{ items(first: 100000000) { related { related { id } } } }' }, refused: invalid('cost') },
  { name: 'a huge page in a variable', asked: { query: 'query ($n: Int) { items(first: $n) { related { id } } }', variables: { n: 2_000_000_000 } }, refused: invalid('cost') },
  { name: 'a huge page in the default of a variable', asked: { query: 'query ($n: Int = 2000000000) { items(first: $n) { related { id } } }' }, refused: invalid('cost') },
];

const VALUES: readonly OperationCase[] = [
  { name: 'a variable of the wrong type', asked: { query: 'query ($n: Int) { items(first: $n) { id } }', variables: { n: { $gt: 0 } } }, refused: invalid() },
  { name: 'variables that nobody declared', asked: { query: '{ item(id: 1) { id } }', variables: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`v${index}`, 'x'.repeat(20)])) }, bounded: ({ data }) => data?.['item'] },
  { name: 'a variable nested a thousand levels', asked: { query: 'query ($id: ID!) { item(id: $id) { id } }', variables: { id: JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) } }, refused: invalid() },
  { name: 'a list of a hundred thousand', asked: { query: 'query ($id: ID!) { item(id: $id) { id } }', variables: { id: Array.from({ length: 100_000 }, () => 1) } }, refused: invalid() },
  { name: 'variables that are a list', asked: { query: '{ mine }', variables: ['a'] }, refused: invalid() },
  { name: 'the prototype as alias', asked: { query: '{ __proto__: item(id: 1) { constructor: name toString: id prototype: name } }' }, bounded: ({ data }) => Object.hasOwn(data ?? {}, '__proto__') && Object.hasOwn((data as any)['__proto__'], 'constructor') && ({} as any).name === undefined },
  { name: 'the prototype in variables', asked: { query: 'query ($id: ID!) { item(id: $id) { name } }', variables: JSON.parse('{"id":"1","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') }, bounded: () => ({} as any).polluted === undefined },
  { name: 'the prototype as field', asked: { query: '{ __proto__ }' }, refused: invalid() },
  { name: 'a null byte in a name', asked: { query: '{ mi\u0000ne }' }, refused: invalid() },
  { name: 'a null byte in a value', asked: { query: '{ item(id: "1\\u0000") { name } }' }, bounded: ({ data }) => data?.['item']?.name === 'Item 1\u0000' },
  { name: 'letters that look like others', asked: { query: '{ mіne }' }, refused: invalid() },
  { name: 'half a surrogate', asked: { query: '{ item(id: "\\uD800") { name } }' }, refused: invalid() },
  { name: 'text that runs from right to left', asked: { query: '{ item(id: "\u202Egnirts") { name } }' }, bounded: ({ data }) => data?.['item'] },
  { name: 'a name of ten thousand letters', asked: { query: `query ${'Q'.repeat(10_000)} { item(id: 1) { id } }` }, bounded: ({ data }) => data?.['item'] },
  { name: 'an operation that is not there', asked: { query: 'query A { mine }', operationName: 'B' }, refused: invalid() },
  { name: 'none of several operations', asked: { query: 'query A { mine } query B { mine }' }, refused: invalid() },
  { name: 'an empty text', asked: { query: '' }, refused: invalid() },
  { name: 'fragments alone', asked: { query: 'fragment A on Query { mine }' }, refused: invalid() },
  { name: 'a schema in place of a query', asked: { query: 'type Query { mine: String } extend schema { query: Query }' }, refused: invalid() },
];

const DOORS: readonly OperationCase[] = [
  { name: 'introspection without the role', asked: { query: '{ __schema { types { name } } }' }, refused: { code: 'FORBIDDEN' } },
  { name: 'introspection behind a fragment and an alias', asked: { query: 'query { ...A } fragment A on Query { x: __type(name: "Item") { name } }' }, refused: { code: 'FORBIDDEN' } },
  { name: 'introspection in a circle, with the role', asked: { query: `{ __schema { types { ${'fields { type { '.repeat(40)} name ${'} } '.repeat(40)} } } }` }, scopes: ['operations'], refused: invalid() },
  { name: 'federation\'s own fields', asked: { query: '{ _service { sdl } _entities(representations: []) { __typename } }' }, refused: invalid() },
  { name: 'a field of others', asked: { query: '{ item(id: 1) { cost } }' }, refused: { code: 'FORBIDDEN' } },
  { name: 'a field of others under @skip', asked: { query: 'query ($no: Boolean!) { item(id: 1) { name cost @skip(if: $no) } }', variables: { no: true } }, refused: { code: 'FORBIDDEN' } },
  { name: 'a mutation of others', asked: { query: 'mutation { rename(id: 1, name: "x") { id } }' }, refused: { code: 'FORBIDDEN' } },
  { name: 'a subscription of others', asked: { query: 'subscription { stockChanged(skus: ["A"]) { id } }' }, refused: { code: 'FORBIDDEN' }, except: ['HTTP'] },
  { name: 'a subscription to everything', asked: { query: 'subscription { stockChanged(skus: []) { id } }' }, scopes: ['availability:read'], refused: invalid(), except: ['HTTP'] },
  { name: 'a subscription to fifty thousand', asked: { query: 'subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { id } }', variables: { skus: Array.from({ length: 50_000 }, (_, index) => `${index}`) } }, scopes: ['availability:read'], refused: invalid(), except: ['HTTP'] },
  { name: 'a subscription of two fields', asked: { query: 'subscription { stockChanged(skus: ["A"]) { id } b: stockChanged(skus: ["B"]) { id } }' }, scopes: ['availability:read'], refused: invalid() },
  { name: 'errors that would tell of the inside', asked: { query: '{ broken }' }, bounded: ({ errors }) => !JSON.stringify(errors).includes('hunter2') && errors?.[0]?.extensions?.['code'] === 'INTERNAL' },
  // The protocol of the WebSocket wants a text with every operation.
  { name: 'a hash nobody registered', asked: apq(null, hash('{ nobody }')), refused: { code: 'PERSISTED_QUERY_NOT_FOUND' }, except: ['WebSocket'] },
  { name: 'a text under the hash of another', asked: apq('{ mine }', hash('{ item(id: 1) { id } }')), refused: invalid() },
  { name: 'a persisted text that is too long', asked: apq(`{ mine } #${'x'.repeat(70_000)}`, hash(`{ mine } #${'x'.repeat(70_000)}`)), refused: invalid('bytes') },
  { name: 'a hash that is no hash', asked: apq(null, '../../etc/passwd'), bounded: ({ errors }) => ['INVALID_INPUT', 'PERSISTED_QUERY_NOT_FOUND'].includes(errors?.[0]?.extensions?.['code'] as string) },
];

export const OPERATION_CASES: readonly OperationCase[] = [...SHAPES, ...VALUES, ...DOORS];
