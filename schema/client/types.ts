// Made by npm run documents from the operation files; change those.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** What an order costs beside its lines. */
export type AddedChargeKind =
  | 'SHIPPING'
  | 'HANDLING'
  | 'SURCHARGE';

/** A delivery address: at least country, first line and city. */
export type AddressInput = {
  readonly name?: string | null | undefined;
  readonly company?: string | null | undefined;
  readonly line1?: string | null | undefined;
  readonly line2?: string | null | undefined;
  readonly city?: string | null | undefined;
  /** State or province. */
  readonly region?: string | null | undefined;
  readonly postalCode?: string | null | undefined;
  /** ISO 3166-1 alpha-2, e.g. "DE". */
  readonly countryCode?: string | null | undefined;
  readonly phone?: string | null | undefined;
};

/** What a price that is shown stands for. */
export type AdvertisedAs =
  /** It is what is charged. */
  | 'PRICE'
  /** Less is charged, and must not be advertised: this is the least that may be. The cart has the real price. */
  | 'MINIMUM_ADVERTISED';

/** Products of which the product or a variant has any of these values. */
export type AttributeFilter = {
  /** The PIM's attribute code. */
  readonly code: string;
  /** Machine values as Attribute.values and facets give them; at most 100. */
  readonly values: ReadonlyArray<string>;
};

/** Why a line cannot be had. */
export type AvailabilityRejectionReason =
  | 'OUT_OF_STOCK'
  | 'UNKNOWN_SKU'
  | 'NOT_SELLABLE'
  | 'INACTIVE'
  | 'CHANNEL_EXHAUSTED'
  | 'SPLIT_NOT_ALLOWED'
  | 'NOT_SERVED';

/** Whether a buyer can have it. */
export type AvailabilityStatus =
  /** Can be promised today. */
  | 'IN_STOCK'
  /** Can be promised today, but few are left. */
  | 'LOW_STOCK'
  /** Can be promised, but not before a day to come. */
  | 'PREORDER'
  /** None today; supply is on its way within the horizon, or it is sold by lead time. */
  | 'BACKORDER'
  /** None today and none on its way, or not for sale. */
  | 'OUT_OF_STOCK'
  /** Stock has not been read from the ERP yet. */
  | 'UNKNOWN';

export type BasketLineInput = {
  readonly sku: string;
  /** Above zero, counted in `unit`. */
  readonly quantity: string;
  /** Code of a unit it is sold in, see Availability.units; its own by default. Converted exactly: a quantity that is no exact number of its own unit is refused. */
  readonly unit?: string | null | undefined;
};

/** No field may hold a payment card number. */
export type CancelOrderInput = {
  /** A new one per change, e.g. a UUID. The same key with the same input answers the same change; with other input CONFLICT. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  /** Default: everything that has not been shipped. */
  readonly lines?: ReadonlyArray<CancelOrderLineInput> | null | undefined;
  /** At most 500 characters; kept with the change. */
  readonly reason?: string | null | undefined;
};

export type CancelOrderLineInput = {
  /** Number of the order's line. */
  readonly lineNumber: number;
  /** How many to cancel, in the variant's unit; what has not been shipped by default. */
  readonly quantity?: string | null | undefined;
};

/** What an address is used for. */
export type CustomerAddressKind =
  | 'MAIN'
  | 'DELIVERY'
  | 'INVOICE'
  | 'OTHER';

export type ExchangeRateInput = {
  readonly baseCurrencyCode: string;
  /** Units of the order's currency that one unit of the base currency is. */
  readonly rate: string;
  /** When it was; not in the future. */
  readonly asOf: string;
};

export type ExpectedPriceLineInput = {
  readonly sku: string;
  /** Above zero, counted in `unit`. */
  readonly quantity: string;
  /** The variant's own by default. */
  readonly unit?: string | null | undefined;
  /** What the buyer saw: of one of the variant's own unit. */
  readonly expectedUnitPrice: MoneyInput;
};

/** What the buyer was told. Each figure given is compared to the penny; another is refused with TOTALS_MISMATCH, showing both. */
export type ExpectedTotalsInput = {
  /** Sum of the lines before any discount. */
  readonly subtotal?: MoneyInput | null | undefined;
  /** What is let off, on lines and on the whole: not negative. */
  readonly discount?: MoneyInput | null | undefined;
  /** Sum of the charges of kind SHIPPING. */
  readonly shipping?: MoneyInput | null | undefined;
  /** Sum of all taxes. */
  readonly tax?: MoneyInput | null | undefined;
  /** What the buyer pays. */
  readonly total?: MoneyInput | null | undefined;
};

/** Which part of ProductFilter a facet's values go into. */
export type FacetKind =
  | 'CATEGORY'
  | 'BRAND'
  | 'ATTRIBUTE';

/** How fresh a figure is. */
export type Freshness =
  /** Read from the owning system for this very request. */
  | 'LIVE'
  /** From the read model, in step with the owning system as of `asOf`. */
  | 'RECENT'
  /** The owning system has been silent for longer than promised; the last known figure. */
  | 'STALE';

export type HoldStockInput = {
  /** The same key with the same content answers the same hold; with another content it is a CONFLICT. */
  readonly idempotencyKey: string;
  /** 1 to 500 lines: all are held or none, unless allowPartial. */
  readonly lines: ReadonlyArray<BasketLineInput>;
  /** Holds of each line what there is. Refused only where nothing is. */
  readonly allowPartial?: boolean;
  /** The day the goods are wanted: then those due by that day are held as well. Now, of what is there, unless given. */
  readonly requestedDate?: string | null | undefined;
  /** Only locations that serve it are drawn on; all that serve the channel, unless given. */
  readonly shipTo?: ShipToInput | null | undefined;
  /** Seconds until it expires: 10 to 86400; the channel's own unless given, 900 where nothing else is configured. */
  readonly ttlSeconds?: number | null | undefined;
  /** The caller's earlier hold, given back in the same step; kept when this one is refused. */
  readonly replacesHoldId?: string | null | undefined;
};

/** An amount of one currency. */
export type MoneyInput = {
  readonly amount: string;
  readonly currencyCode: string;
};

/** Why a variant has no price. No price is an answer; zero is not. */
export type NoPriceReason =
  | 'UNKNOWN_SKU'
  /** Nobody has set one, or it is not above zero. */
  | 'NO_LIST_PRICE'
  /** Not sold in the currency asked for. */
  | 'NO_CURRENCY'
  /** No rate of exchange to the currency asked for is known for that instant. */
  | 'MISSING_RATE'
  /** The buyer's price list, or one it is based on, is unknown, inactive or based on itself. */
  | 'UNUSABLE_PRICE_LIST'
  /** Not sold in the unit asked for. */
  | 'UNKNOWN_UNIT'
  /** The channel shows its prices to known buyers only: sign in. */
  | 'NOT_PUBLIC';

/** What the caller should see to after a change. */
export type OrderChangeWarningCode =
  | 'NOT_SETTLED_YET'
  | 'PAYMENT_TO_BE_ADJUSTED';

/** What the order costs beside its lines. */
export type OrderChargeInput = {
  readonly kind: AddedChargeKind;
  /** In our words, e.g. "express"; the code maps say what the ERP calls it. */
  readonly code: string;
  /** For people; at most 200 characters. */
  readonly description?: string | null | undefined;
  /** Not negative. */
  readonly amount: MoneyInput;
  /** Empty: there is none. Left out: none was computed, see PlaceOrderInput.taxIncluded. */
  readonly taxes?: ReadonlyArray<TaxInput> | null | undefined;
};

/** Whom to reach about the order. A guest order needs the e-mail. */
export type OrderContactInput = {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
};

/** What is let off the whole order: a voucher, a promotion. */
export type OrderDiscountInput = {
  /** In our words, e.g. "WELCOME10"; the code maps say what the ERP calls it. */
  readonly code: string;
  /** For people; at most 200 characters. */
  readonly description?: string | null | undefined;
  /** What is let off: not negative. */
  readonly amount: MoneyInput;
};

/** Every field given must hold. */
export type OrderFilter = {
  /** One of `states`, for short. */
  readonly state?: OrderState | null | undefined;
  /** Any of them. */
  readonly states?: ReadonlyArray<OrderState> | null | undefined;
  readonly customerNumber?: string | null | undefined;
  readonly companyNumber?: string | null | undefined;
  /** Sales channel. */
  readonly channel?: string | null | undefined;
  /** Inclusive. */
  readonly placedAfter?: string | null | undefined;
  /** Exclusive. */
  readonly placedBefore?: string | null | undefined;
  /** Orders of which something was told since; inclusive. */
  readonly updatedAfter?: string | null | undefined;
  /** Orders with a line of it. */
  readonly sku?: string | null | undefined;
  /** The order's number, whole or its first three letters and more; the ERP's or the channel's number or the contact's e-mail address, whole. At most 200 characters. */
  readonly search?: string | null | undefined;
  /** Orders somebody must look at; false: the others. */
  readonly needsAttention?: boolean | null | undefined;
};

/** One of the order's payments. All of them come to its total. */
export type OrderPaymentInput = {
  /** In our words, e.g. "card", "paypal", "invoice"; the code maps say what the ERP calls it. */
  readonly methodCode: string;
  readonly kind: PaymentKind;
  /** Greater than zero. May be left out of one ON_ACCOUNT payment: the rest. */
  readonly amount?: MoneyInput | null | undefined;
  /** Authorisation or transaction reference of the payment provider; of a gift card its last digits or the issuer's reference. Never a card number. */
  readonly reference?: string | null | undefined;
};

/** By when orders were placed, or something was last told of them. */
export type OrderSort =
  | 'PLACED_NEWEST'
  | 'PLACED_OLDEST'
  | 'UPDATED_NEWEST'
  | 'UPDATED_OLDEST';

/** How far an order has come. */
export type OrderState =
  /** Stored here durably; on its way to the ERP. */
  | 'RECEIVED'
  /** The ERP has a confirmed document for it. */
  | 'ACCEPTED_BY_ERP'
  | 'PARTIALLY_SHIPPED'
  | 'SHIPPED'
  /** Shipped whole, and every parcel that can be followed has arrived, as its carrier says. */
  | 'DELIVERED'
  | 'CANCELLED'
  /** The ERP refused it; somebody must look. The timeline says why. */
  | 'NEEDS_ATTENTION';

/** What the buyer should know of an order that was placed. */
export type OrderWarningCode =
  | 'STOCK_UNVERIFIED'
  | 'STOCK_BACKORDERED'
  | 'STOCK_NOT_YET_RESERVED'
  | 'CREDIT_UNVERIFIED'
  | 'TOTAL_DIFFERS'
  | 'SHIPMENTS_NOT_SPLIT'
  | 'PRICE_DIFFERS'
  | 'PRICE_UNVERIFIED';

/** How far a payment has come. */
export type PaymentKind =
  /** Reserved at the payment provider, to be captured. */
  | 'AUTHORISED'
  /** Paid. */
  | 'CAPTURED'
  /** Paid by stored value. */
  | 'GIFT_CARD'
  /** To be invoiced, against the customer's credit limit. */
  | 'ON_ACCOUNT';

/** No field may hold a payment card number: such input is refused and forgotten. */
export type PlaceOrderInput = {
  /** A new one per order, e.g. a UUID. The same key with the same input answers the same order; with other input CONFLICT. */
  readonly idempotencyKey: string;
  /** The channel's own number of the order; unique for ever in its channel. */
  readonly externalOrderId?: string | null | undefined;
  /** Default: the caller's own. Services may name any customer; without one it is a guest order. */
  readonly customerNumber?: string | null | undefined;
  readonly contact?: OrderContactInput | null | undefined;
  /** 1 to 500. */
  readonly lines: ReadonlyArray<PlaceOrderLineInput>;
  /** Default: the customer's address in the ERP. */
  readonly shipTo?: AddressInput | null | undefined;
  /** Delivery day asked for; not in the past. */
  readonly requestedDate?: string | null | undefined;
  /** At most 2,000 characters; passed on to the ERP. */
  readonly note?: string | null | undefined;
  /** The buyer's own hold: the order takes its stock over. */
  readonly holdId?: string | null | undefined;
  /** Authorisation reference of the payment provider, where there is one payment and no more is to be said of it; else see `payments`. */
  readonly paymentReference?: string | null | undefined;
  /** Of the order and of every amount in it. Default: the request's. */
  readonly currencyCode?: string | null | undefined;
  /** The rate the buyer was shown, where prices are kept in another currency. Passed on, not computed with. */
  readonly exchangeRate?: ExchangeRateInput | null | undefined;
  /** Together the total, to the penny. None at all: paid otherwise, or on account where the customer has a credit limit. */
  readonly payments?: ReadonlyArray<OrderPaymentInput> | null | undefined;
  /** At most 50. */
  readonly charges?: ReadonlyArray<OrderChargeInput> | null | undefined;
  /** Off the whole order; at most 50. */
  readonly discounts?: ReadonlyArray<OrderDiscountInput> | null | undefined;
  /** Whether prices, discounts and charges have their taxes in them; default false. Where taxes are told for a part of the order, the other part has none; where none are told, the ERP computes them. */
  readonly taxIncluded?: boolean | null | undefined;
  /** What the buyer was told the order comes to. */
  readonly expectedTotals?: ExpectedTotalsInput | null | undefined;
  /** BasketPriceQuote.token: what the buyer was shown. Where a line costs anything else by now, or the quote has ended or is not of this buyer and these lines, the order is refused. None: the prices of now, and expectedUnitPrice where lines tell it. */
  readonly quoteToken?: string | null | undefined;
  /** Where the invoice goes. Default: the customer's address in the ERP. */
  readonly billTo?: AddressInput | null | undefined;
  /** Carrier or shipping method the buyer chose, in our words; the code maps say what the ERP calls it. */
  readonly carrierCode?: string | null | undefined;
};

/** One position. The same article twice under the same terms is refused: send one line with the sum. */
export type PlaceOrderLineInput = {
  readonly sku: string;
  /** Above zero, at most one million unless configured otherwise, at most three fraction digits; counted in `unit`. */
  readonly quantity: string;
  /** Code of a unit it is sold in, see Availability.units; its own by default. The order, its prices and the ERP count in the variant's own unit. */
  readonly unit?: string | null | undefined;
  /** The unit price the buyer saw; refused with PRICE_CHANGED when it is another by now. */
  readonly expectedUnitPrice?: MoneyInput | null | undefined;
  /** Off the whole line: not negative, and not more than it comes to. */
  readonly discount?: MoneyInput | null | undefined;
  /** On the line less its discount. Empty: there is none. Left out: none was computed, see PlaceOrderInput.taxIncluded. */
  readonly taxes?: ReadonlyArray<TaxInput> | null | undefined;
  /** Default: the order's. Refused with UNSUPPORTED where the system behind the shop sends an order to one address. */
  readonly shipTo?: AddressInput | null | undefined;
  /** Delivery day asked for of this line. Default: the order's. Stock is reserved for the earliest day of all lines. */
  readonly requestedDate?: string | null | undefined;
};

export type PriceQuoteLineInput = {
  readonly sku: string;
  /** Above zero, counted in `unit`. */
  readonly quantity: string;
  /** Code of a unit it is sold in; the variant's own by default. Converted exactly. */
  readonly unit?: string | null | undefined;
};

/** Every given field must hold; within a field any value suffices. */
export type ProductFilter = {
  /** In any of these categories or below them; at most 100. */
  readonly categoryCodes?: ReadonlyArray<string> | null | undefined;
  /** At most 20. */
  readonly attributes?: ReadonlyArray<AttributeFilter> | null | undefined;
  /** Products that have one of these SKUs; at most 250. */
  readonly skus?: ReadonlyArray<string> | null | undefined;
  /** Any of these brands, spelled as Product.brand; at most 100. */
  readonly brand?: ReadonlyArray<string> | null | undefined;
};

/** Order of a listing. Ties are broken by product code, so that paging is stable. */
export type ProductSort =
  /** Exact SKU or GTIN first, then best match of the searched words; by name where nothing is searched. */
  | 'RELEVANCE'
  /** By name in the listing's locale, ignoring case and accents. */
  | 'NAME_ASC'
  /** By name in the listing's locale, backwards. */
  | 'NAME_DESC'
  /** First shown here latest. */
  | 'NEWEST';

/** What a promise rests on. */
export type PromiseBasis =
  /** Goods that are there. */
  | 'ON_HAND'
  /** Goods on their way as well. */
  | 'INCOMING'
  /** In part on nothing but the time it takes to get some, as the merchant allows. */
  | 'LEAD_TIME';

export type QuoteRefusalReason =
  /** Not a token of this deployment, or changed on its way. */
  | 'FORGED'
  /** Given to another buyer, for another location of the company, or for another channel. */
  | 'NOT_YOURS';

export type RequestReturnInput = {
  /** A new one per request, e.g. a UUID. The same key with the same input does nothing more and answers the return as it is; with other input CONFLICT. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  /** 1 to 500. */
  readonly lines: ReadonlyArray<ReturnLineInput>;
  readonly wants: ReturnWish;
  /** What shall come instead; required for an exchange. Ordered like any order, at its prices of that moment. */
  readonly exchangeLines?: ReadonlyArray<ReturnExchangeLineInput> | null | undefined;
};

export type ReturnExchangeLineInput = {
  readonly sku: string;
  /** In the variant's unit. */
  readonly quantity: string;
};

export type ReturnLineInput = {
  /** Of the order. Each line once. */
  readonly lineNumber: number;
  /** In the variant's unit. At most what was shipped and neither came back nor is on its way back. */
  readonly quantity: string;
  readonly reason: ReturnReason;
  /** At most 500 characters. Never a card number. */
  readonly note?: string | null | undefined;
};

/** Why goods come back. */
export type ReturnReason =
  | 'DEFECTIVE'
  | 'WRONG_ITEM'
  | 'NOT_AS_DESCRIBED'
  | 'NO_LONGER_WANTED'
  | 'DAMAGED_IN_TRANSIT'
  | 'OTHER';

/** How far the goods of a return have come; says nothing of the money. */
export type ReturnStatus =
  /** Asked for; somebody decides. */
  | 'REQUESTED'
  /** May be sent; its document in the ERP is on its way. */
  | 'AUTHORISED'
  | 'DECLINED'
  /** Called off here or in the ERP before anything came. */
  | 'CANCELLED'
  /** The ERP has a document and waits for the goods. */
  | 'EXPECTED'
  | 'PARTLY_RECEIVED'
  | 'RECEIVED'
  /** What has not come by now is expected no more. */
  | 'CLOSED';

/** What somebody should know of a return that was changed. */
export type ReturnWarningCode =
  /** The ERP behind the shop cannot do this: somebody does it there. */
  | 'BY_HAND'
  /** The replacement is ordered already, and stays so. */
  | 'EXCHANGE_ORDERED'
  /** The ERP alone knows the prices: its credit memo cannot be compared. */
  | 'AMOUNT_UNKNOWN';

/** What the buyer wants for the goods. The goods' value is refunded either way: the replacement is an order like any other. */
export type ReturnWish =
  | 'REFUND'
  | 'EXCHANGE';

/** How far a shipment has come, as the ERP says. */
export type ShipmentState =
  | 'PLANNED'
  | 'SHIPPED'
  | 'CANCELLED';

/** Where goods are to go, as far as it decides where they come from. */
export type ShipToInput = {
  /** ISO 3166-1 alpha-2, e.g. "US". */
  readonly countryCode: string;
  /** ISO 3166-2 without the country, e.g. "CA". */
  readonly regionCode?: string | null | undefined;
  readonly postalCode?: string | null | undefined;
};

/** What the channel does when the ERP is silent. */
export type SilencePolicy =
  /** Does not sell. */
  | 'REFUSE'
  /** Sells from the last known figure, less a safety quantity. */
  | 'LEDGER_WITH_SAFETY'
  /** Sells, to be delivered when it can. */
  | 'BACKORDER';

/** What became of a hold. */
export type StockHoldState =
  /** Reserved until it expires. */
  | 'HELD'
  /** Belongs to an order. */
  | 'COMMITTED'
  /** Given back. */
  | 'RELEASED'
  /** Its time ran out. */
  | 'EXPIRED';

/** A tax as the storefront or a tax service computed it. */
export type TaxInput = {
  /** In our words; the code maps say what the ERP calls it. */
  readonly code: string;
  /** In percent, e.g. "19"; where given, the amount must agree with it within the currency's smallest unit. */
  readonly ratePercent?: string | null | undefined;
  /** Rounded to the currency's digits; not negative. */
  readonly amount: MoneyInput;
};

/** What went wrong, in codes a program can act on. */
export type UserErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'OUT_OF_STOCK'
  | 'PRICE_CHANGED'
  | 'QUOTE_EXPIRED'
  | 'QUOTE_REFUSED'
  | 'HOLD_EXPIRED'
  | 'UNVERIFIED'
  | 'FORBIDDEN'
  | 'UPSTREAM'
  | 'TOTALS_MISMATCH'
  | 'CREDIT_REFUSED'
  | 'TOO_LATE'
  | 'UNSUPPORTED';

export type AccountQueryVariables = Exact<{ [key: string]: never; }>;


export type AccountQuery = { readonly me: { readonly __typename: 'Customer', readonly id: string, readonly number: string, readonly name: string, readonly email: string | null, readonly addresses: ReadonlyArray<{ readonly __typename: 'CustomerAddress', readonly reference: string, readonly kind: CustomerAddressKind, readonly address: { readonly __typename: 'PostalAddress', readonly name: string | null, readonly line1: string, readonly line2: string | null, readonly postalCode: string | null, readonly city: string, readonly region: string | null, readonly countryCode: string } }>, readonly company: { readonly __typename: 'Company', readonly id: string, readonly number: string, readonly name: string } | null } | null };

export type BasketCheckQueryVariables = Exact<{
  lines: ReadonlyArray<BasketLineInput> | BasketLineInput;
  holdId?: string | null | undefined;
}>;


export type BasketCheckQuery = { readonly checkAvailability: { readonly __typename: 'AvailabilityCheck', readonly lines: ReadonlyArray<{ readonly __typename: 'CheckedLine', readonly sku: string, readonly requested: string, readonly asOf: string | null, readonly source: string, readonly freshness: Freshness, readonly outcome:
        | { readonly __typename: 'AvailabilityConfirmed', readonly date: string, readonly basis: PromiseBasis }
        | { readonly __typename: 'AvailabilityPartial', readonly confirmedQuantity: string, readonly schedule: ReadonlyArray<{ readonly __typename: 'AvailabilityOnDate', readonly date: string, readonly quantity: string }> }
        | { readonly __typename: 'AvailabilityRejected', readonly reason: AvailabilityRejectionReason, readonly earliestDate: string | null, readonly alternatives: ReadonlyArray<{ readonly __typename: 'AvailabilityAlternative', readonly date: string, readonly quantity: string, readonly location: { readonly __typename: 'Location', readonly name: string } | null }> }
        | { readonly __typename: 'AvailabilityUnverified', readonly policy: SilencePolicy, readonly lastKnownQuantity: string | null, readonly accepted: boolean }
       }> } };

export type BasketQuoteQueryVariables = Exact<{
  lines: ReadonlyArray<PriceQuoteLineInput> | PriceQuoteLineInput;
}>;


export type BasketQuoteQuery = { readonly priceQuote: { readonly __typename: 'BasketPriceQuote', readonly token: string | null, readonly asOf: string, readonly source: string, readonly freshness: Freshness, readonly subtotal: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly discount: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly lines: ReadonlyArray<{ readonly __typename: 'BasketPriceLine', readonly sku: string, readonly quantity: string, readonly reason: NoPriceReason | null, readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly listPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly lineTotal: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly net: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly promotions: ReadonlyArray<{ readonly __typename: 'LinePromotion', readonly code: string, readonly name: string, readonly amount: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } }>, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null, readonly quantityDigits: number | null, readonly unitCode: string | null, readonly options: ReadonlyArray<{ readonly __typename: 'VariantOption', readonly name: string, readonly value: string }> | null, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null }> | null, readonly product: { readonly __typename: 'Product', readonly handle: string, readonly name: string, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null }> } | null } }> } };

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { readonly cancelOrder: { readonly __typename: 'ChangeOrderPayload', readonly order: { readonly __typename: 'Order', readonly id: string, readonly number: string, readonly state: OrderState } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string, readonly retryable: boolean }>, readonly warnings: ReadonlyArray<{ readonly __typename: 'OrderChangeWarning', readonly code: OrderChangeWarningCode, readonly message: string }> } };

export type CategoryTreeQueryVariables = Exact<{
  parentCode?: string | null | undefined;
}>;


export type CategoryTreeQuery = { readonly categories: ReadonlyArray<{ readonly __typename: 'Category', readonly id: string, readonly code: string, readonly name: string, readonly children: ReadonlyArray<{ readonly __typename: 'Category', readonly id: string, readonly code: string, readonly name: string }> }> };

export type CheckPricesQueryVariables = Exact<{
  token?: string | null | undefined;
  lines?: ReadonlyArray<ExpectedPriceLineInput> | ExpectedPriceLineInput | null | undefined;
}>;


export type CheckPricesQuery = { readonly checkPrices:
    | { readonly __typename: 'PricesConfirmed', readonly newQuote: { readonly __typename: 'BasketPriceQuote', readonly id: string, readonly token: string | null, readonly expiresAt: string | null, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }
    | { readonly __typename: 'PricesChanged', readonly changes: ReadonlyArray<{ readonly __typename: 'ChangedPrice', readonly line: number, readonly sku: string, readonly quoted: { readonly __typename: 'QuotedPrice', readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly net: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null }, readonly current: { readonly __typename: 'QuotedPrice', readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly net: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } | null }>, readonly newQuote: { readonly __typename: 'BasketPriceQuote', readonly id: string, readonly token: string | null, readonly expiresAt: string | null, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }
    | { readonly __typename: 'QuoteExpired', readonly expiredAt: string, readonly newQuote: { readonly __typename: 'BasketPriceQuote', readonly id: string, readonly token: string | null, readonly expiresAt: string | null, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }
    | { readonly __typename: 'QuoteRefused', readonly reason: QuoteRefusalReason, readonly message: string }
   };

export type QuoteToOrderByFragment = { readonly __typename: 'BasketPriceQuote', readonly id: string, readonly token: string | null, readonly expiresAt: string | null, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null };

export type ExtendHoldMutationVariables = Exact<{
  holdId: string;
  ttlSeconds: number;
}>;


export type ExtendHoldMutation = { readonly extendHold: { readonly __typename: 'ExtendHoldPayload', readonly hold: { readonly __typename: 'StockHold', readonly id: string, readonly state: StockHoldState, readonly expiresAt: string } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string, readonly retryable: boolean }> } };

export type HoldStockMutationVariables = Exact<{
  input: HoldStockInput;
}>;


export type HoldStockMutation = { readonly holdStock: { readonly __typename: 'HoldStockPayload', readonly hold: { readonly __typename: 'StockHold', readonly id: string, readonly state: StockHoldState, readonly expiresAt: string } | null, readonly shortLines: ReadonlyArray<{ readonly __typename: 'ShortLine', readonly sku: string, readonly requested: string, readonly available: string, readonly reason: AvailabilityRejectionReason }>, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string, readonly retryable: boolean }> } };

export type OrderListQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: OrderFilter | null | undefined;
  sort: OrderSort;
}>;


export type OrderListQuery = { readonly orders: { readonly __typename: 'OrderConnection', readonly nodes: ReadonlyArray<{ readonly __typename: 'Order', readonly id: string, readonly number: string, readonly state: OrderState, readonly placedAt: string, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly lines: ReadonlyArray<{ readonly __typename: 'OrderLine', readonly lineNumber: number, readonly sku: string, readonly quantity: string, readonly shippedQuantity: string, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null }> | null } }> }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OrderPageQueryVariables = Exact<{
  id: string;
}>;


export type OrderPageQuery = { readonly order: { readonly __typename: 'Order', readonly id: string, readonly number: string, readonly state: OrderState, readonly placedAt: string, readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly totals: { readonly __typename: 'OrderTotals', readonly subtotal: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly discount: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } } | null, readonly erpOrder: { readonly __typename: 'ErpOrder', readonly number: string, readonly acceptedAt: string | null } | null, readonly lines: ReadonlyArray<{ readonly __typename: 'OrderLine', readonly lineNumber: number, readonly sku: string, readonly quantity: string, readonly shippedQuantity: string, readonly lineTotal: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null, readonly promotions: ReadonlyArray<{ readonly __typename: 'LinePromotion', readonly code: string, readonly name: string, readonly amount: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } }>, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null, readonly product: { readonly __typename: 'Product', readonly handle: string, readonly name: string } | null } }>, readonly shipTo: { readonly __typename: 'PostalAddress', readonly name: string | null, readonly line1: string, readonly line2: string | null, readonly postalCode: string | null, readonly city: string, readonly region: string | null, readonly countryCode: string } | null, readonly timeline: ReadonlyArray<{ readonly __typename: 'OrderTimelineEntry', readonly at: string, readonly state: OrderState, readonly source: string, readonly detail: string | null }>, readonly shipments: ReadonlyArray<{ readonly __typename: 'Shipment', readonly id: string, readonly number: string, readonly state: ShipmentState, readonly carrier: string | null, readonly shippedAt: string | null, readonly packages: ReadonlyArray<{ readonly __typename: 'ShipmentPackage', readonly trackingNumber: string, readonly trackingUrl: string | null }>, readonly lines: ReadonlyArray<{ readonly __typename: 'ShipmentLine', readonly sku: string, readonly quantity: string, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null } }> }> } | null };

export type ShipmentViewFragment = { readonly __typename: 'Shipment', readonly id: string, readonly number: string, readonly state: ShipmentState, readonly carrier: string | null, readonly shippedAt: string | null, readonly packages: ReadonlyArray<{ readonly __typename: 'ShipmentPackage', readonly trackingNumber: string, readonly trackingUrl: string | null }>, readonly lines: ReadonlyArray<{ readonly __typename: 'ShipmentLine', readonly sku: string, readonly quantity: string, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null } }> };

export type OrderReturnsQueryVariables = Exact<{
  orderId: string;
}>;


export type OrderReturnsQuery = { readonly order: { readonly __typename: 'Order', readonly id: string, readonly returns: ReadonlyArray<{ readonly __typename: 'Return', readonly id: string, readonly number: string, readonly status: ReturnStatus, readonly requestedAt: string | null, readonly lines: ReadonlyArray<{ readonly __typename: 'ReturnLine', readonly lineNumber: number | null, readonly sku: string, readonly quantity: string, readonly received: string, readonly reason: ReturnReason | null }>, readonly refunds: ReadonlyArray<{ readonly __typename: 'ReturnRefund', readonly reference: string, readonly reason: string, readonly requestedAt: string, readonly expected: { readonly __typename: 'ReturnAmounts', readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }> }> } | null };

export type ReturnViewFragment = { readonly __typename: 'Return', readonly id: string, readonly number: string, readonly status: ReturnStatus, readonly requestedAt: string | null, readonly lines: ReadonlyArray<{ readonly __typename: 'ReturnLine', readonly lineNumber: number | null, readonly sku: string, readonly quantity: string, readonly received: string, readonly reason: ReturnReason | null }>, readonly refunds: ReadonlyArray<{ readonly __typename: 'ReturnRefund', readonly reference: string, readonly reason: string, readonly requestedAt: string, readonly expected: { readonly __typename: 'ReturnAmounts', readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }> };

export type OrderUpdatedSubscriptionVariables = Exact<{
  orderId: string;
  after?: string | null | undefined;
}>;


export type OrderUpdatedSubscription = { readonly orderUpdated: { readonly __typename: 'OrderUpdate', readonly cursor: string, readonly at: string, readonly order: { readonly __typename: 'Order', readonly id: string, readonly state: OrderState, readonly erpOrder: { readonly __typename: 'ErpOrder', readonly number: string, readonly acceptedAt: string | null } | null, readonly lines: ReadonlyArray<{ readonly __typename: 'OrderLine', readonly lineNumber: number, readonly shippedQuantity: string }>, readonly timeline: ReadonlyArray<{ readonly __typename: 'OrderTimelineEntry', readonly at: string, readonly state: OrderState, readonly source: string, readonly detail: string | null }> } } };

export type PlaceOrderMutationVariables = Exact<{
  input: PlaceOrderInput;
}>;


export type PlaceOrderMutation = { readonly placeOrder: { readonly __typename: 'PlaceOrderPayload', readonly order: { readonly __typename: 'Order', readonly id: string, readonly number: string, readonly state: OrderState } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string, readonly retryable: boolean }>, readonly warnings: ReadonlyArray<{ readonly __typename: 'OrderWarning', readonly code: OrderWarningCode, readonly field: ReadonlyArray<string>, readonly message: string }>, readonly priceChanges: ReadonlyArray<{ readonly __typename: 'ChangedPrice', readonly line: number, readonly sku: string, readonly quoted: { readonly __typename: 'QuotedPrice', readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly net: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null }, readonly current: { readonly __typename: 'QuotedPrice', readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly net: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } | null }> } };

export type PriceChangedSubscriptionVariables = Exact<{
  skus: ReadonlyArray<string> | string;
  after?: string | null | undefined;
}>;


export type PriceChangedSubscription = { readonly priceChanged: { readonly __typename: 'PriceChange', readonly cursor: string, readonly at: string, readonly isSnapshot: boolean, readonly skus: ReadonlyArray<string> } };

export type ProductListQueryVariables = Exact<{
  search?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  sort: ProductSort;
  first: number;
  after?: string | null | undefined;
  wholeListing: boolean;
}>;


export type ProductListQuery = { readonly products: { readonly __typename: 'ProductConnection', readonly totalCount?: number | null, readonly nodes: ReadonlyArray<{ readonly __typename: 'Product', readonly id: string, readonly handle: string, readonly name: string, readonly brand: string | null, readonly inStock: boolean | null, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null }>, readonly priceRange: { readonly __typename: 'PriceRange', readonly onSale: boolean, readonly min: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly max: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly listPrices: { readonly __typename: 'PriceBounds', readonly min: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly max: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } } | null } | null }>, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly facets?: ReadonlyArray<{ readonly __typename: 'Facet', readonly kind: FacetKind, readonly code: string, readonly label: string, readonly values: ReadonlyArray<{ readonly __typename: 'FacetValue', readonly value: string, readonly label: string, readonly count: number }> }> } };

export type ProductPageQueryVariables = Exact<{
  handle: string;
}>;


export type ProductPageQuery = { readonly product: { readonly __typename: 'Product', readonly id: string, readonly handle: string, readonly name: string, readonly description: string | null, readonly brand: string | null, readonly categories: ReadonlyArray<{ readonly __typename: 'Category', readonly code: string, readonly name: string }>, readonly attributes: ReadonlyArray<{ readonly __typename: 'Attribute', readonly code: string, readonly label: string, readonly value: string | null, readonly unit: string | null }>, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null, readonly mimeType: string }>, readonly options: ReadonlyArray<{ readonly __typename: 'ProductOption', readonly name: string, readonly values: ReadonlyArray<string> }>, readonly variants: ReadonlyArray<{ readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null, readonly sellable: boolean | null, readonly unitCode: string | null, readonly quantityDigits: number | null, readonly options: ReadonlyArray<{ readonly __typename: 'VariantOption', readonly name: string, readonly value: string }> | null, readonly attributes: ReadonlyArray<{ readonly __typename: 'Attribute', readonly code: string, readonly label: string, readonly value: string | null, readonly unit: string | null }> | null, readonly media: ReadonlyArray<{ readonly __typename: 'Media', readonly url: string, readonly alt: string | null, readonly mimeType: string }> | null }> } | null };

export type ReleaseHoldMutationVariables = Exact<{
  holdId: string;
}>;


export type ReleaseHoldMutation = { readonly releaseHold: { readonly __typename: 'ReleaseHoldPayload', readonly hold: { readonly __typename: 'StockHold', readonly id: string, readonly state: StockHoldState } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string }> } };

export type RequestReturnMutationVariables = Exact<{
  input: RequestReturnInput;
}>;


export type RequestReturnMutation = { readonly requestReturn: { readonly __typename: 'ReturnPayload', readonly return: { readonly __typename: 'Return', readonly id: string, readonly number: string, readonly status: ReturnStatus, readonly requestedAt: string | null, readonly lines: ReadonlyArray<{ readonly __typename: 'ReturnLine', readonly lineNumber: number | null, readonly sku: string, readonly quantity: string, readonly received: string, readonly reason: ReturnReason | null }>, readonly refunds: ReadonlyArray<{ readonly __typename: 'ReturnRefund', readonly reference: string, readonly reason: string, readonly requestedAt: string, readonly expected: { readonly __typename: 'ReturnAmounts', readonly total: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } | null } }> } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'UserError', readonly code: UserErrorCode, readonly field: ReadonlyArray<string>, readonly message: string, readonly retryable: boolean }>, readonly warnings: ReadonlyArray<{ readonly __typename: 'ReturnWarning', readonly code: ReturnWarningCode, readonly message: string }> } };

export type ShipmentUpdatedSubscriptionVariables = Exact<{
  orderId: string;
  after?: string | null | undefined;
}>;


export type ShipmentUpdatedSubscription = { readonly shipmentUpdated: { readonly __typename: 'ShipmentUpdate', readonly cursor: string, readonly at: string, readonly shipment: { readonly __typename: 'Shipment', readonly id: string, readonly number: string, readonly state: ShipmentState, readonly carrier: string | null, readonly shippedAt: string | null, readonly packages: ReadonlyArray<{ readonly __typename: 'ShipmentPackage', readonly trackingNumber: string, readonly trackingUrl: string | null }>, readonly lines: ReadonlyArray<{ readonly __typename: 'ShipmentLine', readonly sku: string, readonly quantity: string, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null } }> } } };

export type ShopLocalesQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopLocalesQuery = { readonly locales: ReadonlyArray<string> };

export type StockChangedSubscriptionVariables = Exact<{
  skus: ReadonlyArray<string> | string;
  after?: string | null | undefined;
}>;


export type StockChangedSubscription = { readonly stockChanged: { readonly __typename: 'StockChange', readonly cursor: string, readonly at: string, readonly isSnapshot: boolean, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly name: string | null }, readonly availability: { readonly __typename: 'Availability', readonly status: AvailabilityStatus, readonly quantity: string, readonly quantityIsCapped: boolean, readonly leadTimeDays: number | null, readonly preorderFrom: string | null, readonly asOf: string | null, readonly source: string, readonly freshness: Freshness, readonly schedule: ReadonlyArray<{ readonly __typename: 'AvailabilityOnDate', readonly date: string, readonly quantity: string }>, readonly byLocation: ReadonlyArray<{ readonly __typename: 'LocationAvailability', readonly status: AvailabilityStatus, readonly quantity: string, readonly location: { readonly __typename: 'Location', readonly code: string, readonly name: string } }>, readonly components: ReadonlyArray<{ readonly __typename: 'ComponentAvailability', readonly quantityPerKit: string, readonly kits: string, readonly limits: boolean, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly product: { readonly __typename: 'Product', readonly name: string } | null } }> | null } | null } };

export type VariantOfferQueryVariables = Exact<{
  sku: string;
  quantity: string;
}>;


export type VariantOfferQuery = { readonly productVariant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly priceUnavailableReason: NoPriceReason | null, readonly priceShownInCart: boolean | null, readonly price: { readonly __typename: 'PriceQuote', readonly quantity: string, readonly advertisedAs: AdvertisedAs, readonly asOf: string, readonly source: string, readonly freshness: Freshness, readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly listPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly lineTotal: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string }, readonly promotions: ReadonlyArray<{ readonly __typename: 'LinePromotion', readonly code: string, readonly name: string, readonly amount: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } }> } | null, readonly priceBreaks: ReadonlyArray<{ readonly __typename: 'PriceBreak', readonly minQuantity: string, readonly unitPrice: { readonly __typename: 'Money', readonly amount: string, readonly currencyCode: string } }> | null, readonly availability: { readonly __typename: 'Availability', readonly status: AvailabilityStatus, readonly quantity: string, readonly quantityIsCapped: boolean, readonly leadTimeDays: number | null, readonly preorderFrom: string | null, readonly asOf: string | null, readonly source: string, readonly freshness: Freshness, readonly schedule: ReadonlyArray<{ readonly __typename: 'AvailabilityOnDate', readonly date: string, readonly quantity: string }>, readonly byLocation: ReadonlyArray<{ readonly __typename: 'LocationAvailability', readonly status: AvailabilityStatus, readonly quantity: string, readonly location: { readonly __typename: 'Location', readonly code: string, readonly name: string } }>, readonly components: ReadonlyArray<{ readonly __typename: 'ComponentAvailability', readonly quantityPerKit: string, readonly kits: string, readonly limits: boolean, readonly variant: { readonly __typename: 'ProductVariant', readonly sku: string, readonly product: { readonly __typename: 'Product', readonly name: string } | null } }> | null } | null } | null };
