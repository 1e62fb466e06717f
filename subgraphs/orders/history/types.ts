import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphCurrencyCode, GraphDateTime, GraphDecimal, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { PastState } from './past-order.ts';

export enum GraphPastState {
  ACCEPTED_BY_ERP = 'ACCEPTED_BY_ERP',
  PARTIALLY_SHIPPED = 'PARTIALLY_SHIPPED',
  SHIPPED = 'SHIPPED',
  DELIVERED = 'DELIVERED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(GraphPastState, { name: 'PastOrderState', description: 'How far an order of the time before had come.' });

@InputType('PastOrderLineInput', { description: 'A position of an order of the time before; amounts are in the order\'s currency.' })
export class PastOrderLineInput {
  @Field(() => ID, { description: 'As the source spelt it; it need not be in the catalogue any more.' })
  sku!: string;

  @Field(() => GraphQuantity)
  quantity!: Decimal;

  @Field(() => GraphDecimal)
  unitPrice!: Decimal;

  @Field(() => GraphDecimal, { description: 'Before the discount, as the source has it.' })
  lineTotal!: Decimal;

  @Field(() => GraphDecimal, { nullable: true, description: 'Off the whole line, not negative.' })
  discount?: Decimal | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Tax of the whole line; null where the source tells none per line.' })
  tax?: Decimal | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'Default: all of it where the order was shipped or delivered, else none.' })
  shippedQuantity?: Decimal | null;
}

@InputType('PastOrderInput', { description: 'An order as another system kept it. Amounts are stored as told, even where they do not add up.' })
export class PastOrderInput {
  @Field(() => String, { description: 'Unique in its source.' })
  number!: string;

  @Field(() => GraphDateTime)
  placedAt!: Instant;

  @Field(() => GraphPastState)
  state!: PastState;

  @Field(() => GraphDateTime, { nullable: true })
  shippedAt?: Instant | null;

  @Field(() => String, { nullable: true })
  channel?: string | null;

  @Field(() => String, { nullable: true, description: 'The channel\'s own number: unique for ever in its channel.' })
  externalOrderId?: string | null;

  @Field(() => String, { nullable: true, description: 'The customer of this number sees the order.' })
  customerNumber?: string | null;

  @Field(() => String, { nullable: true })
  companyNumber?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => GraphCurrencyCode)
  currencyCode!: string;

  @Field(() => GraphDecimal, { nullable: true, description: 'Charged for shipping.' })
  shipping?: Decimal | null;

  @Field(() => GraphDecimal, { nullable: true, description: 'Tax of the whole order; default: the sum of its lines\' where they have any.' })
  tax?: Decimal | null;

  @Field(() => GraphDecimal, { description: 'What was paid or invoiced, tax included.' })
  total!: Decimal;

  @Field(() => String, { nullable: true })
  note?: string | null;

  @Field(() => [PastOrderLineInput], { description: '1 to 500.' })
  lines!: PastOrderLineInput[];
}

@InputType('ImportOrdersInput', { description: 'A batch of orders of the time before. (source, number) is the key: a batch sent again changes nothing.' })
export class ImportOrdersInput {
  @Field(() => String, { description: 'The system they come from: lower-case letters, digits and "-".' })
  source!: string;

  @Field(() => [PastOrderInput], { description: 'At most 500.' })
  orders!: PastOrderInput[];
}

@ObjectType('RejectedPastOrder', { description: 'An order of the batch that was not stored. Mend and send it again; the others are stored.' })
export class GraphRejectedPastOrder {
  @Field(() => String)
  number!: string;

  @Field(() => [String], { description: 'Path of the field at fault.' })
  field!: readonly string[];

  @Field(() => String)
  message!: string;
}

@ObjectType('ImportOrdersPayload', { description: 'What became of the batch.' })
export class GraphImportOrdersPayload {
  @Field(() => Int)
  imported!: number;

  @Field(() => Int, { description: 'Stored before, as told now.' })
  unchanged!: number;

  @Field(() => [GraphRejectedPastOrder])
  rejected!: readonly GraphRejectedPastOrder[];

  @Field(() => [String], { description: 'Numbers of stored orders whose lines, shipping and tax do not sum up to their total.' })
  notAddingUp!: readonly string[];

  @Field(() => Int, { description: 'Orders of this source stored by now, all batches together.' })
  total!: number;

  @Field(() => [GraphUserError], { description: 'Why the whole batch was refused; then nothing was stored.' })
  userErrors!: readonly GraphUserError[];
}
