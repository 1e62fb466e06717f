import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';

const SUBGRAPHS = {
  changes: `${LINK}
    type Query { alive: Boolean! }
    type Subscription {
      stockChanged(skus: [ID!], category: ID, channel: ID, crossingsOnly: Boolean! = false, after: String): StockChange!
      shipmentUpdated(orderId: ID, onlyTellable: Boolean! = false, after: String): ShipmentUpdate!
    }
    type StockChange { cursor: String! variant: Variant! }
    type Variant @key(fields: "sku") { sku: ID! }
    type ShipmentUpdate { cursor: String! number: Int! }
  `,
  stock: `${LINK}
    type Variant @key(fields: "sku") { sku: ID! figure: Int! }
  `,
} as const;

export function composeProof(): string {
  const { supergraphSdl, errors } = composeServices(Object.entries(SUBGRAPHS).map(([name, text]) => ({ name, url: `http://${name}.test/graphql`, typeDefs: parse(text) })));
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** What the subscription fields of the house are fed with, and the figure of a SKU from where the truth is. */
export function proofSchemas(readFigure: (sku: string) => Promise<number>): Readonly<Record<string, GraphQLSchema>> {
  const resolvers: Readonly<Record<keyof typeof SUBGRAPHS, object>> = {
    changes: {
      Query: { alive: () => true },
      Subscription: {
        stockChanged: { subscribe: () => null, resolve: ({ cursor, sku }: { cursor: string; sku: string }) => ({ cursor, variant: { sku } }) },
        shipmentUpdated: { subscribe: () => null, resolve: ({ cursor, shipmentId }: { cursor: string; shipmentId: string }) => ({ cursor, number: Number(shipmentId) }) },
      },
    },
    stock: { Variant: { __resolveReference: (reference: object) => reference, figure: ({ sku }: { sku: string }) => readFigure(sku) } },
  };
  return Object.fromEntries(Object.entries(SUBGRAPHS).map(([name, text]) => [name, buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers[name as keyof typeof SUBGRAPHS] }] as never)]));
}
