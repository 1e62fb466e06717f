import { Field, ID, InputType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { MoneyInput } from '../graph/money-input.ts';
import { GraphCurrencyCode, GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { ExchangeRateInput, ExpectedTotalsInput, OrderChargeInput, OrderDiscountInput, OrderPaymentInput, TaxInput } from './money/inputs.ts';
import { GraphOrderState } from './types-order.ts';

@InputType('OrderContactInput', { description: 'Whom to reach about the order. A guest order needs the e-mail.' })
export class OrderContactInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true })
  phone?: string | null;
}

@InputType('AddressInput', { description: 'A delivery address: at least country, first line and city.' })
export class AddressInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  company?: string | null;

  @Field(() => String, { nullable: true })
  line1?: string | null;

  @Field(() => String, { nullable: true })
  line2?: string | null;

  @Field(() => String, { nullable: true })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  region?: string | null;

  @Field(() => String, { nullable: true })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, e.g. "DE".' })
  countryCode?: string | null;

  @Field(() => String, { nullable: true })
  phone?: string | null;
}

@InputType('PlaceOrderLineInput', { description: 'One position. The same article twice under the same terms is refused: send one line with the sum.' })
export class PlaceOrderLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Above zero, at most one million unless configured otherwise, at most three fraction digits; counted in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: "Code of a unit it is sold in, see Availability.units; its own by default. The order, its prices and the ERP count in the variant's own unit." })
  unit?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The unit price the buyer saw; refused with PRICE_CHANGED when it is another by now.' })
  expectedUnitPrice?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Off the whole line: not negative, and not more than it comes to.' })
  discount?: MoneyInput | null;

  @Field(() => [TaxInput], { nullable: true, description: 'On the line less its discount. Empty: there is none. Left out: none was computed, see PlaceOrderInput.taxIncluded.' })
  taxes?: TaxInput[] | null;

  @Field(() => AddressInput, { nullable: true, description: 'Default: the order\'s. Refused with UNSUPPORTED where the system behind the shop sends an order to one address.' })
  shipTo?: AddressInput | null;

  @Field(() => GraphDate, { nullable: true, description: 'Delivery day asked for of this line. Default: the order\'s. Stock is reserved for the earliest day of all lines.' })
  requestedDate?: CalendarDate | null;
}

@InputType('PlaceOrderInput', { description: 'No field may hold a payment card number: such input is refused and forgotten.' })
export class PlaceOrderInput {
  @Field(() => String, { description: 'A new one per order, e.g. a UUID. The same key with the same input answers the same order; with other input CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: 'The channel\'s own number of the order; unique for ever in its channel.' })
  externalOrderId?: string | null;

  @Field(() => String, { nullable: true, description: 'Default: the caller\'s own. Services may name any customer; without one it is a guest order.' })
  customerNumber?: string | null;

  @Field(() => OrderContactInput, { nullable: true })
  contact?: OrderContactInput | null;

  @Field(() => [PlaceOrderLineInput], { description: '1 to 500.' })
  lines!: PlaceOrderLineInput[];

  @Field(() => AddressInput, { nullable: true, description: 'Default: the customer\'s address in the ERP.' })
  shipTo?: AddressInput | null;

  @Field(() => GraphDate, { nullable: true, description: 'Delivery day asked for; not in the past.' })
  requestedDate?: CalendarDate | null;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters; passed on to the ERP.' })
  note?: string | null;

  @Field(() => ID, { nullable: true, description: 'The buyer\'s own hold: the order takes its stock over.' })
  holdId?: string | null;

  @Field(() => String, { nullable: true, description: 'Authorisation reference of the payment provider, where there is one payment and no more is to be said of it; else see `payments`.' })
  paymentReference?: string | null;

  @Field(() => GraphCurrencyCode, { nullable: true, description: 'Of the order and of every amount in it. Default: the request\'s.' })
  currencyCode?: string | null;

  @Field(() => ExchangeRateInput, { nullable: true, description: 'The rate the buyer was shown, where prices are kept in another currency. Passed on, not computed with.' })
  exchangeRate?: ExchangeRateInput | null;

  @Field(() => [OrderPaymentInput], { nullable: true, description: 'Together the total, to the penny. None at all: paid otherwise, or on account where the customer has a credit limit.' })
  payments?: OrderPaymentInput[] | null;

  @Field(() => [OrderChargeInput], { nullable: true, description: 'At most 50.' })
  charges?: OrderChargeInput[] | null;

  @Field(() => [OrderDiscountInput], { nullable: true, description: 'Off the whole order; at most 50.' })
  discounts?: OrderDiscountInput[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether prices, discounts and charges have their taxes in them; default false. Where taxes are told for a part of the order, the other part has none; where none are told, the ERP computes them.' })
  taxIncluded?: boolean | null;

  @Field(() => ExpectedTotalsInput, { nullable: true, description: 'What the buyer was told the order comes to.' })
  expectedTotals?: ExpectedTotalsInput | null;

  @Field(() => String, {
    nullable: true, description: 'BasketPriceQuote.token: what the buyer was shown. Where a line costs anything else by now, or the quote has ended or is not of this buyer and these lines, the order is refused. None: the prices of now, and expectedUnitPrice where lines tell it.',
  })
  quoteToken?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where the invoice goes. Default: the customer\'s address in the ERP.' })
  billTo?: AddressInput | null;

  @Field(() => String, { nullable: true, description: 'Carrier or shipping method the buyer chose, in our words; the code maps say what the ERP calls it.' })
  carrierCode?: string | null;
}

@InputType('ExternalOrderReference')
export class ExternalOrderReference {
  @Field(() => String, { nullable: true })
  channel?: string | null;

  @Field(() => String)
  externalOrderId!: string;
}

@InputType('OrderReference', { description: 'Exactly one of the fields.' })
export class OrderReference {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => String, { nullable: true })
  number?: string | null;

  @Field(() => String, { nullable: true, description: 'The number of its document in the ERP.' })
  erpNumber?: string | null;

  @Field(() => ExternalOrderReference, { nullable: true })
  external?: ExternalOrderReference | null;
}

@InputType('OrderFilter', { description: 'Every field given must hold.' })
export class OrderFilterInput {
  @Field(() => GraphOrderState, { nullable: true, description: 'One of `states`, for short.' })
  state?: GraphOrderState | null;

  @Field(() => [GraphOrderState], { nullable: true, description: 'Any of them.' })
  states?: GraphOrderState[] | null;

  @Field(() => String, { nullable: true })
  customerNumber?: string | null;

  @Field(() => String, { nullable: true })
  companyNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'Sales channel.' })
  channel?: string | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Inclusive.' })
  placedAfter?: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive.' })
  placedBefore?: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Orders of which something was told since; inclusive.' })
  updatedAfter?: Instant | null;

  @Field(() => ID, { nullable: true, description: 'Orders with a line of it.' })
  sku?: string | null;

  @Field(() => String, {
    nullable: true, description: 'The order\'s number, whole or its first three letters and more; the ERP\'s or the channel\'s number or the contact\'s e-mail address, whole. At most 200 characters.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Orders somebody must look at; false: the others.' })
  needsAttention?: boolean | null;
}
