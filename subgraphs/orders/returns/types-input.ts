import { Field, ID, InputType, Int } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Disposition } from '../../../domain/returns.ts';
import { GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import type { ReturnReason } from './policy.ts';
import type { ReturnPayment, ReturnStatus } from './return-state.ts';
import { GraphDisposition, GraphReturnPayment, GraphReturnReason, GraphReturnStatus, GraphReturnWish } from './types.ts';

const KEY = 'A new one per request, e.g. a UUID. The same key with the same input does nothing more and answers the return as it is; with other input CONFLICT.';
const NOTE = 'At most 500 characters. Never a card number.';

@InputType('ReturnLineInput')
export class ReturnLineInput {
  @Field(() => Int, { description: 'Of the order. Each line once.' })
  lineNumber!: number;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit. At most what was shipped and neither came back nor is on its way back.' })
  quantity!: Decimal;

  @Field(() => GraphReturnReason)
  reason!: ReturnReason;

  @Field(() => String, { nullable: true, description: NOTE })
  note?: string | null;
}

@InputType('ReturnExchangeLineInput')
export class ReturnExchangeLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit.' })
  quantity!: Decimal;
}

@InputType('RequestReturnInput')
export class RequestReturnInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  orderId!: string;

  @Field(() => [ReturnLineInput], { description: '1 to 500.' })
  lines!: ReturnLineInput[];

  @Field(() => GraphReturnWish)
  wants!: 'REFUND' | 'EXCHANGE';

  @Field(() => [ReturnExchangeLineInput], { nullable: true, description: 'What shall come instead; required for an exchange. Ordered like any order, at its prices of that moment.' })
  exchangeLines?: ReturnExchangeLineInput[] | null;
}

@InputType('ReturnDecisionInput')
export class ReturnDecisionInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  returnId!: string;

  @Field(() => String, { nullable: true, description: `Why, for the buyer. ${NOTE}` })
  note?: string | null;
}

@InputType('ReturnStepInput')
export class ReturnStepInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  returnId!: string;
}

@InputType('ReturnReceiptLineInput')
export class ReturnReceiptLineInput {
  @Field(() => Int, { description: 'Of the order. May be named more than once, for parts that go different ways.' })
  lineNumber!: number;

  @Field(() => GraphQuantity, { description: 'Come with this receipt, in the variant\'s unit.' })
  quantity!: Decimal;

  @Field(() => GraphDisposition)
  disposition!: Disposition;

  @Field(() => String, { nullable: true, description: NOTE })
  note?: string | null;
}

@InputType('ReceiveReturnInput')
export class ReceiveReturnInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  returnId!: string;

  @Field(() => [ReturnReceiptLineInput], { description: '1 to 500.' })
  lines!: ReturnReceiptLineInput[];
}

@InputType('ReturnRefundLineInput')
export class ReturnRefundLineInput {
  @Field(() => Int)
  lineNumber!: number;

  @Field(() => GraphQuantity, { nullable: true, description: 'Default: all that came of the line and is not refunded yet.' })
  quantity?: Decimal | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Given back for the line instead of what was paid for it, in the order\'s currency; tax included, as far as the order says what tax there is. At most what was paid and is not given back yet.' })
  amount?: Decimal | null;
}

@InputType('RefundReturnInput')
export class RefundReturnInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  returnId!: string;

  @Field(() => [ReturnRefundLineInput], { nullable: true, description: 'Default: everything that came and is not refunded yet.' })
  lines?: ReturnRefundLineInput[] | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Of what delivery cost, in the order\'s currency, tax included as above.' })
  shippingRefund?: Decimal | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Taken off the refund, in the order\'s currency; no tax is reckoned in it.' })
  restockingFee?: Decimal | null;

  @Field(() => String, { nullable: true, description: 'On the credit memo; at most 200 characters. Default: the return\'s number.' })
  reason?: string | null;
}

@InputType('ReturnFilter')
export class ReturnFilterInput {
  @Field(() => GraphReturnStatus, { nullable: true })
  status?: ReturnStatus | null;

  @Field(() => GraphReturnPayment, { nullable: true, description: 'Only returns asked for here have one.' })
  payment?: ReturnPayment | null;

  @Field(() => ID, { nullable: true })
  orderId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Something of it does not come forward by itself.' })
  needsAttention?: boolean | null;
}
