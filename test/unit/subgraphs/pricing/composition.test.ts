import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { customerModule } from '../../../../subgraphs/customer/index.ts';
import { pricingModule } from '../../../../subgraphs/pricing/index.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible", "@shareable"])';

const CATALOG = `${LINK}
  type Query { product: Product }
  type Product @key(fields: "id") { id: ID! variants: [ProductVariant!]! variantSkus: [ID!]! @inaccessible }
  type ProductVariant @key(fields: "sku") @key(fields: "id") { id: ID! sku: ID! product: Product! }`;

const ORDERS = `${LINK}
  type Query { order: Order }
  type Order @key(fields: "id") { id: ID! customer: Customer variant: ProductVariant! total: Money }
  type Customer @key(fields: "number", resolvable: false) { number: ID! }
  type ProductVariant @key(fields: "sku", resolvable: false) { sku: ID! }
  type Money @shareable { amount: Decimal! currencyCode: CurrencyCode! }
  scalar Decimal scalar CurrencyCode`;

describe('pricing and customer', () => {
  it('compose with a catalogue and with orders, each showing only its own fields', async () => {
    const pricing = printSubgraphSchema(await pricingModule.buildSchema());
    const customer = printSubgraphSchema(await customerModule.buildSchema());
    expect(pricing).not.toContain('type Customer');
    expect(customer).not.toContain('ProductVariant');
    const services = Object.entries({ catalog: CATALOG, orders: ORDERS, pricing, customer }).map(([name, sdl]) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) }));
    const { errors, hints, supergraphSdl } = composeServices(services);
    expect(errors ?? []).toEqual([]);
    expect((hints ?? []).map((hint) => hint.message).filter((message) => !message.includes('description'))).toEqual([]);
    expect(supergraphSdl).toMatch(/priceRange\([\s\S]*?\): PriceRange @join__field\(graph: PRICING, requires: "variantSkus"\)/);
  });
});
