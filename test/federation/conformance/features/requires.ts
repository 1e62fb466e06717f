import { byKey, type Feature } from '../feature.ts';

interface Told {
  readonly told: Readonly<Record<string, any>>;
}

const goods = [{ id: '1', weight: 2, box: { unit: 'mm', side: 10 } }, { id: '2', weight: 5, box: null }];
const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 2, GBP: 3 };
const price = ({ id }: { id: string }, { currency = 'EUR' }: { currency?: string }): number => Number(id) * 100 * rates[currency]!;
const Currency = 'enum Currency { EUR USD GBP }';

const shop = {
  sdl: `type Query { goods: [Good!]! good: Good item: Item items: [Item!]! } ${Currency}
    interface Item { id: ID! price(currency: Currency = EUR): Int }
    type Good implements Item @key(fields: "id") { id: ID! price(currency: Currency = EUR): Int weight: Int box: Box self: Good }
    type Box @shareable { unit: String side(scale: Int = 1): Int }`,
  resolvers: {
    Query: { goods: () => goods, good: () => goods[0], item: () => goods[0], items: () => goods },
    Item: { __resolveType: () => 'Good' },
    Good: { price, self: (good: object) => good, __resolveReference: byKey(goods, 'id') },
    Box: { side: ({ side }: { side: number }, { scale }: { scale: number }) => side * scale },
  },
};

const freight = {
  sdl: `${Currency}
    type Good @key(fields: "id") {
      id: ID! weight: Int @external price(currency: Currency = EUR): Int @external box: Box @external
      freight: String @requires(fields: "weight price")
      freightUsd: String @requires(fields: "price(currency: USD)")
      freightGbp: String @requires(fields: "price(currency: GBP) weight")
      size: String @requires(fields: "box { side(scale: 2) }")
      bigSize: String @requires(fields: "box { unit side(scale: 100) }")
      free: Boolean
    }
    type Box @shareable { unit: String side(scale: Int = 1): Int }`,
  resolvers: {
    Good: {
      __resolveReference: byKey(goods, 'id'),
      freight: ({ told }: Told) => `${told['weight']}kg of ${told['price']}`,
      freightUsd: ({ told }: Told) => `USD ${told['price']}`,
      freightGbp: ({ told }: Told) => `GBP ${told['price']}, ${told['weight']}kg`,
      size: ({ told }: Told) => `${told['box']?.side}`,
      bigSize: ({ told }: Told) => `${told['box']?.side}${told['box']?.unit}`,
      free: ({ id }: { id: string }) => id === '2',
    },
  },
};

export const requiresArguments: Feature = {
  name: '@requires with arguments beside the client\'s own',
  subgraphs: { shop, freight },
  questions: [
    { source: '{ good { freightUsd } }', data: { good: { freightUsd: 'USD 200' } }, requests: { shop: 1, freight: 1 } },
    { source: '{ good { price(currency: GBP) freightUsd } }', data: { good: { price: 300, freightUsd: 'USD 200' } } },
    { source: '{ good { price freightUsd freight } }', data: { good: { price: 100, freightUsd: 'USD 200', freight: '2kg of 100' } } },
    { source: '{ good { weight: price(currency: GBP) price: weight freight } }', data: { good: { weight: 300, price: 2, freight: '2kg of 100' } } },
    { source: 'query ($c: Currency) { good { price(currency: $c) freight } }', variables: { c: 'USD' }, data: { good: { price: 200, freight: '2kg of 100' } } },
    { source: '{ goods { ...A ... on Good { freightUsd } } } fragment A on Good { price(currency: GBP) }', data: { goods: [{ price: 300, freightUsd: 'USD 200' }, { price: 600, freightUsd: 'USD 400' }] } },
    { source: '{ items { price(currency: GBP) ... on Good { freightUsd self { price freightUsd } } } }', data: { items: [1, 2].map((n) => ({ price: n * 300, freightUsd: `USD ${n * 200}`, self: { price: n * 100, freightUsd: `USD ${n * 200}` } })) } },
    { source: '{ good { box { side(scale: 7) } size } }', data: { good: { box: { side: 70 }, size: '20' } } },
    { source: '{ good { price__required_0: weight freightUsd } }', data: { good: { price__required_0: 2, freightUsd: 'USD 200' } } },
  ],
};

export const requiresConflict: Feature = {
  name: 'two @requires of one field with different arguments',
  subgraphs: { shop, freight },
  questions: [
    { source: '{ good { freightUsd freightGbp } }', data: { good: { freightUsd: 'USD 200', freightGbp: 'GBP 300, 2kg' } }, requests: { shop: 1, freight: 1 }, representations: { freight: 2 } },
    { source: '{ goods { freightGbp free freight freightUsd price(currency: USD) } }', data: { goods: [
      { freightGbp: 'GBP 300, 2kg', free: false, freight: '2kg of 100', freightUsd: 'USD 200', price: 200 },
      { freightGbp: 'GBP 600, 5kg', free: true, freight: '5kg of 200', freightUsd: 'USD 400', price: 400 },
    ] }, requests: { shop: 1, freight: 1 } },
    { source: '{ good { size bigSize box { side } } }', data: { good: { size: '20', bigSize: '1000mm', box: { side: 10 } } }, requests: { shop: 1, freight: 1 } },
    { source: '{ a: good { freightUsd } b: good { freightGbp } }', data: { a: { freightUsd: 'USD 200' }, b: { freightGbp: 'GBP 300, 2kg' } } },
    { source: '{ items { ... on Good { x: freightUsd y: freightGbp z: freightUsd } } }', data: { items: [1, 2].map((n) => ({ x: `USD ${n * 200}`, y: `GBP ${n * 300}, ${n === 1 ? 2 : 5}kg`, z: `USD ${n * 200}` })) } },
  ],
};

export const requiresChain: Feature = {
  name: '@requires of a field that itself requires',
  subgraphs: {
    shop,
    freight,
    report: {
      sdl: 'type Good @key(fields: "id") { id: ID! freightUsd: String @external free: Boolean @external line: String @requires(fields: "freightUsd free") }',
      resolvers: { Good: { __resolveReference: byKey(goods, 'id'), line: ({ told }: Told) => `${told['freightUsd']}/${told['free']}` } },
    },
  },
  questions: [
    { source: '{ goods { line } }', data: { goods: [{ line: 'USD 200/false' }, { line: 'USD 400/true' }] }, requests: { shop: 1, freight: 1, report: 1 } },
    { source: '{ good { line freightGbp price } }', data: { good: { line: 'USD 200/false', freightGbp: 'GBP 300, 2kg', price: 100 } } },
  ],
};

const pets = [{ __typename: 'Cat', id: '1', lives: 9 }, { __typename: 'Dog', id: '2', tricks: 3 }];

export const requiresThroughInterface: Feature = {
  name: '@requires through an interface, with arguments by type',
  subgraphs: {
    house: {
      sdl: `type Query { owner: Owner } type Owner @key(fields: "id") { id: ID! pets: [Pet!]! } interface Pet { id: ID! name(shout: Boolean = false): String }
        type Cat implements Pet { id: ID! name(shout: Boolean = false): String lives: Int } type Dog implements Pet { id: ID! name(shout: Boolean = false): String tricks(per: Int = 1): Int }`,
      resolvers: {
        Query: { owner: () => ({ id: 'o' }) },
        Owner: { pets: () => pets },
        Pet: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
        Cat: { name: (_: unknown, { shout }: { shout: boolean }) => (shout ? 'TOM' : 'Tom') },
        Dog: { name: (_: unknown, { shout }: { shout: boolean }) => (shout ? 'REX' : 'Rex'), tricks: ({ tricks }: { tricks: number }, { per }: { per: number }) => tricks * per },
      },
    },
    vet: {
      sdl: `type Owner @key(fields: "id") { id: ID! pets: [Pet!]! @external card: String @requires(fields: "pets { name(shout: true) ... on Cat { lives } ... on Dog { tricks(per: 7) } }") }
        interface Pet { id: ID! name(shout: Boolean = false): String }
        type Cat implements Pet { id: ID! @external name(shout: Boolean = false): String @external lives: Int @external } type Dog implements Pet { id: ID! @external name(shout: Boolean = false): String @external tricks(per: Int = 1): Int @external }`,
      resolvers: { Owner: { __resolveReference: (told: object) => ({ told }), card: ({ told }: Told) => (told['pets'] as Record<string, unknown>[]).map(({ name, lives, tricks }) => `${name}${lives ?? tricks}`).join() } },
    },
  },
  questions: [{ source: '{ owner { card pets { name ... on Dog { tricks } } } }', data: { owner: { card: 'TOM9,REX21', pets: [{ name: 'Tom' }, { name: 'Rex', tricks: 3 }] } } }],
};
