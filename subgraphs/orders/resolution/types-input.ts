import { Field, ID, InputType, Int } from 'type-graphql';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import { GraphDate, GraphDateTime } from '../../graph/scalars.ts';
import { AddressInput, OrderContactInput } from '../types-input.ts';

const KEY = 'A new one per deed; the same key with the same input does nothing again, with other input CONFLICT.';
const WHY = 'Why, at most 1,000 characters; the audit keeps it.';

@InputType('RetryOrderInput')
export class RetryOrderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  orderId!: string;

  @Field(() => String, { description: WHY })
  reason!: string;
}

@InputType('EditOrderPaymentInput', { description: 'What the ERP is told of a payment; its amount stays.' })
export class EditOrderPaymentInput {
  @Field(() => Int, { description: 'Position among the order\'s payments, from 0.' })
  index!: number;

  @Field(() => String, { nullable: true, description: 'Our code of the method.' })
  methodCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Reference of the payment provider. Never a card number.' })
  reference?: string | null;
}

@InputType('EditOrderLineInput', { description: 'What the ERP is told of a line; goods, quantity and price stay.' })
export class EditOrderLineInput {
  @Field(() => Int, { description: 'From 1.' })
  lineNumber!: number;

  @Field(() => ID, { nullable: true, description: 'The ERP\'s SKU in this order alone; null: what the code map says again.' })
  erpSku?: string | null;
}

@InputType('OrderEditInput', { description: 'What is left out stays; null takes it away.' })
export class OrderEditInput {
  @Field(() => AddressInput, { nullable: true })
  shipTo?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true })
  billTo?: AddressInput | null;

  @Field(() => OrderContactInput, { nullable: true })
  contact?: OrderContactInput | null;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  note?: string | null;

  @Field(() => GraphDate, { nullable: true, description: 'Delivery day asked for; not in the past.' })
  requestedDate?: CalendarDate | null;

  @Field(() => String, { nullable: true, description: 'Our code.' })
  carrierCode?: string | null;

  @Field(() => [EditOrderPaymentInput], { nullable: true })
  payments?: EditOrderPaymentInput[] | null;

  @Field(() => [EditOrderLineInput], { nullable: true })
  lines?: EditOrderLineInput[] | null;
}

@InputType('EditAndRetryOrderInput')
export class EditAndRetryOrderInput extends RetryOrderInput {
  @Field(() => OrderEditInput)
  edit!: OrderEditInput;
}

@InputType('CancelOrderWithReleaseInput')
export class CancelOrderWithReleaseInput extends RetryOrderInput {
  @Field(() => Boolean, { defaultValue: false, description: 'Where the ERP has the order after all, cancels it there too; else that is refused.' })
  alsoInErp!: boolean;
}

@InputType('SetMaintenanceWindowInput')
export class SetMaintenanceWindowInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: 'Default: the system that takes orders.' })
  system?: string | null;

  @Field(() => GraphDateTime)
  from!: Instant;

  @Field(() => GraphDateTime, { description: 'At most 14 days later.' })
  until!: Instant;

  @Field(() => String, { description: WHY })
  reason!: string;
}

@InputType('RemoveMaintenanceWindowInput')
export class RemoveMaintenanceWindowInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID)
  id!: string;
}
