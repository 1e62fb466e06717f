import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import type { CarrierNewsKind } from './following/records.ts';
import type { OrderRecord, ShipmentRow } from './records.ts';
import { GraphOrder } from './types-order.ts';

export enum GraphShipmentState {
  PLANNED = 'PLANNED',
  SHIPPED = 'SHIPPED',
  CANCELLED = 'CANCELLED',
}

export enum GraphCarrierNewsKind {
  PICKED_UP = 'PICKED_UP',
  IN_TRANSIT = 'IN_TRANSIT',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
}

registerEnumType(GraphCarrierNewsKind, {
  name: 'CarrierNewsKind',
  description: 'What a carrier says of a parcel.',
  valuesConfig: { FAILED: { description: 'It could not be handed over; it is tried again or comes back.' } },
});
registerEnumType(GraphShipmentState, { name: 'ShipmentState', description: 'How far a shipment has come, as the ERP says.' });

@ObjectType('PackageTracking', { description: 'A number under which a carrier can be asked for a parcel.' })
export class GraphPackageTracking {
  @Field(() => String)
  trackingNumber!: string;

  @Field(() => String, { nullable: true, description: 'Where the carrier tells where it is: as the ERP says, else made from the carrier\'s pattern in the code maps.' })
  trackingUrl!: string | null;
}

@ObjectType('ShipmentPackageLine', { description: 'What of a SKU is in a parcel.' })
export class GraphShipmentPackageLine {
  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit.' })
  quantity!: Decimal;
}

@ObjectType('ShipmentLine', { description: 'What of a SKU is in a shipment or return.' })
export class GraphShipmentLine {
  @Field(() => ID)
  sku!: Sku;

  @Field(() => GraphQuantity, { description: 'In the variant\'s unit.' })
  quantity!: Decimal;
}

@ObjectType('ShipmentPackage', {
  description: 'A parcel. Contents and numbers as the ERP says; where it knows no parcels each tracking number is one. How far it has come as its carrier says, as fresh as the carrier\'s last news.',
})
export class GraphShipmentPackage {
  @Field(() => String, { nullable: true, description: 'The ERP\'s name of the parcel; null where it only knows a tracking number.' })
  reference!: string | null;

  @Field(() => String, { nullable: true, description: 'In the ERP\'s words.' })
  carrier!: string | null;

  @Field(() => [GraphPackageTracking], { description: 'Empty until the carrier has given numbers.' })
  tracking!: readonly GraphPackageTracking[];

  @Field(() => String, { description: 'The first of `tracking`; empty text where the carrier has given none yet.', deprecationReason: 'A parcel may have none or several: ask for tracking.' })
  trackingNumber!: string;

  @Field(() => String, { nullable: true, description: 'Of the first of `tracking`.', deprecationReason: 'A parcel may have none or several: ask for tracking.' })
  trackingUrl!: string | null;

  @Field(() => [GraphShipmentPackageLine], { description: 'Empty where the ERP does not tell.' })
  lines!: readonly GraphShipmentPackageLine[];

  @Field(() => String, { nullable: true, description: 'The carrier in the storefront\'s words; null where the code maps do not know it.' })
  carrierCode!: string | null;

  @Field(() => GraphCarrierNewsKind, { nullable: true, description: 'The carrier\'s latest word; null before its first.' })
  status!: CarrierNewsKind | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'By the first of the carrier\'s news that shows that it has the parcel.' })
  pickedUpAt!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true })
  deliveredAt!: Instant | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Shipment', { description: 'Goods going out for an order. Source of truth: the ERP; pushed within seconds of its change there.' })
export class GraphShipment {
  @Field(() => String, { description: 'The ERP\'s number.' })
  number!: string;

  @Field(() => GraphShipmentState)
  state!: GraphShipmentState;

  @Field(() => String, { nullable: true, description: 'In the ERP\'s words.' })
  carrier!: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the location it leaves from; null where the ERP does not tell.' })
  locationCode!: string | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'When the warehouse had its papers, by the first message that says so.' })
  printedAt!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'When somebody had begun to pick it, by the first message that says so.' })
  pickingAt!: Instant | null;

  @Field(() => [GraphShipmentLine])
  lines!: readonly GraphShipmentLine[];

  @Field(() => GraphDateTime, { nullable: true, description: 'When the goods left; null before.' })
  shippedAt!: Instant | null;
}

@ObjectType('ShipmentUpdate', { description: 'A shipment came to be or changed.' })
export class GraphShipmentUpdate {
  @Field(() => String, { description: 'Resume from here after a broken connection.' })
  cursor!: string;

  @Field(() => GraphDateTime)
  at!: Instant;

  @Field(() => GraphShipment, { description: 'As it is now: later changes may show already.' })
  shipment!: ShipmentRow;

  @Field(() => Boolean, { description: 'True of one event of each shipment: from now on the customer may be told of it, see Shipment.customerMayBeTold. An event may be delivered again after a broken connection, with the same cursor.' })
  firstTellable!: boolean;
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
