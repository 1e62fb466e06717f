import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { globalId } from '../../domain/ids.ts';
import type { ShipmentPackage } from '../../domain/shipments.ts';
import type { CarrierBook } from './codes/carriers.ts';
import type { OrdersContext } from './context.ts';
import { packagesOf, progressOf, progressOfPackage } from './following/parcels.ts';
import type { CarrierNewsRow } from './following/records.ts';
import { mayBeTold } from './following/telling.ts';
import { GraphCarrierNews } from './following/types.ts';
import type { OrderRecord, ShipmentLineRecord, ShipmentRow } from './records.ts';
import { GraphOrder } from './types-order.ts';
import { GraphShipment, GraphShipmentLine, GraphShipmentPackage } from './types-shipment.ts';
import { OrderedVariant } from './types-stubs.ts';

/** Whoever reached a shipment may see its order: both were checked together. */
const orderOf = async ({ loaders }: OrdersContext, { orderId }: ShipmentRow): Promise<OrderRecord> => (await loaders.order.load(orderId!))!;

@Resolver(() => GraphShipment)
export class ShipmentResolver {
  @FieldResolver(() => ID)
  id(@Root() shipment: ShipmentRow): string {
    return globalId('Shipment', shipment.id);
  }

  @FieldResolver(() => GraphOrder)
  order(@Root() shipment: ShipmentRow, @Ctx() context: OrdersContext): Promise<OrderRecord> {
    return orderOf(context, shipment);
  }

  @FieldResolver(() => [GraphShipmentPackage], { description: 'Empty until the ERP knows parcels or tracking numbers.' })
  async packages(@Root() shipment: ShipmentRow, @Ctx() { loaders }: OrdersContext): Promise<readonly GraphShipmentPackage[]> {
    const [book, news] = await Promise.all([carriersOf(shipment, loaders), loaders.newsOfShipment.load(shipment.id)]);
    return packagesOf(shipment).map((parcel) => showPackage(parcel, shipment, book, news));
  }

  @FieldResolver(() => String, { nullable: true, description: 'The carrier in the storefront\'s words; null where the code maps do not know it.' })
  async carrierCode(@Root() shipment: ShipmentRow, @Ctx() { loaders }: OrdersContext): Promise<string | null> {
    return shipment.carrier === null ? null : ((await carriersOf(shipment, loaders))?.find(shipment.carrier)?.code ?? null);
  }

  @FieldResolver(() => GraphShipment, { nullable: true, description: 'The shipment whose rest this one is; null: it is no rest, or that one is not known.' })
  async backorderOf(@Root() { backorderOf, orderId }: ShipmentRow, @Ctx() { loaders }: OrdersContext): Promise<ShipmentRow | null> {
    const earlier = backorderOf === null ? null : await loaders.shipment.load(backorderOf);
    return earlier?.orderId === orderId ? earlier : null;
  }

  @FieldResolver(() => Boolean, { description: 'Whether the customer may hear of it: it has left, and, on channels that ask for it, its carrier has it.' })
  async customerMayBeTold(@Root() shipment: ShipmentRow, @Ctx() context: OrdersContext): Promise<boolean> {
    const [{ channel }, news] = await Promise.all([orderOf(context, shipment), context.loaders.newsOfShipment.load(shipment.id)]);
    return mayBeTold(channel, { state: shipment.state, moved: progressOf(news).movedAt !== null }, context.notifyAfterPickup);
  }

  @FieldResolver(() => [GraphCarrierNews], { description: 'What carriers said of its parcels, oldest first.' })
  carrierNews(@Root() { id }: ShipmentRow, @Ctx() { loaders }: OrdersContext): Promise<readonly GraphCarrierNews[]> {
    return loaders.newsOfShipment.load(id);
  }
}

const carriersOf = ({ source }: ShipmentRow, { carriers }: OrdersContext['loaders']): Promise<CarrierBook> | null => (source === null ? null : carriers.load(source));

function showPackage(parcel: ShipmentPackage, { carrier }: ShipmentRow, book: CarrierBook | null, news: readonly CarrierNewsRow[]): GraphShipmentPackage {
  const name = parcel.carrier ?? carrier;
  const known = name === null ? null : (book?.find(name) ?? null);
  const tracking = parcel.trackings.map(({ trackingNumber, trackingUrl }) => ({ trackingNumber, trackingUrl: trackingUrl ?? known?.trackingUrl(trackingNumber) ?? null }));
  const { status, movedAt, deliveredAt } = progressOfPackage(parcel, news);
  return {
    reference: parcel.reference, carrier: name, carrierCode: known?.code ?? null, tracking, lines: parcel.lines, status, pickedUpAt: movedAt, deliveredAt,
    trackingNumber: tracking[0]?.trackingNumber ?? '', trackingUrl: tracking[0]?.trackingUrl ?? null,
  };
}

@Resolver(() => GraphShipmentLine)
export class ShipmentLineResolver {
  @FieldResolver(() => OrderedVariant)
  variant(@Root() { sku }: ShipmentLineRecord): OrderedVariant {
    return { sku };
  }
}
