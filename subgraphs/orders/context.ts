import { keyFromGlobalId } from '../../domain/ids.ts';
import type { Database } from '../../platform/stores/sql.ts';
import type { GraphContext, RequestScope } from '../frame/module.ts';
import { createLoaders, type OrderLoaders } from './loaders.ts';
import type { PlaceOrder } from './place-order.ts';
import type { OrderRecord, ShipmentRow } from './records.ts';
import { canSee, visibilityOf, type Visibility } from './store-reads.ts';

export interface OrdersContext extends GraphContext {
  readonly database: Database;
  readonly loaders: OrderLoaders;
  readonly visibility: Visibility;
  readonly placeOrder: PlaceOrder;
}

export const createOrdersContext = (scope: RequestScope, database: Database, placeOrder: PlaceOrder): OrdersContext => ({
  scope, database, placeOrder, loaders: createLoaders(database), visibility: visibilityOf(scope.principal),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An order the caller may see; null for others' orders as for orders that do not exist. */
export async function visibleOrder({ loaders, visibility }: OrdersContext, orderId: string): Promise<OrderRecord | null> {
  const order = UUID.test(orderId) ? await loaders.order.load(orderId) : null;
  return order && canSee(visibility, order) ? order : null;
}

export async function visibleOrderByGlobalId(context: OrdersContext, id: string): Promise<OrderRecord | null> {
  const key = keyFromGlobalId('Order', id);
  return key === null ? null : visibleOrder(context, key);
}

/** A shipment or return of an order the caller may see. */
export async function visibleShipment(context: OrdersContext, id: string): Promise<ShipmentRow | null> {
  const shipment = await context.loaders.shipment.load(id);
  return shipment?.orderId != null && (await visibleOrder(context, shipment.orderId)) ? shipment : null;
}
