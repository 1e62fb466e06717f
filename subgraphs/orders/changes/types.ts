import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { OrderRecord } from '../records.ts';
import { AddressInput } from '../types-input.ts';
import { GraphOrder } from '../types-order.ts';
import type { ChangeRecord } from './records.ts';

export enum GraphOrderChangeState {
  REQUESTED = 'REQUESTED',
  APPLIED = 'APPLIED',
  PARTLY_APPLIED = 'PARTLY_APPLIED',
  REFUSED = 'REFUSED',
  WITHDRAWN = 'WITHDRAWN',
}

registerEnumType(GraphOrderChangeState, {
  name: 'OrderChangeState',
  description: 'What became of a change. Never APPLIED before the ERP\'s own document shows it.',
  valuesConfig: {
    REQUESTED: { description: 'On its way: the ERP has not said yet. `orderUpdated` tells when it has.' },
    PARTLY_APPLIED: { description: 'Some of it: `lines` say what, `explanation` why not the rest.' },
    REFUSED: { description: 'Nothing was changed.' },
    WITHDRAWN: { description: 'The order was over before it could be tried.' },
  },
});

export enum GraphOrderChangeRefusal {
  PICKING_STARTED = 'PICKING_STARTED',
  SHIPPED = 'SHIPPED',
  CANCELLED = 'CANCELLED',
  IN_ERP = 'IN_ERP',
  UNSUPPORTED = 'UNSUPPORTED',
  OTHER = 'OTHER',
}

registerEnumType(GraphOrderChangeRefusal, {
  name: 'OrderChangeRefusal',
  description: 'Why a change, or a part of it, could not be had.',
  valuesConfig: {
    PICKING_STARTED: { description: 'The warehouse had begun with the goods. Return them instead.' },
    SHIPPED: { description: 'The goods had left. Return them instead.' },
    CANCELLED: { description: 'The order was cancelled already.' },
    IN_ERP: { description: 'The channel allows changes only before the ERP has the order.' },
    UNSUPPORTED: { description: 'The ERP takes no such change from outside.' },
    OTHER: { description: 'The ERP said no for a reason of its own.' },
  },
});

@ObjectType('OrderChangeLine', { description: 'A line a change is about.' })
export class GraphOrderChangeLine {
  @Field(() => Int, { description: 'Number of the order\'s line.' })
  lineNumber!: number;

  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'Ordered before, in the variant\'s unit.' })
  from!: Decimal;

  @Field(() => GraphQuantity, { description: 'Asked for; 0: cancelled.' })
  to!: Decimal;

  @Field(() => GraphQuantity, { nullable: true, description: 'Ordered after, by the ERP\'s document where it has the order; null while the change is on its way.' })
  applied!: Decimal | null;
}

@ObjectType('OrderChange', { description: 'A change asked for after an order was placed, and what became of it.' })
export class GraphOrderChange {
  @Field(() => GraphOrderChangeState)
  state!: GraphOrderChangeState;

  @Field(() => GraphDateTime)
  requestedAt!: Instant;

  @Field(() => GraphDateTime, { nullable: true, description: 'When it was known what became of it.' })
  settledAt!: Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was asked for, as told.' })
  reason!: string | null;

  @Field(() => GraphOrderChangeRefusal, { nullable: true, description: 'Why not, or not all of it.' })
  refusal!: GraphOrderChangeRefusal | null;

  @Field(() => String, { nullable: true, description: 'The same for people, e.g. "3 of 5 A are picked (14:02 UTC, WH/OUT/00012); they will be shipped: return them instead".' })
  explanation!: string | null;
}

export enum GraphOrderChangeWarningCode {
  NOT_SETTLED_YET = 'NOT_SETTLED_YET',
  PAYMENT_TO_BE_ADJUSTED = 'PAYMENT_TO_BE_ADJUSTED',
}

registerEnumType(GraphOrderChangeWarningCode, { name: 'OrderChangeWarningCode', description: 'What the caller should see to after a change.' });

@ObjectType('OrderChangeWarning')
export class GraphOrderChangeWarning {
  @Field(() => GraphOrderChangeWarningCode)
  code!: GraphOrderChangeWarningCode;

  @Field(() => String, { description: 'For people.' })
  message!: string;
}

@ObjectType('ChangeOrderPayload', { description: 'What became of a change. Repeating the request with its key gives the same answer, as far as it is known by then.' })
export class GraphChangeOrderPayload {
  @Field(() => GraphOrderChange, { nullable: true, description: 'Null where nothing was taken up: userErrors say why.' })
  change!: ChangeRecord | null;

  @Field(() => GraphOrder, { nullable: true, description: 'The order as it is now.' })
  order!: OrderRecord | null;

  @Field(() => [GraphUserError], { description: 'Why nothing was changed.' })
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphOrderChangeWarning])
  warnings!: readonly GraphOrderChangeWarning[];
}

@InputType('CancelOrderLineInput')
export class CancelOrderLineInput {
  @Field(() => Int, { description: 'Number of the order\'s line.' })
  lineNumber!: number;

  @Field(() => GraphQuantity, { nullable: true, description: 'How many to cancel, in the variant\'s unit; what has not been shipped by default.' })
  quantity?: Decimal | null;
}

@InputType('CancelOrderInput', { description: 'No field may hold a payment card number.' })
export class CancelOrderInput {
  @Field(() => String, { description: 'A new one per change, e.g. a UUID. The same key with the same input answers the same change; with other input CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => ID)
  orderId!: string;

  @Field(() => [CancelOrderLineInput], { nullable: true, description: 'Default: everything that has not been shipped.' })
  lines?: CancelOrderLineInput[] | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters; kept with the change.' })
  reason?: string | null;
}

@InputType('AmendOrderLineInput')
export class AmendOrderLineInput {
  @Field(() => Int, { description: 'Number of the order\'s line.' })
  lineNumber!: number;

  @Field(() => GraphQuantity, { description: 'How many are wanted from now on, in the variant\'s unit; 0 cancels the line. More is taken at the order\'s price, or not at all.' })
  quantity!: Decimal;
}

@InputType('AmendOrderInput', { description: 'At least one of lines, shipTo and requestedDate. No field may hold a payment card number.' })
export class AmendOrderInput {
  @Field(() => String, { description: 'A new one per change, e.g. a UUID. The same key with the same input answers the same change; with other input CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => ID)
  orderId!: string;

  @Field(() => [AmendOrderLineInput], { nullable: true, description: 'Lines that change; the others stay.' })
  lines?: AmendOrderLineInput[] | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where the order shall go instead; lines with an address of their own keep it.' })
  shipTo?: AddressInput | null;

  @Field(() => GraphDate, { nullable: true, description: 'Delivery day asked for, not in the past; null: none any more. Left out: as it is.' })
  requestedDate?: CalendarDate | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters; kept with the change.' })
  reason?: string | null;
}
