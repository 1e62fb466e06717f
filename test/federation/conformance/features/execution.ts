import { byKey, type Feature } from '../feature.ts';

const shops = [{ id: 's1', money: 'EUR', tills: [{ id: 't1' }, { id: 't2' }] }, { id: 's2', money: 'USD', tills: [{ id: 't1' }] }, { id: 's3', money: null, tills: [{ id: 't3' }] }];

export const contexts: Feature = {
  name: '@context and @fromContext, with a value for each place',
  subgraphs: {
    shops: {
      sdl: `type Query { shops: [Shop!]! } type Shop @key(fields: "id") @context(name: "shop") { id: ID! money(code: Boolean = false): String tills: [Till!]! first: Till }
        type Till @key(fields: "id") { id: ID! total(times: Int = 1, money: String @fromContext(field: "$shop { money(code: true) }")): String }`,
      resolvers: {
        Query: { shops: () => shops },
        Shop: { first: ({ tills }: { tills: object[] }) => tills[0], money: ({ money }: { money: string }, { code }: { code: boolean }) => (code ? money : 'money') },
        Till: { __resolveReference: byKey([{ id: 't1' }, { id: 't2' }, { id: 't3' }], 'id'), total: ({ id }: { id: string }, { times, money }: { times: number; money: string }) => `${id}:${times}${money}` },
      },
    },
    names: { sdl: 'type Till @key(fields: "id") { id: ID! name: String }', resolvers: { Till: { name: ({ id }: { id: string }) => `Till ${id}`, __resolveReference: byKey([{ id: 't1' }, { id: 't2' }, { id: 't3' }], 'id') } } },
  },
  questions: [
    {
      source: '{ shops { tills { total name } } }',
      data: { shops: [{ tills: [{ total: 't1:1EUR', name: 'Till t1' }, { total: 't2:1EUR', name: 'Till t2' }] }, { tills: [{ total: 't1:1USD', name: 'Till t1' }] }, { tills: [{ total: 't3:1null', name: 'Till t3' }] }] },
      requests: { shops: 2, names: 1 },
    },
    {
      source: 'query ($n: Int) { shops { money tills { total(times: $n) } first { total } } }',
      variables: { n: 4 },
      data: { shops: [{ money: 'money', tills: [{ total: 't1:4EUR' }, { total: 't2:4EUR' }], first: { total: 't1:1EUR' } }, { money: 'money', tills: [{ total: 't1:4USD' }], first: { total: 't1:1USD' } }, { money: 'money', tills: [{ total: 't3:4null' }], first: { total: 't3:1null' } }] },
    },
  ],
};

let log = '';
const write = (text: string) => ({ id: 'l', text: (log += text) });

export const mutations: Feature = {
  name: 'mutations run in order over subgraphs',
  subgraphs: {
    one: { sdl: 'type Query { log: String } type Mutation { start: Log a(text: String!): Log } type Log @key(fields: "id") { id: ID! text: String }', resolvers: { Query: { log: () => log }, Mutation: { start: () => write((log = '')), a: (_: unknown, { text }: { text: string }) => write(text) }, Log: { __resolveReference: () => ({ id: 'l', text: log }) } } },
    two: { sdl: 'type Mutation { b(text: String!): Log } type Log @key(fields: "id") { id: ID! size: Int }', resolvers: { Mutation: { b: (_: unknown, { text }: { text: string }) => write(text) }, Log: { size: () => log.length, __resolveReference: () => ({ id: 'l' }) } } },
  },
  questions: [{ source: 'mutation { start { size } x: a(text: "1") { text size } y: b(text: "2") { text size } z: a(text: "3") { text size } }', data: { start: { size: 0 }, x: { text: '1', size: 1 }, y: { text: '12', size: 2 }, z: { text: '123', size: 3 } } }],
};

const rows = [{ id: '1', name: 'Ada' }, { id: '2', name: null }];

export const nulls: Feature = {
  name: 'nulls where none may be, with the error at their place',
  subgraphs: {
    one: { sdl: 'type Query { rows: [Row!]! maybe: [Row!] one: Row } type Row @key(fields: "id") { id: ID! other: Row }', resolvers: { Query: { rows: () => rows, maybe: () => rows, one: () => rows[1] }, Row: { other: () => rows[1] } } },
    two: { sdl: 'type Row @key(fields: "id") { id: ID! name: String! must: [[Int!]] }', resolvers: { Row: { __resolveReference: ({ id }: { id: string }) => (id === '2' ? null : { id, name: 'Ada', must: [[1]] }) } } },
  },
  questions: [
    { source: '{ one { name } }', data: { one: null }, errors: [{ path: ['one', 'name'], code: 'UPSTREAM_MALFORMED' }] },
    { source: '{ maybe { id name } one { id } }', data: { maybe: null, one: { id: '2' } }, errors: [{ path: ['maybe', 1, 'name'], code: 'UPSTREAM_MALFORMED' }] },
    { source: '{ rows { name } }', data: null, errors: [{ path: ['rows', 1, 'name'], code: 'UPSTREAM_MALFORMED' }] },
    { source: '{ rows { id x: other { id name } } }', data: { rows: [{ id: '1', x: null }, { id: '2', x: null }] }, errors: [0, 1].map((row) => ({ path: ['rows', row, 'x', 'name'], code: 'UPSTREAM_MALFORMED' })) },
  ],
};

export const conditions: Feature = {
  name: '@skip, @include, @defer and executable directives of the graph',
  subgraphs: {
    one: { sdl: 'directive @loud(times: Int = 1) on FIELD type Query { row: Row } type Row @key(fields: "id") { id: ID! name: String }', resolvers: { Query: { row: () => rows[0] }, Row: { name: ({ name }: { name: string }, _: unknown, _context: unknown, { fieldNodes }: { fieldNodes: readonly { directives: readonly object[] }[] }) => `${name}${fieldNodes[0]!.directives.length > 0 ? '!' : ''}` } } },
    two: { sdl: 'directive @loud(times: Int = 1) on FIELD type Row @key(fields: "id") { id: ID! size: Int }', resolvers: { Row: { size: () => 3, __resolveReference: byKey(rows, 'id') } } },
  },
  questions: [
    { source: 'query ($no: Boolean!) { row { name @skip(if: $no) size @include(if: $no) } }', variables: { no: false }, data: { row: { name: 'Ada' } }, requests: { one: 1 } },
    { source: 'query ($no: Boolean!) { row { ... @include(if: $no) { size @skip(if: $no) } ... @skip(if: $no) { size } } }', variables: { no: true }, data: { row: {} }, requests: { one: 1 } },
    { source: '{ row { name @loud(times: 2) } }', data: { row: { name: 'Ada!' } } },
    { source: '{ row { id ... @defer { size } } }', data: { row: { id: '1', size: 3 } } },
  ],
};

export const typenames: Feature = {
  name: '__typename, aliased, at the root and alone',
  subgraphs: {
    one: { sdl: 'type Query { row: Row } type Row @key(fields: "id") { id: ID! name: String }', resolvers: { Query: { row: () => rows[0] } } },
    two: { sdl: 'type Row @key(fields: "id") { id: ID! size: Int }', resolvers: { Row: { size: () => 3, __resolveReference: byKey(rows, 'id') } } },
  },
  questions: [
    { source: '{ __typename a: __typename }', data: { __typename: 'Query', a: 'Query' }, requests: {} },
    { source: '{ __typename row { __typename id: __typename size } }', data: { __typename: 'Query', row: { __typename: 'Row', id: 'Row', size: 3 } } },
    { source: '{ row { __typename: name } }', data: { row: { __typename: 'Ada' } } },
  ],
};
