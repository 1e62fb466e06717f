// Made by npm run documents from the operation files; change those.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
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

/** A document that carries the id it is trusted under. */
export type TrustedDocumentNode<Result, Variables> = TypedDocumentNode<Result, Variables> & { readonly __meta__: { readonly id: string } };

const trusted = <Result, Variables>(id: string, body: string): TrustedDocumentNode<Result, Variables> => ({ ...parse(body, { noLocation: true }), __meta__: { id } });

export const AccountDocument = /* #__PURE__ */ trusted<AccountQuery, AccountQueryVariables>(
  'e798a6ee07e96df83394693f25db3bbb1c9a167398a4a089cf380837495a88e9',
  `query Account {
  me {
    id
    number
    name
    email
    addresses {
      reference
      kind
      address {
        name
        line1
        line2
        postalCode
        city
        region
        countryCode
        __typename
      }
      __typename
    }
    company {
      id
      number
      name
      __typename
    }
    __typename
  }
}`,
);

export const BasketCheckDocument = /* #__PURE__ */ trusted<BasketCheckQuery, BasketCheckQueryVariables>(
  'd9a699c7132ab20d5e691894af6127a42b49807d3bdbc61c3ff2a0db6ce057ba',
  `query BasketCheck($lines: [BasketLineInput!]!, $holdId: ID) {
  checkAvailability(input: {lines: $lines, holdId: $holdId}) {
    lines {
      sku
      requested
      outcome {
        __typename
        ... on AvailabilityConfirmed {
          date
          basis
          __typename
        }
        ... on AvailabilityPartial {
          confirmedQuantity
          schedule {
            date
            quantity
            __typename
          }
          __typename
        }
        ... on AvailabilityRejected {
          reason
          earliestDate
          alternatives {
            date
            quantity
            location {
              name
              __typename
            }
            __typename
          }
          __typename
        }
        ... on AvailabilityUnverified {
          policy
          lastKnownQuantity
          accepted
          __typename
        }
      }
      asOf
      source
      freshness
      __typename
    }
    __typename
  }
}`,
);

export const BasketQuoteDocument = /* #__PURE__ */ trusted<BasketQuoteQuery, BasketQuoteQueryVariables>(
  'a187a130aa5110f1dc4d44b9b2fc487c303270ec2e89d8892896662848041883',
  `query BasketQuote($lines: [PriceQuoteLineInput!]!) {
  priceQuote(input: {lines: $lines}) {
    token
    subtotal {
      amount
      currencyCode
      __typename
    }
    discount {
      amount
      currencyCode
      __typename
    }
    total {
      amount
      currencyCode
      __typename
    }
    lines {
      sku
      quantity
      unitPrice {
        amount
        currencyCode
        __typename
      }
      listPrice {
        amount
        currencyCode
        __typename
      }
      lineTotal {
        amount
        currencyCode
        __typename
      }
      net {
        amount
        currencyCode
        __typename
      }
      promotions {
        code
        name
        amount {
          amount
          currencyCode
          __typename
        }
        __typename
      }
      reason
      variant {
        sku
        name
        quantityDigits
        unitCode
        options {
          name
          value
          __typename
        }
        media(first: 1) {
          url
          alt
          __typename
        }
        product {
          handle
          name
          media(first: 1) {
            url
            alt
            __typename
          }
          __typename
        }
        __typename
      }
      __typename
    }
    asOf
    source
    freshness
    __typename
  }
}`,
);

export const CancelOrderDocument = /* #__PURE__ */ trusted<CancelOrderMutation, CancelOrderMutationVariables>(
  '436e19b0037b509e0b1bb093566f863929a8990a89f42bbf34b021749eccd188',
  `mutation CancelOrder($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    order {
      id
      number
      state
      __typename
    }
    userErrors {
      code
      field
      message
      retryable
      __typename
    }
    warnings {
      code
      message
      __typename
    }
    __typename
  }
}`,
);

export const CategoryTreeDocument = /* #__PURE__ */ trusted<CategoryTreeQuery, CategoryTreeQueryVariables>(
  'e6949e61eb2528edabfa2efd27e9d863db7af3c37662362ce03884185dd0eacd',
  `query CategoryTree($parentCode: String) {
  categories(parentCode: $parentCode) {
    id
    code
    name
    children {
      id
      code
      name
      __typename
    }
    __typename
  }
}`,
);

export const CheckPricesDocument = /* #__PURE__ */ trusted<CheckPricesQuery, CheckPricesQueryVariables>(
  '707189685406a50ab692392b6007fa4a8744508a48d6f6b5ff17999861b4f8c4',
  `query CheckPrices($token: String, $lines: [ExpectedPriceLineInput!]) {
  checkPrices(input: {token: $token, lines: $lines}) {
    __typename
    ... on PricesConfirmed {
      newQuote {
        ...QuoteToOrderBy
        __typename
      }
      __typename
    }
    ... on PricesChanged {
      changes {
        line
        sku
        quoted {
          unitPrice {
            amount
            currencyCode
            __typename
          }
          net {
            amount
            currencyCode
            __typename
          }
          __typename
        }
        current {
          unitPrice {
            amount
            currencyCode
            __typename
          }
          net {
            amount
            currencyCode
            __typename
          }
          __typename
        }
        __typename
      }
      newQuote {
        ...QuoteToOrderBy
        __typename
      }
      __typename
    }
    ... on QuoteExpired {
      expiredAt
      newQuote {
        ...QuoteToOrderBy
        __typename
      }
      __typename
    }
    ... on QuoteRefused {
      reason
      message
      __typename
    }
  }
}

fragment QuoteToOrderBy on BasketPriceQuote {
  id
  token
  expiresAt
  total {
    amount
    currencyCode
    __typename
  }
  __typename
}`,
);

export const ExtendHoldDocument = /* #__PURE__ */ trusted<ExtendHoldMutation, ExtendHoldMutationVariables>(
  '42801d7e48b36f5720a1afd099c9149fab72cf32f02488ecdb725780658bb340',
  `mutation ExtendHold($holdId: ID!, $ttlSeconds: Int!) {
  extendHold(input: {holdId: $holdId, ttlSeconds: $ttlSeconds}) {
    hold {
      id
      state
      expiresAt
      __typename
    }
    userErrors {
      code
      field
      message
      retryable
      __typename
    }
    __typename
  }
}`,
);

export const HoldStockDocument = /* #__PURE__ */ trusted<HoldStockMutation, HoldStockMutationVariables>(
  'e5726de08082ef389d0c90587dd4dd15d771b148795cfb4748b9ca0041c1a4fa',
  `mutation HoldStock($input: HoldStockInput!) {
  holdStock(input: $input) {
    hold {
      id
      state
      expiresAt
      __typename
    }
    shortLines {
      sku
      requested
      available
      reason
      __typename
    }
    userErrors {
      code
      field
      message
      retryable
      __typename
    }
    __typename
  }
}`,
);

export const OrderListDocument = /* #__PURE__ */ trusted<OrderListQuery, OrderListQueryVariables>(
  '6056f706f7753df7f3948121b086579f79b5034dfac223e0474714a3fd6b436c',
  `query OrderList($first: Int!, $after: String, $filter: OrderFilter, $sort: OrderSort!) {
  orders(first: $first, after: $after, filter: $filter, sort: $sort) {
    nodes {
      id
      number
      state
      placedAt
      total {
        amount
        currencyCode
        __typename
      }
      lines {
        lineNumber
        sku
        quantity
        shippedQuantity
        variant {
          sku
          name
          media(first: 1) {
            url
            alt
            __typename
          }
          __typename
        }
        __typename
      }
      __typename
    }
    pageInfo {
      hasNextPage
      endCursor
      __typename
    }
    __typename
  }
}`,
);

export const OrderPageDocument = /* #__PURE__ */ trusted<OrderPageQuery, OrderPageQueryVariables>(
  '1cdbfcc30cf889c8e674c798a1ecd43d72c4a34d22a4b82f557850b273e8332d',
  `query OrderPage($id: ID!) {
  order(by: {id: $id}) {
    id
    number
    state
    placedAt
    total {
      amount
      currencyCode
      __typename
    }
    totals {
      subtotal {
        amount
        currencyCode
        __typename
      }
      discount {
        amount
        currencyCode
        __typename
      }
      __typename
    }
    erpOrder {
      number
      acceptedAt
      __typename
    }
    lines {
      lineNumber
      sku
      quantity
      shippedQuantity
      lineTotal {
        amount
        currencyCode
        __typename
      }
      promotions {
        code
        name
        amount {
          amount
          currencyCode
          __typename
        }
        __typename
      }
      variant {
        sku
        name
        product {
          handle
          name
          __typename
        }
        __typename
      }
      __typename
    }
    shipTo {
      name
      line1
      line2
      postalCode
      city
      region
      countryCode
      __typename
    }
    timeline {
      at
      state
      source
      detail
      __typename
    }
    shipments {
      ...ShipmentView
      __typename
    }
    __typename
  }
}

fragment ShipmentView on Shipment {
  id
  number
  state
  carrier
  shippedAt
  packages {
    trackingNumber
    trackingUrl
    __typename
  }
  lines {
    sku
    quantity
    variant {
      sku
      name
      __typename
    }
    __typename
  }
  __typename
}`,
);

export const OrderReturnsDocument = /* #__PURE__ */ trusted<OrderReturnsQuery, OrderReturnsQueryVariables>(
  '1e46fa8bd8e3c44f465e08aaf72af3030b17369ff17a1ba2fe66d0c30d4a246f',
  `query OrderReturns($orderId: ID!) {
  order(by: {id: $orderId}) {
    id
    returns {
      ...ReturnView
      __typename
    }
    __typename
  }
}

fragment ReturnView on Return {
  id
  number
  status
  requestedAt
  lines {
    lineNumber
    sku
    quantity
    received
    reason
    __typename
  }
  refunds {
    reference
    reason
    requestedAt
    expected {
      total {
        amount
        currencyCode
        __typename
      }
      __typename
    }
    __typename
  }
  __typename
}`,
);

export const OrderUpdatedDocument = /* #__PURE__ */ trusted<OrderUpdatedSubscription, OrderUpdatedSubscriptionVariables>(
  '6d2743932465c2cab1412617173c9dbaf5bad1451c18d4b15bcc19d8fcfb8649',
  `subscription OrderUpdated($orderId: ID!, $after: String) {
  orderUpdated(orderId: $orderId, after: $after) {
    cursor
    at
    order {
      id
      state
      erpOrder {
        number
        acceptedAt
        __typename
      }
      lines {
        lineNumber
        shippedQuantity
        __typename
      }
      timeline {
        at
        state
        source
        detail
        __typename
      }
      __typename
    }
    __typename
  }
}`,
);

export const PlaceOrderDocument = /* #__PURE__ */ trusted<PlaceOrderMutation, PlaceOrderMutationVariables>(
  '36f51e0dd008e06cbd8bb246b1ca587bcd48f363172dc5fdfa3844f5ed5401df',
  `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      id
      number
      state
      __typename
    }
    userErrors {
      code
      field
      message
      retryable
      __typename
    }
    warnings {
      code
      field
      message
      __typename
    }
    priceChanges {
      line
      sku
      quoted {
        unitPrice {
          amount
          currencyCode
          __typename
        }
        net {
          amount
          currencyCode
          __typename
        }
        __typename
      }
      current {
        unitPrice {
          amount
          currencyCode
          __typename
        }
        net {
          amount
          currencyCode
          __typename
        }
        __typename
      }
      __typename
    }
    __typename
  }
}`,
);

export const PriceChangedDocument = /* #__PURE__ */ trusted<PriceChangedSubscription, PriceChangedSubscriptionVariables>(
  '28e884389323832e64219b5e268d84de29526ae919ec8acd7594398d15734654',
  `subscription PriceChanged($skus: [ID!]!, $after: String) {
  priceChanged(skus: $skus, after: $after) {
    cursor
    at
    isSnapshot
    skus
    __typename
  }
}`,
);

export const ProductListDocument = /* #__PURE__ */ trusted<ProductListQuery, ProductListQueryVariables>(
  '0e58102c6d46f96f5d085889bb4e929dfcca4692ff307cb42b0238ec9b3d1dfb',
  `query ProductList($search: String, $filter: ProductFilter, $sort: ProductSort!, $first: Int!, $after: String, $wholeListing: Boolean!) {
  products(
    search: $search
    filter: $filter
    sort: $sort
    first: $first
    after: $after
  ) {
    nodes {
      id
      handle
      name
      brand
      inStock
      media(first: 1) {
        url
        alt
        __typename
      }
      priceRange {
        min {
          amount
          currencyCode
          __typename
        }
        max {
          amount
          currencyCode
          __typename
        }
        listPrices {
          min {
            amount
            currencyCode
            __typename
          }
          max {
            amount
            currencyCode
            __typename
          }
          __typename
        }
        onSale
        __typename
      }
      __typename
    }
    pageInfo {
      hasNextPage
      endCursor
      __typename
    }
    totalCount @include(if: $wholeListing)
    facets @include(if: $wholeListing) {
      kind
      code
      label
      values {
        value
        label
        count
        __typename
      }
      __typename
    }
    __typename
  }
}`,
);

export const ProductPageDocument = /* #__PURE__ */ trusted<ProductPageQuery, ProductPageQueryVariables>(
  '88379e43e82d219ebca1dac265cef94a990ab942dbea07cb16f9417691506f84',
  `query ProductPage($handle: String!) {
  product(by: {handle: $handle}) {
    id
    handle
    name
    description
    brand
    categories {
      code
      name
      __typename
    }
    attributes {
      code
      label
      value
      unit
      __typename
    }
    media(first: 10) {
      url
      alt
      mimeType
      __typename
    }
    options {
      name
      values
      __typename
    }
    variants(first: 100) {
      sku
      name
      sellable
      unitCode
      quantityDigits
      options {
        name
        value
        __typename
      }
      attributes {
        code
        label
        value
        unit
        __typename
      }
      media(first: 1) {
        url
        alt
        mimeType
        __typename
      }
      __typename
    }
    __typename
  }
}`,
);

export const ReleaseHoldDocument = /* #__PURE__ */ trusted<ReleaseHoldMutation, ReleaseHoldMutationVariables>(
  '11bff6cb978e06df6393b2a9b2395d6100bf8f8eb5ac2ab035bb56c0d42fb98f',
  `mutation ReleaseHold($holdId: ID!) {
  releaseHold(input: {holdId: $holdId}) {
    hold {
      id
      state
      __typename
    }
    userErrors {
      code
      field
      message
      __typename
    }
    __typename
  }
}`,
);

export const RequestReturnDocument = /* #__PURE__ */ trusted<RequestReturnMutation, RequestReturnMutationVariables>(
  '2ff38a7ce5e5ff2a23bfe826191d37633734eca12d34ad7d7348ed479705c431',
  `mutation RequestReturn($input: RequestReturnInput!) {
  requestReturn(input: $input) {
    return {
      ...ReturnView
      __typename
    }
    userErrors {
      code
      field
      message
      retryable
      __typename
    }
    warnings {
      code
      message
      __typename
    }
    __typename
  }
}

fragment ReturnView on Return {
  id
  number
  status
  requestedAt
  lines {
    lineNumber
    sku
    quantity
    received
    reason
    __typename
  }
  refunds {
    reference
    reason
    requestedAt
    expected {
      total {
        amount
        currencyCode
        __typename
      }
      __typename
    }
    __typename
  }
  __typename
}`,
);

export const ShipmentUpdatedDocument = /* #__PURE__ */ trusted<ShipmentUpdatedSubscription, ShipmentUpdatedSubscriptionVariables>(
  '5b6e21c0ac1d787e0d66085e47fd936e32e10c1df442004811ec65f1fde5ca41',
  `subscription ShipmentUpdated($orderId: ID!, $after: String) {
  shipmentUpdated(orderId: $orderId, after: $after) {
    cursor
    at
    shipment {
      ...ShipmentView
      __typename
    }
    __typename
  }
}

fragment ShipmentView on Shipment {
  id
  number
  state
  carrier
  shippedAt
  packages {
    trackingNumber
    trackingUrl
    __typename
  }
  lines {
    sku
    quantity
    variant {
      sku
      name
      __typename
    }
    __typename
  }
  __typename
}`,
);

export const ShopLocalesDocument = /* #__PURE__ */ trusted<ShopLocalesQuery, ShopLocalesQueryVariables>(
  'f878c4aa72424c681d0f2ea17172461f9cb1b9548d66d2c8976a20d8d3d8c9db',
  `query ShopLocales {
  locales
}`,
);

export const StockChangedDocument = /* #__PURE__ */ trusted<StockChangedSubscription, StockChangedSubscriptionVariables>(
  '05217cbf28acdf71be2a97eb15e101a548f6eebc038f055732e9a3d7223ac32b',
  `subscription StockChanged($skus: [ID!]!, $after: String) {
  stockChanged(skus: $skus, after: $after) {
    cursor
    at
    isSnapshot
    variant {
      sku
      name
      __typename
    }
    availability {
      status
      quantity
      quantityIsCapped
      schedule(days: 30) {
        date
        quantity
        __typename
      }
      byLocation {
        location {
          code
          name
          __typename
        }
        status
        quantity
        __typename
      }
      leadTimeDays
      preorderFrom
      components {
        variant {
          sku
          product {
            name
            __typename
          }
          __typename
        }
        quantityPerKit
        kits
        limits
        __typename
      }
      asOf
      source
      freshness
      __typename
    }
    __typename
  }
}`,
);

export const VariantOfferDocument = /* #__PURE__ */ trusted<VariantOfferQuery, VariantOfferQueryVariables>(
  'b0d8d0eabc2c31d8ed1f3a6b6fc787f0dcb5acf3c71b1cf3928244cb5973970a',
  `query VariantOffer($sku: ID!, $quantity: Quantity!) {
  productVariant(by: {sku: $sku}) {
    sku
    price(quantity: $quantity) {
      unitPrice {
        amount
        currencyCode
        __typename
      }
      listPrice {
        amount
        currencyCode
        __typename
      }
      lineTotal {
        amount
        currencyCode
        __typename
      }
      quantity
      promotions {
        code
        name
        amount {
          amount
          currencyCode
          __typename
        }
        __typename
      }
      advertisedAs
      asOf
      source
      freshness
      __typename
    }
    priceUnavailableReason(quantity: $quantity)
    priceShownInCart
    priceBreaks {
      minQuantity
      unitPrice {
        amount
        currencyCode
        __typename
      }
      __typename
    }
    availability {
      status
      quantity
      quantityIsCapped
      schedule(days: 30) {
        date
        quantity
        __typename
      }
      byLocation {
        location {
          code
          name
          __typename
        }
        status
        quantity
        __typename
      }
      leadTimeDays
      preorderFrom
      components {
        variant {
          sku
          product {
            name
            __typename
          }
          __typename
        }
        quantityPerKit
        kits
        limits
        __typename
      }
      asOf
      source
      freshness
      __typename
    }
    __typename
  }
}`,
);
