import { byKey, type Feature } from '../feature.ts';

const authors = [{ id: 'a1', name: 'Ada', born: 1815 }, { id: 'a2', name: null, born: 1906 }];
const books = [{ id: '1', title: 'Notes', author: 'a1' }, { id: '2', title: 'Code', author: 'a2' }];
const author = (book: { author: string }) => authors.find(({ id }) => id === book.author);

export const provides: Feature = {
  name: '@provides saves the request, and only where it stands',
  subgraphs: {
    people: { sdl: 'type Author @key(fields: "id") { id: ID! name: String @shareable born: Int }', resolvers: { Author: { __resolveReference: byKey(authors, 'id') } } },
    books: {
      sdl: 'type Query { books: [Book!]! } type Book { title: String author: Author @provides(fields: "name") editor: Author } type Author @key(fields: "id") { id: ID! name: String @external }',
      resolvers: { Query: { books: () => books }, Book: { author, editor: (book: { author: string }) => ({ id: author(book)?.id }) } },
    },
  },
  questions: [
    { source: '{ books { author { name } } }', data: { books: [{ author: { name: 'Ada' } }, { author: { name: null } }] }, requests: { books: 1 } },
    { source: '{ books { author { name born } } }', data: { books: [{ author: { name: 'Ada', born: 1815 } }, { author: { name: null, born: 1906 } }] }, requests: { books: 1, people: 1 } },
    { source: '{ books { editor { name } } }', data: { books: [{ editor: { name: 'Ada' } }, { editor: { name: null } }] }, requests: { books: 1, people: 1 } },
  ],
};

export const shareable: Feature = {
  name: 'shared values: each subgraph answers the part it knows',
  subgraphs: {
    left: { sdl: 'type Query { spot: Spot! } type Spot @key(fields: "id") { id: ID! at: Point! @shareable } type Point @shareable { x: Int! unit: Unit } type Unit @shareable { name: String }', resolvers: { Query: { spot: () => ({ id: 's', at: { x: 1, unit: { name: 'm' } } }) } } },
    right: { sdl: 'type Spot @key(fields: "id") { id: ID! at: Point! @shareable } type Point @shareable { x: Int! y: Int! unit: Unit } type Unit @shareable { name: String factor: Float }', resolvers: { Spot: { __resolveReference: byKey([{ id: 's', at: { x: 1, y: 2, unit: { name: 'm', factor: 1.5 } } }], 'id') } } },
  },
  questions: [
    { source: '{ spot { at { x unit { name } } } }', data: { spot: { at: { x: 1, unit: { name: 'm' } } } }, requests: { left: 1 } },
    { source: '{ spot { at { x y unit { name factor } } } }', data: { spot: { at: { x: 1, y: 2, unit: { name: 'm', factor: 1.5 } } } }, requests: { left: 1, right: 1 } },
  ],
};

export const sharedRoots: Feature = {
  name: 'a root field of two subgraphs, each with fields of its own',
  subgraphs: {
    one: { sdl: 'type Query { status: Status @shareable } type Status { ok: Boolean @shareable since: String }', resolvers: { Query: { status: () => ({ ok: true, since: '2020' }) } } },
    two: { sdl: 'type Query { status: Status @shareable } type Status { ok: Boolean @shareable load: Float }', resolvers: { Query: { status: () => ({ ok: true, load: 0.5 }) } } },
  },
  questions: [
    { source: '{ status { ok } }', data: { status: { ok: true } } },
    { source: '{ s: status { load ok since __typename } }', data: { s: { load: 0.5, ok: true, since: '2020', __typename: 'Status' } }, requests: { one: 1, two: 1 } },
  ],
};

export const override: Feature = {
  name: '@override takes a field over',
  subgraphs: {
    old: { sdl: 'type Query { books: [Book!]! } type Book @key(fields: "id") { id: ID! title: String }', resolvers: { Query: { books: () => books }, Book: { title: () => 'old', __resolveReference: byKey(books, 'id') } } },
    fresh: { sdl: 'type Book @key(fields: "id") { id: ID! title: String @override(from: "old") }', resolvers: { Book: { __resolveReference: byKey(books, 'id') } } },
  },
  questions: [{ source: '{ books { id title } }', data: { books: [{ id: '1', title: 'Notes' }, { id: '2', title: 'Code' }] }, requests: { old: 1, fresh: 1 } }],
};

/** `sha256("caller-1")` counts as 63.6 of 100, `sha256("caller-0")` as 87.8. */
export const progressiveOverride: Feature = {
  name: '@override(label:) by percentage and by name',
  resolveLabel: (label) => label === 'beta',
  subgraphs: {
    old: {
      sdl: 'type Query { book: Book } type Book @key(fields: "id") { id: ID! title: String note: String mark: String }',
      resolvers: { Query: { book: () => books[0] }, Book: { title: () => 'old', note: () => 'old', mark: () => 'old', __resolveReference: byKey(books, 'id') } },
    },
    fresh: {
      sdl: 'type Book @key(fields: "id") { id: ID! title: String @override(from: "old", label: "percent(70)") note: String @override(from: "old", label: "beta") mark: String @override(from: "old", label: "gamma") }',
      resolvers: { Book: { title: () => 'new', note: () => 'new', mark: () => 'new', __resolveReference: byKey(books, 'id') } },
    },
  },
  questions: [
    { source: '{ book { title } }', data: { book: { title: 'new' } }, rolloutKey: 'caller-1' },
    { source: '{ book { title } }', data: { book: { title: 'old' } }, rolloutKey: 'caller-0', requests: { old: 1 } },
    { source: '{ book { title } }', data: { book: { title: 'old' } } },
    { source: '{ book { note mark } }', data: { book: { note: 'new', mark: 'old' } } },
  ],
};

export const inaccessible: Feature = {
  name: '@inaccessible keys and values work inside and never leave',
  subgraphs: {
    shop: { sdl: 'type Query { books: [Book!]! } type Book @key(fields: "ref") { ref: ID! @inaccessible title: String kind: Kind } enum Kind { NOVEL SECRET @inaccessible }', resolvers: { Query: { books: () => [{ ref: 'r1', title: 'Notes', kind: 'NOVEL' }, { ref: 'r2', title: 'Code', kind: 'SECRET' }] } } },
    stock: { sdl: 'type Book @key(fields: "ref") { ref: ID! @inaccessible left: Int }', resolvers: { Book: { left: ({ ref }: { ref: string }) => Number(ref[1]), __resolveReference: byKey([{ ref: 'r1' }, { ref: 'r2' }], 'ref') } } },
  },
  questions: [
    { source: '{ books { left ref: title } }', data: { books: [{ left: 1, ref: 'Notes' }, { left: 2, ref: 'Code' }] } },
    { source: '{ books { kind } }', data: { books: [{ kind: 'NOVEL' }, { kind: null }] }, errors: [{ path: ['books', 1, 'kind'], code: 'UPSTREAM_MALFORMED' }] },
  ],
};

export const intersections: Feature = {
  name: 'enums, inputs and arguments that subgraphs know in part',
  subgraphs: {
    one: { sdl: 'type Query { one(filter: Filter, size: Int): String level: Level @shareable } input Filter { text: String only: Int } enum Level { LOW HIGH }', resolvers: { Query: { one: (_: unknown, args: object) => JSON.stringify(args), level: () => 'HIGH' } } },
    two: { sdl: 'type Query { two(filter: Filter): String level: Level @shareable } input Filter { text: String } enum Level { LOW HIGH }', resolvers: { Query: { two: (_: unknown, args: object) => JSON.stringify(args), level: () => 'HIGH' } } },
  },
  questions: [{ source: 'query ($f: Filter) { one(filter: $f, size: 2) two(filter: { text: "x" }) level }', variables: { f: { text: 'y' } }, data: { one: '{"filter":{"text":"y"},"size":2}', two: '{"filter":{"text":"x"}}', level: 'HIGH' } }],
};
