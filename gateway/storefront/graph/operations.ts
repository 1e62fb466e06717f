import basketFile from '../../../schema/operations/basket-check.graphql';
import checkoutFile from '../../../schema/operations/checkout.graphql';
import orderFile from '../../../schema/operations/order.graphql';
import productListFile from '../../../schema/operations/product-list.graphql';
import productPageFile from '../../../schema/operations/product-page.graphql';
import subscriptionsFile from '../../../schema/operations/subscriptions.graphql';
import type { BasketLine } from '../basket/basket.ts';
import type { QuoteView, VariantOffer } from './offer-views.ts';
import type { AvailabilityView, CheckedLineView, HoldAnswer, OrderChange, OrderView, PlaceOrderAnswer, ProductListing, ProductView, ShipmentView } from './types.ts';

/** One named operation of a file; `Data` and `Variables` are what it answers and takes. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly document: string;
  /** Carries the types only. */
  readonly answer?: (variables: Variables) => Data;
}

const operation = <Data, Variables>(name: string, document: string): Operation<Data, Variables> => ({ name, document });

export interface ProductListVariables {
  readonly search: string | null;
  readonly filter: object | null;
  readonly sort: string;
  readonly first: number;
  readonly after: string | null;
  readonly wholeListing: boolean;
}

interface Skus { readonly skus: readonly string[] }
interface OneSku { readonly sku: string; readonly quantity: string }
interface OneOrder { readonly orderId: string }

export const SHOP_LOCALES = operation<{ readonly locales: readonly string[] }, Record<string, never>>('ShopLocales', productListFile);
export const PRODUCT_LIST = operation<{ readonly products: ProductListing }, ProductListVariables>('ProductList', productListFile);
export const PRODUCT_PAGE = operation<{ readonly product: ProductView | null }, { readonly handle: string }>('ProductPage', productPageFile);
export const VARIANT_OFFER = operation<{ readonly productVariant: VariantOffer | null }, OneSku>('VariantOffer', productPageFile);
export const BASKET_QUOTE = operation<{ readonly priceQuote: QuoteView }, { readonly lines: readonly BasketLine[] }>('BasketQuote', basketFile);
export const BASKET_CHECK = operation<{ readonly checkAvailability: { readonly lines: readonly CheckedLineView[] } }, { readonly lines: readonly BasketLine[]; readonly holdId: string | null }>('BasketCheck', basketFile);
export const HOLD_STOCK = operation<{ readonly holdStock: HoldAnswer }, { readonly input: object }>('HoldStock', checkoutFile);
export const RELEASE_HOLD = operation<unknown, { readonly holdId: string }>('ReleaseHold', checkoutFile);
export const PLACE_ORDER = operation<{ readonly placeOrder: PlaceOrderAnswer }, { readonly input: object }>('PlaceOrder', checkoutFile);
export const ORDER_PAGE = operation<{ readonly order: OrderView | null }, { readonly id: string }>('OrderPage', orderFile);
export const STOCK_CHANGED = operation<{ readonly stockChanged: { readonly at: string; readonly variant: { readonly sku: string }; readonly availability: AvailabilityView | null } }, Skus>('StockChanged', subscriptionsFile);
export const PRICE_CHANGED = operation<{ readonly priceChanged: { readonly at: string } }, Skus>('PriceChanged', subscriptionsFile);
export const ORDER_UPDATED = operation<{ readonly orderUpdated: { readonly order: OrderChange } }, OneOrder>('OrderUpdated', subscriptionsFile);
export const SHIPMENT_UPDATED = operation<{ readonly shipmentUpdated: { readonly shipment: ShipmentView } }, OneOrder>('ShipmentUpdated', subscriptionsFile);
