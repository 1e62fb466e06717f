import { byKey, type Feature } from '../feature.ts';

const media = [{ __typename: 'Book', id: '1', title: 'Notes', pages: 12 }, { __typename: 'Film', id: '2', title: 'Trailer', minutes: 2 }];
const typeOf = { __resolveType: ({ __typename }: { __typename: string }) => __typename };
const stars = [{ id: '1', stars: 5, told: null }, { id: '2', stars: 3, told: null }];

const library = {
  sdl: `type Query { media: [Media!]! book: Book } interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int } type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
  resolvers: {
    Query: { media: () => media, book: () => media[0] },
    Media: { ...typeOf, __resolveReference: byKey(media, 'id') },
    Book: { __resolveReference: byKey(media, 'id') },
    Film: { __resolveReference: byKey(media, 'id') },
  },
};
const ratings = {
  sdl: 'type Query { best: Media all: [Media!]! } type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int title: String @external headline: String @requires(fields: "title") }',
  resolvers: {
    Query: { best: () => stars[0], all: () => stars },
    Media: { __resolveReference: byKey(stars, 'id'), headline: ({ told }: { told: { title: string } }) => `${told.title}!` },
  },
};

export const interfaceObjects: Feature = {
  name: '@interfaceObject in both directions',
  subgraphs: { library, ratings },
  questions: [
    { source: '{ media { title stars } }', data: { media: [{ title: 'Notes', stars: 5 }, { title: 'Trailer', stars: 3 }] }, requests: { library: 1, ratings: 1 } },
    { source: '{ all { stars } }', data: { all: [{ stars: 5 }, { stars: 3 }] }, requests: { ratings: 1 } },
    { source: '{ best { __typename stars title ... on Book { pages } } }', data: { best: { __typename: 'Book', stars: 5, title: 'Notes', pages: 12 } }, requests: { ratings: 1, library: 1 } },
    { source: '{ all { ... on Film { minutes stars } } }', data: { all: [{}, { minutes: 2, stars: 3 }] } },
    { source: '{ book { stars } }', data: { book: { stars: 5 } } },
  ],
};

export const interfaceObjectRequires: Feature = {
  name: '@interfaceObject with @requires',
  subgraphs: { library, ratings },
  questions: [
    { source: '{ media { headline } }', data: { media: [{ headline: 'Notes!' }, { headline: 'Trailer!' }] }, requests: { library: 1, ratings: 1 } },
    { source: '{ best { headline title: stars } }', data: { best: { headline: 'Notes!', title: 5 } } },
  ],
};

export const interfaceEntities: Feature = {
  name: 'an interface whose types come from several subgraphs',
  subgraphs: {
    one: {
      sdl: 'type Query { nodes: [Node!]! } interface Node { id: ID! } type A implements Node @key(fields: "id") { id: ID! a: Int } type B implements Node @key(fields: "id") { id: ID! }',
      resolvers: { Query: { nodes: () => [{ __typename: 'A', id: '1', a: 7 }, { __typename: 'B', id: '1' }] }, Node: typeOf },
    },
    two: {
      sdl: 'interface Node { id: ID! label(up: Boolean = false): String } type A implements Node @key(fields: "id") { id: ID! label(up: Boolean = false): String } type B implements Node @key(fields: "id") { id: ID! b: Int label(up: Boolean = false): String }',
      resolvers: {
        A: { __resolveReference: byKey([{ id: '1' }], 'id'), label: (_: unknown, { up }: { up: boolean }) => (up ? 'LA' : 'la') },
        B: { __resolveReference: byKey([{ id: '1', b: 8 }], 'id'), label: (_: unknown, { up }: { up: boolean }) => (up ? 'LB' : 'lb') },
      },
    },
  },
  questions: [
    { source: '{ nodes { __typename label ... on A { a } ... on B { b } } }', data: { nodes: [{ __typename: 'A', label: 'la', a: 7 }, { __typename: 'B', label: 'lb', b: 8 }] }, requests: { one: 1, two: 1 } },
    { source: '{ nodes { ... on A { x: label(up: true) } ... on B { x: label y: label(up: true) } } }', data: { nodes: [{ x: 'LA' }, { x: 'lb', y: 'LB' }] } },
  ],
};

export const partialUnions: Feature = {
  name: 'a union whose members subgraphs know in part',
  subgraphs: {
    one: {
      sdl: 'type Query { ones: [Action!]! } union Action = Both | OnlyOne type Both @shareable { label: String } type OnlyOne { one: Int }',
      resolvers: { Query: { ones: () => [{ __typename: 'Both', label: 'x' }, { __typename: 'OnlyOne', one: 1 }] }, Action: typeOf },
    },
    two: {
      sdl: 'type Query { twos: [Action!]! } union Action = Both | OnlyTwo type Both @shareable { label: String } type OnlyTwo { two: Int }',
      resolvers: { Query: { twos: () => [{ __typename: 'OnlyTwo', two: 2 }, { __typename: 'Both', label: 'y' }] }, Action: typeOf },
    },
  },
  questions: [
    {
      source: '{ ones { ...All } twos { ...All } } fragment All on Action { __typename ... on Both { label } ... on OnlyOne { one } ... on OnlyTwo { two } }',
      data: { ones: [{ __typename: 'Both', label: 'x' }, { __typename: 'OnlyOne', one: 1 }], twos: [{ __typename: 'OnlyTwo', two: 2 }, { __typename: 'Both', label: 'y' }] },
    },
    { source: '{ ones { ... on OnlyTwo { two } } }', data: { ones: [{}, {}] } },
  ],
};
