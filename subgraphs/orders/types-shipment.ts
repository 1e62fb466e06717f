import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import type { OrderRecord, ShipmentRow } from './records.ts';
import { GraphOrder } from './types-order.ts';

export enum GraphShipmentState {
  PLANNED = 'PLANNED',
  SHIPPED = 'SHIPPED',
  CANCELLED = 'CANCELLED',
}

export enum GraphReturnState {
  EXPECTED = 'EXPECTED',
  RECEIVED = 'RECEIVED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(GraphShipmentState, { name: 'ShipmentState', description: 'How far a shipment has come, as the ERP says.' });
registerEnumType(GraphReturnState, { name: 'ReturnState', description: 'How far a return has come, as the ERP says.' });

@ObjectType('ShipmentPackage', { description: 'A package with its tracking.' })
export class GraphShipmentPackage {
  @Field(() => String)
  trackingNumber!: string;

  @Field(() => String, { nullable: true, description: 'Where the carrier tells where it is.' })
  trackingUrl!: string | null;
}

@ObjectType('ShipmentLine', { description: 'What of a SKU is in a shipment or return.' })
export class GraphShipmentLine {
  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit.' })
  quantity!: Decimal;
}

@Directive('@key(fields: "id")')
@ObjectType('Shipment', { description: 'Goods going out for an order. Source of truth: the ERP; pushed within seconds of its change there.' })
export class GraphShipment {
  @Field(() => String, { description: 'The ERP\'s number.' })
  number!: string;

  @Field(() => GraphShipmentState)
  state!: GraphShipmentState;

  @Field(() => String, { nullable: true })
  carrier!: string | null;

  @Field(() => [GraphShipmentLine])
  lines!: readonly GraphShipmentLine[];

  @Field(() => GraphDateTime, { nullable: true, description: 'When the goods left; null before.' })
  shippedAt!: Instant | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Return', { description: 'Goods coming back from an order. Source of truth: the ERP.' })
export class GraphReturn {
  @Field(() => String, { description: 'The ERP\'s number.' })
  number!: string;

  @Field(() => [GraphShipmentLine])
  lines!: readonly GraphShipmentLine[];
}

@ObjectType('ShipmentUpdate', { description: 'A shipment came to be or changed.' })
export class GraphShipmentUpdate {
  @Field(() => String, { description: 'Resume from here after a broken connection.' })
  cursor!: string;

  @Field(() => GraphDateTime)
  at!: Instant;

  @Field(() => GraphShipment, { description: 'As it is now: later changes may show already.' })
  shipment!: ShipmentRow;
}

@ObjectType('OrderUpdate', { description: 'An order changed: its state, what was shipped, its document in the ERP.' })
export class GraphOrderUpdate {
  @Field(() => String, { description: 'Resume from here after a broken connection.' })
  cursor!: string;

  @Field(() => GraphDateTime)
  at!: Instant;

  @Field(() => GraphOrder, { description: 'As it is now: later changes may show already.' })
  order!: OrderRecord;
}
