import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { keyFromGlobalId } from '../../domain/ids.ts';
import { PRODUCT_PAGE } from './product-page-operation.ts';

/** What a storefront would fill its operations with. */
export interface Shopped {
  readonly handle: string;
  readonly skus: readonly string[];
  /** Known after PlaceOrder and HoldStock have run. */
  orderId?: string;
  holdId?: string;
  /** Known after BasketQuote has run. */
  quoteToken?: string;
}

export interface OperationCase {
  readonly source: string;
  readonly name: string;
  readonly kind: string;
  readonly variables: (shop: Shopped) => Readonly<Record<string, unknown>>;
  /** A subscription's event. */
  readonly event?: (shop: Shopped) => unknown;
  /** Notes what later operations need. */
  readonly learn?: (data: never, shop: Shopped) => void;
}

const DIRECTORY = new URL('../../schema/operations/', import.meta.url);
const lines = ({ skus }: Shopped) => skus.map((sku) => ({ sku, quantity: '1' }));
const at = '2026-01-01T00:00:00.000Z';
const orderEvent = (type: string) => ({ orderId }: Shopped) => ({ type, cursor: '0', at, orderId: keyFromGlobalId('Order', orderId!), shipmentId: 'none', owner: 'bench' });

type Filling = Omit<OperationCase, 'source' | 'name' | 'kind'>;

/** By operation name. An operation without an entry is reported as missing: it would go unmeasured. */
const FILLINGS: Readonly<Record<string, Filling>> = {
  ShopLocales: { variables: () => ({}) },
  ProductList: { variables: () => ({ sort: 'NAME_ASC', first: 24, wholeListing: true }) },
  ProductPage: { variables: ({ handle }) => ({ handle }) },
  VariantOffer: { variables: ({ skus }) => ({ sku: skus[0], quantity: '2' }) },
  CategoryTree: { variables: () => ({}) },
  BasketQuote: {
    variables: (shop) => ({ lines: lines(shop) }),
    learn: (data: { priceQuote: { token: string } }, shop) => void (shop.quoteToken = data.priceQuote.token),
  },
  CheckPrices: { variables: ({ quoteToken }) => ({ token: quoteToken }) },
  BasketCheck: { variables: (shop) => ({ lines: lines(shop) }) },
  HoldStock: {
    variables: (shop) => ({ input: { idempotencyKey: randomUUID(), lines: lines(shop) } }),
    learn: (data: { holdStock: { hold: { id: string } } }, shop) => void (shop.holdId = data.holdStock.hold.id),
  },
  ExtendHold: { variables: ({ holdId }) => ({ holdId, ttlSeconds: 600 }) },
  ReleaseHold: { variables: ({ holdId }) => ({ holdId }) },
  PlaceOrder: {
    variables: (shop) => ({ input: {
      idempotencyKey: randomUUID(), contact: { name: 'Ada Example', email: 'ada@example.com' }, lines: lines(shop),
      shipTo: { name: 'Ada Example', line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' },
    } }),
    learn: (data: { placeOrder: { order: { id: string } } }, shop) => void (shop.orderId = data.placeOrder.order.id),
  },
  OrderPage: { variables: ({ orderId }) => ({ id: orderId }) },
  OrderList: { variables: () => ({ first: 10, sort: 'PLACED_NEWEST' }) },
  OrderReturns: { variables: ({ orderId }) => ({ orderId }) },
  Account: { variables: () => ({}) },
  StockChanged: { variables: ({ skus }) => ({ skus }), event: ({ skus }) => ({ type: 'stock.changed', cursor: '0', at, sku: skus[0], locationCodes: [] }) },
  PriceChanged: { variables: ({ skus }) => ({ skus }), event: ({ skus }) => ({ type: 'price.changed', cursor: '0', at, sku: skus[0], priceListCode: null }) },
  OrderUpdated: { variables: ({ orderId }) => ({ orderId }), event: orderEvent('order.changed') },
  CancelOrder: { variables: ({ orderId }) => ({ input: { idempotencyKey: randomUUID(), orderId } }) },
};

/** Need a shipment of the ERP, which only a warehouse makes; their selections are those of OrderPage's shipments and OrderReturns. */
const NEEDS_SHIPMENT = new Set(['ShipmentUpdated', 'RequestReturn']);

const LISTING_OF_24 = `query ListingOf24 { products(first: 24, sort: NAME_ASC) { totalCount nodes { code name priceRange { min { amount } max { amount } } inStock
  media(first: 1) { url alt } variants { sku price { unitPrice { amount currencyCode } } availability { status quantity } } } } }`;

/** The storefront's own operations, the product page of the figures and a listing of 24. Orders before what needs one. */
export function readCases(): { readonly cases: readonly OperationCase[]; readonly missing: readonly string[] } {
  const sources = readdirSync(DIRECTORY).filter((file) => file.endsWith('.graphql')).map((file) => readFileSync(new URL(file, DIRECTORY), 'utf8'));
  const found = sources.flatMap((source) => operationsOf(source).filter(({ name }) => !NEEDS_SHIPMENT.has(name)).map((operation) => ({ source, ...operation })));
  const own = found.flatMap((operation) => (FILLINGS[operation.name] ? [{ ...operation, ...FILLINGS[operation.name]! }] : []));
  const order = Object.keys(FILLINGS);
  return {
    cases: [
      { source: PRODUCT_PAGE, name: 'ProductPage', kind: 'query, of the figures', variables: ({ handle }) => ({ handle }) },
      { source: LISTING_OF_24, name: 'ListingOf24', kind: 'query', variables: () => ({}) },
      ...own.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    ],
    missing: found.filter(({ name }) => !FILLINGS[name]).map(({ name }) => name),
  };
}

const operationsOf = (source: string): { name: string; kind: string }[] =>
  parse(source, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [{ name: definition.name?.value ?? '', kind: definition.operation }] : []);
