const PRODUCTS = `# The graph: catalogue, stock, prices, customers and orders in one question.
# Run it with Ctrl-Enter; change the language in the headers below.
query Products {
  products(search: "tent", first: 5) {
    totalCount
    nodes {
      name
      handle
      priceRange {
        min { amount currencyCode }
      }
      variants(first: 3) {
        sku
        price(quantity: "10") {
          unitPrice { amount currencyCode }
          priceListCode
        }
        availability {
          status
          quantity
          asOf
          freshness
        }
      }
    }
  }
}
`;

const STOCK = `# Watch stock change: run this, then  npm run sandbox -- receive TNT-ALD 5
subscription Stock($skus: [ID!]! = ["TNT-ALD"]) {
  stockChanged(skus: $skus) {
    at
    variant { sku name }
    availability { status quantity asOf }
  }
}
`;

export const DEFAULT_HEADERS = JSON.stringify({ 'x-locale': 'en_US' }, null, 2);

/** What a newcomer finds open: a question over several subgraphs, and a subscription to watch. */
export const DEFAULT_TABS = [PRODUCTS, STOCK].map((query) => ({ query, headers: DEFAULT_HEADERS }));
