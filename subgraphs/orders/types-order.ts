import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import { GraphPostalAddress } from '../graph/postal-address.ts';
import { GraphCurrencyCode, GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { GraphExchangeRate } from './money/types.ts';
import { FACT_KINDS } from './reading/timeline-fact.ts';
import type { OrderRecord } from './records.ts';

export enum GraphOrderState {
  RECEIVED = 'RECEIVED',
  ACCEPTED_BY_ERP = 'ACCEPTED_BY_ERP',
  PARTIALLY_SHIPPED = 'PARTIALLY_SHIPPED',
  SHIPPED = 'SHIPPED',
  DELIVERED = 'DELIVERED',
  CANCELLED = 'CANCELLED',
  NEEDS_ATTENTION = 'NEEDS_ATTENTION',
}

export enum GraphOrderSort {
  PLACED_NEWEST = 'PLACED_NEWEST',
  PLACED_OLDEST = 'PLACED_OLDEST',
  UPDATED_NEWEST = 'UPDATED_NEWEST',
  UPDATED_OLDEST = 'UPDATED_OLDEST',
}

registerEnumType(GraphOrderSort, { name: 'OrderSort', description: 'By when orders were placed, or something was last told of them.' });
registerEnumType(GraphOrderState, {
  name: 'OrderState',
  description: 'How far an order has come.',
  valuesConfig: {
    RECEIVED: { description: 'Stored here durably; on its way to the ERP.' },
    ACCEPTED_BY_ERP: { description: 'The ERP has a confirmed document for it.' },
    DELIVERED: { description: 'Shipped whole, and every parcel that can be followed has arrived, as its carrier says.' },
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

const KINDS = Object.entries(FACT_KINDS).map(([kind, meaning]) => `${kind}: ${meaning}`).join('; ');

@ObjectType('OrderTimelineEntry', { description: 'Something that happened to an order; told once, however often it is heard.' })
export class GraphTimelineEntry {
  @Field(() => String, { description: `What happened; more kinds may come. ${KINDS}.` })
  kind!: string;

  @Field(() => GraphDateTime, { description: 'When it happened, as far as the source tells; else when it was heard here.' })
  at!: Instant;

  @Field(() => GraphOrderState, { description: 'The order\'s state when this was noted.' })
  state!: GraphOrderState;

  @Field(() => String, { description: '"graph" for steps taken here, the connector instance that told, e.g. "erp", a carrier, or the person who did it.' })
  source!: string;

  @Field(() => String, { nullable: true, description: 'Which, or why, for people.' })
  detail!: string | null;
}

@ObjectType('OrderLine', { description: 'One position of an order.' })
export class GraphOrderLine {
  @Field(() => Int, { description: 'From 1.' })
  lineNumber!: number;

  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'Ordered now, in the variant\'s unit; zero: the line was cancelled.' })
  quantity!: Decimal;

  @Field(() => GraphQuantity, { description: 'Ordered when the order was placed, in the variant\'s unit.' })
  orderedQuantity!: Decimal;

  @Field(() => GraphPostalAddress, { nullable: true, description: 'Where this line goes; null: to the order\'s address.' })
  shipTo!: GraphPostalAddress | null;

  @Field(() => GraphQuantity, { description: 'Shipped so far. Source of truth: the ERP; as fresh as its last order or shipment message.' })
  shippedQuantity!: Decimal;

  @Field(() => GraphQuantity, { nullable: true, description: 'Set aside in the warehouse and not shipped yet. Null where the ERP does not tell. Source and freshness as above.' })
  allocatedQuantity!: Decimal | null;

  @Field(() => GraphQuantity, { description: 'In shipments that hold the rest of an earlier one and have not left. Source and freshness as above.' })
  backorderedQuantity!: Decimal;

  @Field(() => GraphQuantity, { description: 'Of what was shipped, come back. Source and freshness as above.' })
  returnedQuantity!: Decimal;
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

  @Field(() => GraphDateTime, { description: 'When something was last told of it.' })
  updatedAt!: Instant;

  @Field(() => GraphCurrencyCode, { nullable: true, description: 'Null only where the ERP tells none.' })
  currencyCode!: string | null;

  @Field(() => GraphPostalAddress, { nullable: true })
  shipTo!: GraphPostalAddress | null;

  @Field(() => GraphPostalAddress, { nullable: true, description: 'Where the invoice goes; null: the customer\'s address in the ERP.' })
  billTo!: GraphPostalAddress | null;

  @Field(() => String, { nullable: true, description: 'Carrier or shipping method the buyer chose, in the storefront\'s words.' })
  carrierCode!: string | null;

  @Field(() => GraphExchangeRate, { nullable: true, description: 'The rate the buyer was shown, where prices are kept in another currency.' })
  exchangeRate!: GraphExchangeRate | null;

  @Field(() => Boolean, { description: 'Whether prices, discounts and charges have their taxes in them.' })
  taxIncluded!: boolean;

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

@ObjectType('OrderConnection', { description: 'Orders, as they were asked for.' })
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
