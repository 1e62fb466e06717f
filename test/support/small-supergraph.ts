import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@requiresScopes", "@authenticated", "@external"])';

const SHOP = `${LINK}
  type Query {
    item(id: ID!): Item
    items(first: Int = 10): [Item!]!
    everything: [Thing!]!
    mine: String @authenticated
    broken: String
    slow(ms: Int!): String
  }
  type Mutation { rename(id: ID!, name: String!): Item @requiresScopes(scopes: [["checkout:write"]]) }
  type Subscription { stockChanged(skus: [ID!]!): Item @requiresScopes(scopes: [["availability:read"]]) }
  union Thing = Item | Voucher
  type Voucher { code: String }
  type Item @key(fields: "id") { id: ID! name: String related: [Item!]! cost: Secret }
  scalar Secret @requiresScopes(scopes: [["operations"]])
`;

const PRICES = `${LINK}
  type Item @key(fields: "id") { id: ID! price: String @requiresScopes(scopes: [["price:read"]]) }
`;

const SMALL_SUBGRAPHS: Readonly<Record<string, string>> = { shop: SHOP, prices: PRICES };

export function composeSmall(urls: Readonly<Record<string, string>> = {}): string {
  const services = Object.entries(SMALL_SUBGRAPHS).map(([name, text]) => ({ name, url: urls[name] ?? `http://${name}.test/graphql`, typeDefs: parse(text) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

interface Heard {
  /** Set when a slow resolver saw its caller leave. */
  aborted: boolean;
  renamed: number;
}

interface Context {
  readonly scope?: { readonly signal: AbortSignal };
}

/** Resolvers of both subgraphs; `heard` tells what reached them. */
export function smallSchemas(): { readonly schemas: Readonly<Record<string, GraphQLSchema>>; readonly heard: Heard } {
  const heard: Heard = { aborted: false, renamed: 0 };
  const item = (id: string): object => ({ __typename: 'Item', id, name: `Item ${id}`, related: () => [item('7'), item('8')] });
  const resolvers: Record<string, object> = {
    shop: {
      Query: {
        item: (_: unknown, { id }: { id: string }) => item(id),
        items: (_: unknown, { first }: { first: number }) => Array.from({ length: first }, (_, index) => item(String(index))),
        everything: () => [item('1'), { __typename: 'Voucher', code: 'V' }],
        mine: () => 'yours',
        broken: () => {
          throw new Error('password=hunter2 at /srv/secret.ts');
        },
        slow: (_: unknown, { ms }: { ms: number }, { scope }: Context) =>
          new Promise((done) => {
            const timer = setTimeout(() => done('late'), ms);
            scope?.signal.addEventListener('abort', () => {
              heard.aborted = true;
              clearTimeout(timer);
              done(null);
            });
          }),
      },
      Mutation: {
        rename: (_: unknown, { id }: { id: string }) => {
          heard.renamed += 1;
          return item(id);
        },
      },
      Subscription: { stockChanged: { subscribe: () => null, resolve: (event: { sku: string }) => item(event.sku) } },
      Item: { __resolveReference: ({ id }: { id: string }) => item(id) },
    },
    prices: { Item: { __resolveReference: (reference: object) => reference, price: ({ id }: { id: string }) => `${id}.00` } },
  };
  const schemas = Object.fromEntries(Object.entries(SMALL_SUBGRAPHS).map(([name, text]) => [name, buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers[name] }] as never)]));
  return { schemas, heard };
}
