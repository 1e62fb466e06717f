import { keyFromGlobalId } from '../../domain/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/stores/sql.ts';
import type { GraphContext, RequestScope } from '../frame/module.ts';
import type { ChangeOrder } from './changes/request-change.ts';
import type { AfterPickup } from './following/telling.ts';
import { createLoaders, type OrderLoaders } from './reading/loaders.ts';
import type { PlaceOrder } from './placing/place-order.ts';
import type { ReturnTools } from './returns/tools.ts';
import { createReturnLoaders, type ReturnLoaders } from './returns/loaders.ts';
import type { OperatorTools } from './resolution/manual-action.ts';
import type { OrderRecord, ShipmentRow } from './records.ts';
import { canSee, visibilityOf, type Visibility } from './reading/store-reads.ts';

/** What every request of the subgraph is served with. */
export interface OrdersServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly placeOrder: PlaceOrder;
  readonly notifyAfterPickup: AfterPickup;
  readonly changeOrder: ChangeOrder;
  readonly returns: ReturnTools;
  /** For what is done by hand. */
  readonly operator: OperatorTools;
}

export interface OrdersContext extends GraphContext, OrdersServices {
  readonly loaders: OrderLoaders;
  readonly returnLoaders: ReturnLoaders;
  readonly visibility: Visibility;
}

export const createOrdersContext = (scope: RequestScope, services: OrdersServices): OrdersContext => ({
  ...services, scope, loaders: createLoaders(services.database), returnLoaders: createReturnLoaders(services.database), visibility: visibilityOf(scope.principal),
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
