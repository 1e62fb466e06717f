import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { CreditMemoRecord } from '../../../domain/returns.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import { GraphCarrierNewsKind } from '../types-shipment.ts';
import type { CarrierNewsKind } from './records.ts';

@ObjectType('CarrierNews', { description: 'What a carrier said of a parcel.' })
export class GraphCarrierNews {
  @Field(() => String)
  trackingNumber!: string;

  @Field(() => GraphCarrierNewsKind)
  kind!: CarrierNewsKind;

  @Field(() => GraphDateTime, { description: 'By the carrier\'s clock.' })
  at!: Instant;

  @Field(() => String, { nullable: true, description: 'Where it was, in the carrier\'s words.' })
  location!: string | null;

  @Field(() => String, { nullable: true, description: 'For people.' })
  detail!: string | null;
}

@InputType('RecordCarrierNewsInput')
export class RecordCarrierNewsInput {
  @Field(() => String, { description: 'One per message of the carrier, e.g. its own id. The same key with the same input changes nothing; with other input CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => String, { description: 'Letter case and spaces do not matter. One no shipment has yet is kept until one does.' })
  trackingNumber!: string;

  @Field(() => ID, { nullable: true, description: 'The shipment\'s id, where the carrier\'s number does not say which; else every one with the number.' })
  shipmentId?: string | null;

  @Field(() => GraphCarrierNewsKind)
  kind!: GraphCarrierNewsKind;

  @Field(() => GraphDateTime, { description: 'When it happened, by the carrier\'s clock; at most an hour ahead of ours.' })
  at!: Instant;

  @Field(() => String, { nullable: true, description: 'Town or depot; at most 200 characters, no addresses of people.' })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  detail?: string | null;
}

@ObjectType('CarrierNewsWarning')
export class GraphCarrierNewsWarning {
  @Field(() => String, { description: 'PARKED: no shipment has this tracking number yet; it is kept for the one that will. REPEATED: the same was brought before under another key.' })
  code!: 'PARKED' | 'REPEATED';

  @Field(() => String)
  message!: string;
}

@ObjectType('RecordCarrierNewsPayload')
export class GraphRecordCarrierNewsPayload {
  @Field(() => GraphCarrierNews, { nullable: true, description: 'As it is kept; null when it was refused.' })
  news!: GraphCarrierNews | null;

  @Field(() => [ID], { description: 'Shipments it is about, as far as they are known.' })
  shipmentIds!: readonly string[];

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphCarrierNewsWarning])
  warnings!: readonly GraphCarrierNewsWarning[];
}

export enum GraphCreditMemoState {
  DRAFT = 'DRAFT',
  POSTED = 'POSTED',
  CANCELLED = 'CANCELLED',
}

export enum GraphCreditMemoPaymentState {
  NOT_PAID = 'NOT_PAID',
  PARTLY_PAID = 'PARTLY_PAID',
  PAID = 'PAID',
}

registerEnumType(GraphCreditMemoState, { name: 'CreditMemoState', description: 'How far a credit memo has come, as the ERP says.' });
registerEnumType(GraphCreditMemoPaymentState, { name: 'CreditMemoPaymentState', description: 'Whether a credit memo\'s money has gone out or been set off, as the ERP says.' });

@ObjectType('CreditMemoLine')
export class GraphCreditMemoLine {
  @Field(() => ID, { nullable: true, description: 'Null for what is no article: shipping, a fee.' })
  sku!: Sku | null;

  @Field(() => String)
  description!: string;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit.' })
  quantity!: Decimal;
}

@ObjectType('CreditMemo', { description: 'Money given back for an order. Source of truth: the ERP; as fresh as its last credit memo message.' })
export class GraphCreditMemo {
  @Field(() => ID, { description: 'The ERP\'s own id.' })
  id!: string;

  @Field(() => String, { description: 'The ERP\'s number.' })
  number!: string;

  @Field(() => String, { nullable: true, description: 'Ours; null for those people made in the ERP.' })
  reference!: string | null;

  @Field(() => GraphCreditMemoState)
  state!: CreditMemoRecord['state'];

  @Field(() => GraphCreditMemoPaymentState)
  paymentState!: CreditMemoRecord['paymentState'];

  @Field(() => GraphDateTime, { nullable: true, description: 'When it was posted; null before, and where the ERP does not tell.' })
  postedAt!: Instant | null;
}
