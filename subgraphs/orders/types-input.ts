import { Field, ID, InputType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { GraphCurrencyCode, GraphDate, GraphDateTime, GraphDecimal, GraphQuantity } from '../graph/scalars.ts';
import { GraphOrderState } from './types-order.ts';

@InputType('MoneyInput', { description: 'An amount of one currency.' })
export class MoneyInput {
  @Field(() => GraphDecimal)
  amount!: Decimal;

  @Field(() => GraphCurrencyCode)
  currencyCode!: string;
}

@InputType('PlaceOrderLineInput')
export class PlaceOrderLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Above zero, at most one million, at most three fraction digits; counted in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: "Code of a unit it is sold in, see Availability.units; its own by default. The order, its prices and the ERP count in the variant's own unit." })
  unit?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The unit price the buyer saw; refused with PRICE_CHANGED when it is another by now.' })
  expectedUnitPrice?: MoneyInput | null;
}

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

  @Field(() => String, { nullable: true, description: 'Authorisation reference of the payment provider.' })
  paymentReference?: string | null;
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

  @Field(() => ExternalOrderReference, { nullable: true })
  external?: ExternalOrderReference | null;
}

@InputType('OrderFilter')
export class OrderFilterInput {
  @Field(() => GraphOrderState, { nullable: true })
  state?: GraphOrderState | null;

  @Field(() => String, { nullable: true })
  customerNumber?: string | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Inclusive.' })
  placedAfter?: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive.' })
  placedBefore?: Instant | null;
}
