import { randomUUID } from 'node:crypto';

/** Operations of the stories, as a storefront would write them. */
export const LISTING = `query ($first: Int!) { products(first: $first, sort: NAME_ASC) { totalCount nodes { code name priceRange { min { amount currencyCode } } inStock
  variants { sku sellable price { unitPrice { amount } } availability { status quantity asOf source freshness } } } } }`;

export interface Listing {
  readonly products: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly code: string;
      readonly name: string;
      readonly variants: readonly {
        readonly sku: string;
        readonly sellable: boolean;
        readonly price: { readonly unitPrice: { readonly amount: string } } | null;
        readonly availability: { readonly status: string; readonly quantity: string | null; readonly asOf: string; readonly source: string; readonly freshness: string } | null;
      }[];
    }[];
  };
}

export const PAGES = 'query ($after: String) { products(first: 100, sort: NEWEST, after: $after) { totalCount nodes { code } pageInfo { hasNextPage endCursor } } }';

export interface Pages {
  readonly products: { readonly totalCount: number; readonly nodes: readonly { readonly code: string }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };
}

export const CHECK = `query ($input: CheckAvailabilityInput!) { checkAvailability(input: $input) { lines { variant { sku } requested asOf source freshness outcome { __typename
  ... on AvailabilityConfirmed { date } ... on AvailabilityRejected { reason } ... on AvailabilityUnverified { policy accepted } } } } }`;

export interface Check {
  readonly checkAvailability: {
    readonly lines: readonly { readonly source: string; readonly freshness: string; readonly outcome: { readonly __typename: string; readonly reason?: string; readonly accepted?: boolean } }[];
  };
}

export const PLACE = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id number state total { amount currencyCode } stockVerified }
  userErrors { code field message retryable } warnings { code message } } }`;

export interface Placed {
  readonly placeOrder: {
    readonly order: { readonly id: string; readonly number: string; readonly state: string } | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[]; readonly message: string }[];
  };
}

/** A guest's order of one line. */
export const order = (sku: string, quantity: string) => ({
  idempotencyKey: randomUUID(),
  contact: { name: 'Ada Example', email: 'ada@example.com' },
  lines: [{ sku, quantity }],
  shipTo: { name: 'Ada Example', line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
});

export const SHIPMENT = `subscription ($id: ID!) { shipmentUpdated(orderId: $id) { cursor at shipment { id state carrier packages { trackingNumber trackingUrl }
  lines { sku quantity variant { sku product { name } } } order { number state } } } }`;

export interface Pushed {
  readonly data?: { readonly shipmentUpdated: { readonly shipment: { readonly state: string } } };
}

export const STOCK = `subscription ($skus: [ID!]!) { stockChanged(skus: $skus) { cursor at availability { quantity status }
  variant { sku product { name } price { unitPrice { amount } } } } }`;

export interface StockPush {
  readonly data?: { readonly stockChanged: { readonly cursor: string; readonly variant: object; readonly availability: { readonly quantity: string } } };
}

export const HOLD = 'mutation ($input: HoldStockInput!) { holdStock(input: $input) { hold { id state expiresAt } shortLines { sku requested available reason } userErrors { code field message } } }';

export interface Held {
  readonly holdStock: { readonly hold: { readonly id: string; readonly state: string } | null; readonly shortLines: readonly object[]; readonly userErrors: readonly object[] };
}

export const RELEASE = 'mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { hold { state } userErrors { code } } }';

/** Repeats an assertion until it holds; the last failure is the one reported. */
export async function eventually(assertion: () => Promise<void>, patienceMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
