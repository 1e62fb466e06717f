import { Field, InputType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import { MoneyInput } from '../../graph/money-input.ts';
import { GraphCurrencyCode, GraphDateTime, GraphDecimal } from '../../graph/scalars.ts';
import { GraphPaymentKind } from './types.ts';

export enum GraphAddedChargeKind {
  SHIPPING = 'SHIPPING',
  HANDLING = 'HANDLING',
  SURCHARGE = 'SURCHARGE',
}

registerEnumType(GraphAddedChargeKind, { name: 'AddedChargeKind', description: 'What an order costs beside its lines.' });

@InputType('TaxInput', { description: 'A tax as the storefront or a tax service computed it.' })
export class TaxInput {
  @Field(() => String, { description: 'In our words; the code maps say what the ERP calls it.' })
  code!: string;

  @Field(() => GraphDecimal, { nullable: true, description: 'In percent, e.g. "19"; where given, the amount must agree with it within the currency\'s smallest unit.' })
  ratePercent?: Decimal | null;

  @Field(() => MoneyInput, { description: 'Rounded to the currency\'s digits; not negative.' })
  amount!: MoneyInput;
}

@InputType('OrderChargeInput', { description: 'What the order costs beside its lines.' })
export class OrderChargeInput {
  @Field(() => GraphAddedChargeKind)
  kind!: GraphAddedChargeKind;

  @Field(() => String, { description: 'In our words, e.g. "express"; the code maps say what the ERP calls it.' })
  code!: string;

  @Field(() => String, { nullable: true, description: 'For people; at most 200 characters.' })
  description?: string | null;

  @Field(() => MoneyInput, { description: 'Not negative.' })
  amount!: MoneyInput;

  @Field(() => [TaxInput], { nullable: true, description: 'Empty: there is none. Left out: none was computed, see PlaceOrderInput.taxIncluded.' })
  taxes?: TaxInput[] | null;
}

@InputType('OrderDiscountInput', { description: 'What is let off the whole order: a voucher, a promotion.' })
export class OrderDiscountInput {
  @Field(() => String, { description: 'In our words, e.g. "WELCOME10"; the code maps say what the ERP calls it.' })
  code!: string;

  @Field(() => String, { nullable: true, description: 'For people; at most 200 characters.' })
  description?: string | null;

  @Field(() => MoneyInput, { description: 'What is let off: not negative.' })
  amount!: MoneyInput;
}

@InputType('OrderPaymentInput', { description: 'One of the order\'s payments. All of them come to its total.' })
export class OrderPaymentInput {
  @Field(() => String, { description: 'In our words, e.g. "card", "paypal", "invoice"; the code maps say what the ERP calls it.' })
  methodCode!: string;

  @Field(() => GraphPaymentKind)
  kind!: GraphPaymentKind;

  @Field(() => MoneyInput, { nullable: true, description: 'Greater than zero. May be left out of one ON_ACCOUNT payment: the rest.' })
  amount?: MoneyInput | null;

  @Field(() => String, { nullable: true, description: 'Authorisation or transaction reference of the payment provider; of a gift card its last digits or the issuer\'s reference. Never a card number.' })
  reference?: string | null;
}

@InputType('ExchangeRateInput')
export class ExchangeRateInput {
  @Field(() => GraphCurrencyCode)
  baseCurrencyCode!: string;

  @Field(() => GraphDecimal, { description: 'Units of the order\'s currency that one unit of the base currency is.' })
  rate!: Decimal;

  @Field(() => GraphDateTime, { description: 'When it was; not in the future.' })
  asOf!: Instant;
}

@InputType('ExpectedTotalsInput', { description: 'What the buyer was told. Each figure given is compared to the penny; another is refused with TOTALS_MISMATCH, showing both.' })
export class ExpectedTotalsInput {
  @Field(() => MoneyInput, { nullable: true, description: 'Sum of the lines before any discount.' })
  subtotal?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What is let off, on lines and on the whole: not negative.' })
  discount?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Sum of the charges of kind SHIPPING.' })
  shipping?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Sum of all taxes.' })
  tax?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What the buyer pays.' })
  total?: MoneyInput | null;
}
