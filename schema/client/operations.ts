// Made by npm run documents from the operation files; change those.
import type {
  AccountQuery,
  AccountQueryVariables,
  BasketCheckQuery,
  BasketCheckQueryVariables,
  BasketQuoteQuery,
  BasketQuoteQueryVariables,
  CancelOrderMutation,
  CancelOrderMutationVariables,
  CategoryTreeQuery,
  CategoryTreeQueryVariables,
  CheckPricesQuery,
  CheckPricesQueryVariables,
  ExtendHoldMutation,
  ExtendHoldMutationVariables,
  HoldStockMutation,
  HoldStockMutationVariables,
  OrderListQuery,
  OrderListQueryVariables,
  OrderPageQuery,
  OrderPageQueryVariables,
  OrderReturnsQuery,
  OrderReturnsQueryVariables,
  OrderUpdatedSubscription,
  OrderUpdatedSubscriptionVariables,
  PlaceOrderMutation,
  PlaceOrderMutationVariables,
  PriceChangedSubscription,
  PriceChangedSubscriptionVariables,
  ProductListQuery,
  ProductListQueryVariables,
  ProductPageQuery,
  ProductPageQueryVariables,
  ReleaseHoldMutation,
  ReleaseHoldMutationVariables,
  RequestReturnMutation,
  RequestReturnMutationVariables,
  ShipmentUpdatedSubscription,
  ShipmentUpdatedSubscriptionVariables,
  ShopLocalesQuery,
  ShopLocalesQueryVariables,
  StockChangedSubscription,
  StockChangedSubscriptionVariables,
  VariantOfferQuery,
  VariantOfferQueryVariables,
} from './types.ts';

/** An operation by its id; `Result` and `Variables` are what it answers and takes. */
export interface TrustedOperation<Result, Variables> {
  /** Give it as `documentId`. */
  readonly documentId: string;
  readonly operationName: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Carries the types only. */
  readonly answer?: (variables: Variables) => Result;
}

export const Account: TrustedOperation<AccountQuery, AccountQueryVariables> = {
  documentId: 'sha256:e798a6ee07e96df83394693f25db3bbb1c9a167398a4a089cf380837495a88e9',
  operationName: 'Account',
  kind: 'query',
};

export const BasketCheck: TrustedOperation<BasketCheckQuery, BasketCheckQueryVariables> = {
  documentId: 'sha256:d9a699c7132ab20d5e691894af6127a42b49807d3bdbc61c3ff2a0db6ce057ba',
  operationName: 'BasketCheck',
  kind: 'query',
};

export const BasketQuote: TrustedOperation<BasketQuoteQuery, BasketQuoteQueryVariables> = {
  documentId: 'sha256:a187a130aa5110f1dc4d44b9b2fc487c303270ec2e89d8892896662848041883',
  operationName: 'BasketQuote',
  kind: 'query',
};

export const CancelOrder: TrustedOperation<CancelOrderMutation, CancelOrderMutationVariables> = {
  documentId: 'sha256:436e19b0037b509e0b1bb093566f863929a8990a89f42bbf34b021749eccd188',
  operationName: 'CancelOrder',
  kind: 'mutation',
};

export const CategoryTree: TrustedOperation<CategoryTreeQuery, CategoryTreeQueryVariables> = {
  documentId: 'sha256:e6949e61eb2528edabfa2efd27e9d863db7af3c37662362ce03884185dd0eacd',
  operationName: 'CategoryTree',
  kind: 'query',
};

export const CheckPrices: TrustedOperation<CheckPricesQuery, CheckPricesQueryVariables> = {
  documentId: 'sha256:707189685406a50ab692392b6007fa4a8744508a48d6f6b5ff17999861b4f8c4',
  operationName: 'CheckPrices',
  kind: 'query',
};

export const ExtendHold: TrustedOperation<ExtendHoldMutation, ExtendHoldMutationVariables> = {
  documentId: 'sha256:42801d7e48b36f5720a1afd099c9149fab72cf32f02488ecdb725780658bb340',
  operationName: 'ExtendHold',
  kind: 'mutation',
};

export const HoldStock: TrustedOperation<HoldStockMutation, HoldStockMutationVariables> = {
  documentId: 'sha256:e5726de08082ef389d0c90587dd4dd15d771b148795cfb4748b9ca0041c1a4fa',
  operationName: 'HoldStock',
  kind: 'mutation',
};

export const OrderList: TrustedOperation<OrderListQuery, OrderListQueryVariables> = {
  documentId: 'sha256:6056f706f7753df7f3948121b086579f79b5034dfac223e0474714a3fd6b436c',
  operationName: 'OrderList',
  kind: 'query',
};

export const OrderPage: TrustedOperation<OrderPageQuery, OrderPageQueryVariables> = {
  documentId: 'sha256:1cdbfcc30cf889c8e674c798a1ecd43d72c4a34d22a4b82f557850b273e8332d',
  operationName: 'OrderPage',
  kind: 'query',
};

export const OrderReturns: TrustedOperation<OrderReturnsQuery, OrderReturnsQueryVariables> = {
  documentId: 'sha256:1e46fa8bd8e3c44f465e08aaf72af3030b17369ff17a1ba2fe66d0c30d4a246f',
  operationName: 'OrderReturns',
  kind: 'query',
};

export const OrderUpdated: TrustedOperation<OrderUpdatedSubscription, OrderUpdatedSubscriptionVariables> = {
  documentId: 'sha256:6d2743932465c2cab1412617173c9dbaf5bad1451c18d4b15bcc19d8fcfb8649',
  operationName: 'OrderUpdated',
  kind: 'subscription',
};

export const PlaceOrder: TrustedOperation<PlaceOrderMutation, PlaceOrderMutationVariables> = {
  documentId: 'sha256:36f51e0dd008e06cbd8bb246b1ca587bcd48f363172dc5fdfa3844f5ed5401df',
  operationName: 'PlaceOrder',
  kind: 'mutation',
};

export const PriceChanged: TrustedOperation<PriceChangedSubscription, PriceChangedSubscriptionVariables> = {
  documentId: 'sha256:28e884389323832e64219b5e268d84de29526ae919ec8acd7594398d15734654',
  operationName: 'PriceChanged',
  kind: 'subscription',
};

export const ProductList: TrustedOperation<ProductListQuery, ProductListQueryVariables> = {
  documentId: 'sha256:0e58102c6d46f96f5d085889bb4e929dfcca4692ff307cb42b0238ec9b3d1dfb',
  operationName: 'ProductList',
  kind: 'query',
};

export const ProductPage: TrustedOperation<ProductPageQuery, ProductPageQueryVariables> = {
  documentId: 'sha256:88379e43e82d219ebca1dac265cef94a990ab942dbea07cb16f9417691506f84',
  operationName: 'ProductPage',
  kind: 'query',
};

export const ReleaseHold: TrustedOperation<ReleaseHoldMutation, ReleaseHoldMutationVariables> = {
  documentId: 'sha256:11bff6cb978e06df6393b2a9b2395d6100bf8f8eb5ac2ab035bb56c0d42fb98f',
  operationName: 'ReleaseHold',
  kind: 'mutation',
};

export const RequestReturn: TrustedOperation<RequestReturnMutation, RequestReturnMutationVariables> = {
  documentId: 'sha256:2ff38a7ce5e5ff2a23bfe826191d37633734eca12d34ad7d7348ed479705c431',
  operationName: 'RequestReturn',
  kind: 'mutation',
};

export const ShipmentUpdated: TrustedOperation<ShipmentUpdatedSubscription, ShipmentUpdatedSubscriptionVariables> = {
  documentId: 'sha256:5b6e21c0ac1d787e0d66085e47fd936e32e10c1df442004811ec65f1fde5ca41',
  operationName: 'ShipmentUpdated',
  kind: 'subscription',
};

export const ShopLocales: TrustedOperation<ShopLocalesQuery, ShopLocalesQueryVariables> = {
  documentId: 'sha256:f878c4aa72424c681d0f2ea17172461f9cb1b9548d66d2c8976a20d8d3d8c9db',
  operationName: 'ShopLocales',
  kind: 'query',
};

export const StockChanged: TrustedOperation<StockChangedSubscription, StockChangedSubscriptionVariables> = {
  documentId: 'sha256:05217cbf28acdf71be2a97eb15e101a548f6eebc038f055732e9a3d7223ac32b',
  operationName: 'StockChanged',
  kind: 'subscription',
};

export const VariantOffer: TrustedOperation<VariantOfferQuery, VariantOfferQueryVariables> = {
  documentId: 'sha256:b0d8d0eabc2c31d8ed1f3a6b6fc787f0dcb5acf3c71b1cf3928244cb5973970a',
  operationName: 'VariantOffer',
  kind: 'query',
};
