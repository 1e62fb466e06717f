import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import { GraphPostalAddress } from '../graph/postal-address.ts';
import { GraphCurrencyCode, GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import type { OrderRecord } from './records.ts';

export enum GraphOrderState {
  RECEIVED = 'RECEIVED',
  ACCEPTED_BY_ERP = 'ACCEPTED_BY_ERP',
  PARTIALLY_SHIPPED = 'PARTIALLY_SHIPPED',
  SHIPPED = 'SHIPPED',
  CANCELLED = 'CANCELLED',
  NEEDS_ATTENTION = 'NEEDS_ATTENTION',
}

registerEnumType(GraphOrderState, {
  name: 'OrderState',
  description: 'How far an order has come.',
  valuesConfig: {
    RECEIVED: { description: 'Stored here durably; on its way to the ERP.' },
    ACCEPTED_BY_ERP: { description: 'The ERP has a confirmed document for it.' },
    NEEDS_ATTENTION: { description: 'The ERP refused it; somebody must look. The timeline says why.' },
  },
});

@ObjectType('ErpOrder', { description: 'The order\'s document in the ERP. Source of truth: the ERP.' })
export class GraphErpOrder {
  @Field(() => ID, { description: 'The ERP\'s own id.' })
  id!: string;

  @Field(() => String)
  number!: string;

  @Field(() => GraphDateTime, { nullable: true, description: 'When it was first known to be in the ERP; null while it is a draft there.' })
  acceptedAt!: Instant | null;
}

@ObjectType('OrderTimelineEntry', { description: 'A change of state of an order.' })
export class GraphTimelineEntry {
  @Field(() => GraphDateTime)
  at!: Instant;

  @Field(() => GraphOrderState)
  state!: GraphOrderState;

  @Field(() => String, { description: '"graph" for steps taken here, else the connector instance that told, e.g. "erp".' })
  source!: string;

  @Field(() => String, { nullable: true, description: 'Why, for people.' })
  detail!: string | null;
}

@ObjectType('OrderLine', { description: 'One position of an order.' })
export class GraphOrderLine {
  @Field(() => Int, { description: 'From 1.' })
  lineNumber!: number;

  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'Ordered, in the variant\'s unit.' })
  quantity!: Decimal;

  @Field(() => GraphQuantity, { description: 'Shipped so far. Source of truth: the ERP; as fresh as its last order or shipment message.' })
  shippedQuantity!: Decimal;
}

@ObjectType('OrderContact', { description: 'Whom to reach about an order.' })
export class GraphOrderContact {
  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true })
  phone!: string | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Order', {
  description: 'An order, placed here or directly in the ERP. What was ordered is stored here; state, shipments and returns follow the ERP within seconds.',
})
export class GraphOrder {
  @Field(() => String, { description: 'Of orders placed here: unique, not to be guessed, and their reference in the ERP. Of others: the ERP\'s number.' })
  number!: string;

  @Field(() => GraphOrderState)
  state!: GraphOrderState;

  @Field(() => String, { description: '"graph" for orders placed here, else the connector instance whose system it was placed in.' })
  source!: string;

  @Field(() => String, { nullable: true, description: 'Sales channel.' })
  channel!: string | null;

  @Field(() => String, { nullable: true, description: 'The channel\'s own number of the order; unique in its channel.' })
  externalOrderId!: string | null;

  @Field(() => GraphOrderContact, { nullable: true })
  contact!: GraphOrderContact | null;

  @Field(() => GraphDateTime, { description: 'When it was stored here; for orders placed in the ERP, its last change when first seen.' })
  placedAt!: Instant;

  @Field(() => GraphCurrencyCode, { nullable: true, description: 'Null only where the ERP tells none.' })
  currencyCode!: string | null;

  @Field(() => GraphPostalAddress, { nullable: true })
  shipTo!: GraphPostalAddress | null;

  @Field(() => GraphDate, { nullable: true, description: 'Delivery day asked for.' })
  requestedOn!: string | null;

  @Field(() => String, { nullable: true })
  note!: string | null;

  @Field(() => String, { nullable: true, description: 'Authorisation reference of the payment provider. Never a card number.' })
  paymentReference!: string | null;

  @Field(() => Boolean, { description: 'False when the ERP did not confirm the stock in time and the channel\'s policy took the order all the same.' })
  stockVerified!: boolean;
}

@ObjectType('OrderEdge')
export class GraphOrderEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => GraphOrder)
  node!: OrderRecord;
}

@ObjectType('OrderConnection', { description: 'Orders, newest first.' })
export class GraphOrderConnection {
  @Field(() => [GraphOrderEdge])
  edges!: readonly GraphOrderEdge[];

  @Field(() => [GraphOrder])
  nodes!: readonly OrderRecord[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;

  /** Counts only when asked. */
  count!: () => Promise<number>;
}
