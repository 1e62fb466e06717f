import { byKey, type Feature } from '../feature.ts';

const parts = [
  { id: '1', code: 'A', serial: 's1', name: 'Bolt', weight: 3, price: 10, stock: 7 },
  { id: '2', code: 'B', serial: 's2', name: 'Nut', weight: 1, price: 20, stock: 0 },
];
const places = [{ shelf: 'x', hall: { code: 'h1' }, free: 3 }, { shelf: 'x', hall: { code: 'h2' }, free: 5 }];

/** No two of the outer subgraphs share a key: the way leads through the one that knows both. */
export const keyHops: Feature = {
  name: 'a key that only a subgraph in between can tell',
  subgraphs: {
    shop: { sdl: 'type Query { parts: [Part!]! } type Part @key(fields: "id") { id: ID! name: String }', resolvers: { Query: { parts: () => parts }, Part: { __resolveReference: byKey(parts, 'id') } } },
    register: { sdl: 'type Part @key(fields: "id") @key(fields: "code") { id: ID! code: String! }', resolvers: { Part: { __resolveReference: byKey(parts, 'id', 'code') } } },
    archive: { sdl: 'type Part @key(fields: "code") @key(fields: "serial") { code: String! serial: String! }', resolvers: { Part: { __resolveReference: byKey(parts, 'code', 'serial') } } },
    house: { sdl: 'type Query { lonely: Part } type Part @key(fields: "serial") { serial: String! stock: Int }', resolvers: { Query: { lonely: () => parts[1] }, Part: { __resolveReference: byKey(parts, 'serial') } } },
  },
  questions: [
    { source: '{ parts { name stock } }', data: { parts: [{ name: 'Bolt', stock: 7 }, { name: 'Nut', stock: 0 }] }, requests: { shop: 1, register: 1, archive: 1, house: 1 } },
    { source: '{ lonely { stock name } }', data: { lonely: { stock: 0, name: 'Nut' } }, requests: { house: 1, archive: 1, register: 1, shop: 1 } },
  ],
};

export const compoundKeys: Feature = {
  name: 'compound and nested keys',
  subgraphs: {
    plan: { sdl: 'type Query { places: [Place!]! } type Place @key(fields: "shelf hall { code }") { shelf: String! hall: Hall! } type Hall @shareable { code: String! }', resolvers: { Query: { places: () => places } } },
    count: {
      sdl: 'type Place @key(fields: "hall { code } shelf") { shelf: String! hall: Hall! free: Int! } type Hall @shareable { code: String! }',
      resolvers: { Place: { __resolveReference: ({ shelf, hall }: { shelf: string; hall: { code: string } }) => places.find((place) => place.shelf === shelf && place.hall.code === hall.code) } },
    },
  },
  questions: [{ source: '{ places { free } }', data: { places: [{ free: 3 }, { free: 5 }] }, requests: { plan: 1, count: 1 } }],
};

export const referencesOnly: Feature = {
  name: 'a subgraph that refers to entities and resolves none (resolvable: false)',
  subgraphs: {
    orders: { sdl: 'type Query { order: [Part!]! } type Part @key(fields: "id", resolvable: false) { id: ID! }', resolvers: { Query: { order: () => [{ id: '2' }, { id: '1' }, { id: '2' }] } } },
    shop: { sdl: 'type Part @key(fields: "id") { id: ID! name: String price: Int }', resolvers: { Part: { __resolveReference: byKey(parts, 'id') } } },
  },
  questions: [
    { source: '{ order { id } }', data: { order: [{ id: '2' }, { id: '1' }, { id: '2' }] }, requests: { orders: 1 } },
    { source: '{ order { name } }', data: { order: [{ name: 'Nut' }, { name: 'Bolt' }, { name: 'Nut' }] }, representations: { shop: 2 } },
  ],
};

export const unknownEntities: Feature = {
  name: 'an entity that the subgraph in between does not know',
  subgraphs: {
    shop: { sdl: 'type Query { parts: [Part!]! } type Part @key(fields: "id") { id: ID! name: String }', resolvers: { Query: { parts: () => [...parts, { id: '3', name: 'Lost' }] } } },
    register: { sdl: 'type Part @key(fields: "id") @key(fields: "code") { id: ID! code: String! }', resolvers: { Part: { __resolveReference: byKey(parts, 'id') } } },
    scales: { sdl: 'type Part @key(fields: "code") { code: String! weight: Int }', resolvers: { Part: { __resolveReference: byKey(parts, 'code') } } },
  },
  questions: [{ source: '{ parts { name weight } }', data: { parts: [{ name: 'Bolt', weight: 3 }, { name: 'Nut', weight: 1 }, { name: 'Lost', weight: null }] }, representations: { register: 3, scales: 2 } }],
};

export const repeatedEntities: Feature = {
  name: 'an entity at several places is asked for once',
  subgraphs: {
    shop: {
      sdl: 'type Query { parts: [Part!]! best: Part } type Part @key(fields: "id") { id: ID! near: [Part!]! self: Part }',
      resolvers: { Query: { parts: () => parts, best: () => parts[0] }, Part: { near: () => [...parts, ...parts], self: (part: object) => part } },
    },
    prices: { sdl: 'type Part @key(fields: "id") { id: ID! price: Int weight: Int }', resolvers: { Part: { __resolveReference: byKey(parts, 'id') } } },
  },
  questions: [
    {
      source: '{ parts { price near { price } self { price } } best { price } }',
      data: { parts: [10, 20].map((price) => ({ price, near: [10, 20, 10, 20].map((near) => ({ price: near })), self: { price } })), best: { price: 10 } },
      requests: { shop: 1, prices: 1 },
      representations: { prices: 2 },
    },
    {
      source: '{ parts { near { price } self { weight } } }',
      data: { parts: [3, 1].map((weight) => ({ near: [10, 20, 10, 20].map((price) => ({ price })), self: { weight } })) },
      requests: { shop: 1, prices: 1 },
      representations: { prices: 4 },
    },
  ],
};

const crates = [{ id: '1', sku: 'k1', code: 'c1', load: 5 }, { id: '2', sku: 'k2', code: 'c2', load: null }];

/** The planner merges both fetches to `dock` and puts the result before the fetch of `load`, which it requires. */
export const lateRequirement: Feature = {
  name: 'a requirement that the plan fetches too late',
  subgraphs: {
    yard: { sdl: 'type Query { crates: [Any] } union Any = Crate type Crate @key(fields: "id", resolvable: false) { id: ID! }', resolvers: { Query: { crates: () => crates }, Any: { __resolveType: () => 'Crate' } } },
    labels: { sdl: 'type Crate @key(fields: "sku") @key(fields: "id") { id: ID! sku: String! @shareable }', resolvers: { Crate: { __resolveReference: byKey(crates, 'id', 'sku') } } },
    scales: { sdl: 'type Crate @key(fields: "sku") @key(fields: "code") { id: ID! @shareable sku: String! @shareable code: String! @shareable load: Int }', resolvers: { Crate: { __resolveReference: byKey(crates, 'sku', 'code') } } },
    dock: {
      sdl: 'type Crate @key(fields: "code") { id: ID! @shareable code: String! @shareable gate: Int load: Int @external lift: String @requires(fields: "load") }',
      resolvers: { Crate: { __resolveReference: byKey(crates, 'code'), gate: ({ id }: { id: string }) => Number(id) * 10, lift: ({ told }: { told: { load: number } }) => `${told.load}t` } },
    },
  },
  questions: [
    { source: '{ crates { ... on Crate { gate lift } } }', data: { crates: [{ gate: 10, lift: '5t' }, { gate: 20, lift: 'nullt' }] } },
    { source: '{ crates { ... on Crate { lift gate load sku } } }', data: { crates: [{ lift: '5t', gate: 10, load: 5, sku: 'k1' }, { lift: 'nullt', gate: 20, load: null, sku: 'k2' }] } },
  ],
};
