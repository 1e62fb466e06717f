import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphCurrencyCode, GraphDate, GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';

export enum GraphChargeKind {
  SHIPPING = 'SHIPPING',
  HANDLING = 'HANDLING',
  SURCHARGE = 'SURCHARGE',
  DISCOUNT = 'DISCOUNT',
}

export enum GraphPaymentKind {
  AUTHORISED = 'AUTHORISED',
  CAPTURED = 'CAPTURED',
  GIFT_CARD = 'GIFT_CARD',
  ON_ACCOUNT = 'ON_ACCOUNT',
}

registerEnumType(GraphChargeKind, { name: 'OrderChargeKind', description: 'What an order costs, or is let off, beside its lines.' });
registerEnumType(GraphPaymentKind, {
  name: 'PaymentKind',
  description: 'How far a payment has come.',
  valuesConfig: {
    AUTHORISED: { description: 'Reserved at the payment provider, to be captured.' },
    CAPTURED: { description: 'Paid.' },
    GIFT_CARD: { description: 'Paid by stored value.' },
    ON_ACCOUNT: { description: 'To be invoiced, against the customer\'s credit limit.' },
  },
});

@ObjectType('OrderTax', { description: 'A tax as the storefront or a tax service computed it when the order was placed.' })
export class GraphOrderTax {
  @Field(() => String, { description: 'In the storefront\'s words.' })
  code!: string;

  @Field(() => GraphDecimal, { nullable: true, description: 'In percent; null where none was told.' })
  ratePercent!: Decimal | null;

  @Field(() => GraphMoney)
  amount!: Money;
}

@ObjectType('OrderCharge', { description: 'What an order costs, or is let off, beside its lines, as told when it was placed.' })
export class GraphOrderCharge {
  @Field(() => GraphChargeKind)
  kind!: string;

  @Field(() => String)
  code!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => GraphMoney, { description: 'Negative for DISCOUNT alone.' })
  amount!: Money;

  @Field(() => [GraphOrderTax], { nullable: true, description: 'Null: none was told, the ERP taxes it by its own rules.' })
  taxes!: readonly GraphOrderTax[] | null;
}

@ObjectType('OrderPayment', { description: 'One of the payments an order was placed with.' })
export class GraphOrderPayment {
  @Field(() => String, { description: 'In the storefront\'s words.' })
  methodCode!: string;

  @Field(() => GraphPaymentKind)
  kind!: string;

  @Field(() => GraphMoney)
  amount!: Money;

  @Field(() => String, { nullable: true, description: 'Reference of the payment provider or of the gift card\'s issuer. Never a card number.' })
  reference!: string | null;
}

@ObjectType('OrderTotals', { description: 'What an order comes to, in its currency. A figure that cannot be known is null.' })
export class GraphOrderTotals {
  @Field(() => GraphMoney, { nullable: true, description: 'Sum of the lines before any discount. Null where the ERP tells no prices.' })
  subtotal!: Money | null;

  @Field(() => GraphMoney, { description: 'What is let off, on lines and on the whole: not negative.' })
  discount!: Money;

  @Field(() => GraphMoney)
  shipping!: Money;

  @Field(() => GraphMoney)
  handling!: Money;

  @Field(() => GraphMoney)
  surcharge!: Money;

  @Field(() => GraphMoney, { nullable: true, description: 'What the buyer was told of tax. Null: nothing, the ERP computes it.' })
  tax!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What the buyer was told to pay. Null where the ERP tells none.' })
  total!: Money | null;
}

@ObjectType('OrderErpTotals', { description: 'What the ERP makes of the order. Source of truth: the ERP; as fresh as its last message.' })
export class GraphErpTotals {
  @Field(() => GraphMoney, { nullable: true, description: 'Tax included. Null where the ERP does not tell.' })
  total!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'The tax in it. Null where the ERP does not tell.' })
  tax!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'The ERP\'s total less ours: pennies of tax rounding, or what somebody changed there. Where nobody was told a tax, both without tax. Null where a figure is unknown.' })
  difference!: Money | null;
}

@ObjectType('ExchangeRate', { description: 'The rate an order was placed at.' })
export class GraphExchangeRate {
  @Field(() => GraphCurrencyCode)
  baseCurrencyCode!: string;

  @Field(() => GraphDecimal, { description: 'Units of the order\'s currency that one unit of the base currency was.' })
  rate!: Decimal;

  @Field(() => GraphDateTime)
  asOf!: Instant;
}

@ObjectType('RoutingHint', { description: 'Where sourcing would have a line leave from, as of the moment the order was placed. The ERP decides.' })
export class GraphRoutingHint {
  @Field(() => Int)
  lineNumber!: number;

  @Field(() => ID, { description: 'Of a kit\'s line, its component.' })
  sku!: Sku;

  @Field(() => String)
  locationCode!: string;

  @Field(() => GraphQuantity, { description: 'In the article\'s own unit.' })
  quantity!: Decimal;

  @Field(() => GraphDate, { nullable: true, description: 'The day from which it is there; null: it was there already.' })
  dueOn!: CalendarDate | null;
}
