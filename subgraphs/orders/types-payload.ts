import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { ChangedPrice } from '../../domain/quotes.ts';
import { GraphChangedPrice } from '../graph/changed-price.ts';
import { GraphUserError } from '../graph/user-error.ts';
import type { OrderRecord } from './records.ts';
import { GraphOrder } from './types-order.ts';

export enum GraphOrderWarningCode {
  STOCK_UNVERIFIED = 'STOCK_UNVERIFIED',
  STOCK_BACKORDERED = 'STOCK_BACKORDERED',
  STOCK_NOT_YET_RESERVED = 'STOCK_NOT_YET_RESERVED',
  CREDIT_UNVERIFIED = 'CREDIT_UNVERIFIED',
  /** What the ERP makes of the order is not what the buyer was told; see Order.timeline. */
  TOTAL_DIFFERS = 'TOTAL_DIFFERS',
  SHIPMENTS_NOT_SPLIT = 'SHIPMENTS_NOT_SPLIT',
  /** The ERP, asked at checkout, charges another price than the order has. */
  PRICE_DIFFERS = 'PRICE_DIFFERS',
  /** The ERP was to confirm the price and did not answer. */
  PRICE_UNVERIFIED = 'PRICE_UNVERIFIED',
}

registerEnumType(GraphOrderWarningCode, { name: 'OrderWarningCode', description: 'What the buyer should know of an order that was placed.' });

@ObjectType('OrderWarning', { description: 'The order was placed, but not without a doubt.' })
export class GraphOrderWarning {
  @Field(() => GraphOrderWarningCode)
  code!: GraphOrderWarningCode;

  @Field(() => [String], { description: 'Path of the input field it is about.' })
  field!: readonly string[];

  @Field(() => String)
  message!: string;
}

@ObjectType('PlaceOrderPayload', { description: 'Either an order or userErrors. Repeating the request with its key gives the same answer.' })
export class GraphPlaceOrderPayload {
  @Field(() => GraphOrder, { nullable: true })
  order!: OrderRecord | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphOrderWarning])
  warnings!: readonly GraphOrderWarning[];

  @Field(() => [GraphChangedPrice], { description: 'Of each PRICE_CHANGED among the userErrors both prices.' })
  priceChanges!: readonly ChangedPrice[];
}
