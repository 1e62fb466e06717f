import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { globalId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphDateTime } from '../graph/scalars.ts';
import type { OrdersContext } from './context.ts';
import type { OrderRecord, ShipmentLineRecord, ShipmentRow } from './records.ts';
import { GraphOrder } from './types-order.ts';
import { GraphReturn, GraphReturnState, GraphShipment, GraphShipmentLine, GraphShipmentPackage } from './types-shipment.ts';
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

  @FieldResolver(() => [GraphShipmentPackage], { description: 'Empty until the carrier has given numbers.' })
  packages(@Root() { tracking }: ShipmentRow): readonly GraphShipmentPackage[] {
    return tracking;
  }
}

@Resolver(() => GraphReturn)
export class ReturnResolver {
  @FieldResolver(() => ID)
  id(@Root() row: ShipmentRow): string {
    return globalId('Return', row.id);
  }

  @FieldResolver(() => GraphOrder)
  order(@Root() row: ShipmentRow, @Ctx() context: OrdersContext): Promise<OrderRecord> {
    return orderOf(context, row);
  }

  @FieldResolver(() => GraphReturnState)
  state(@Root() { state }: ShipmentRow): GraphReturnState {
    if (state === 'CANCELLED') return GraphReturnState.CANCELLED;
    return state === 'SHIPPED' ? GraphReturnState.RECEIVED : GraphReturnState.EXPECTED;
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'When the goods were taken in; null before.' })
  receivedAt(@Root() { shippedAt }: ShipmentRow): Instant | null {
    return shippedAt;
  }
}

@Resolver(() => GraphShipmentLine)
export class ShipmentLineResolver {
  @FieldResolver(() => OrderedVariant)
  variant(@Root() { sku }: ShipmentLineRecord): OrderedVariant {
    return { sku };
  }
}
