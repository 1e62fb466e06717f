import { keyFromGlobalId } from '../../domain/ids.ts';
import type { ReferenceResolver } from '../frame/federated-schema.ts';
import { requireScopes } from '../graph/access.ts';
import { visibleReturn } from './returns/view.ts';
import { visibleOrderByGlobalId, visibleShipment, type OrdersContext } from './context.ts';

interface ById {
  readonly id: string;
}

const guard = ({ scope }: OrdersContext): void => requireScopes(scope.principal, [['order:read'], ['order:read:all']]);

async function shipmentOf({ id }: ById, context: OrdersContext): Promise<unknown> {
  guard(context);
  const key = keyFromGlobalId('Shipment', id);
  const shipment = key === null ? null : await visibleShipment(context, key);
  return shipment?.direction === 'OUTBOUND' ? shipment : null;
}

export const references: Readonly<Record<string, ReferenceResolver<OrdersContext>>> = {
  Order: (({ id }: ById, context: OrdersContext) => {
    guard(context);
    return visibleOrderByGlobalId(context, id);
  }) as ReferenceResolver<OrdersContext>,
  // Nothing of a buyer is kept here but the number: whose orders are seen is decided with them.
  Customer: (({ number }: { readonly number: string }) => ({ number })) as ReferenceResolver<OrdersContext>,
  Company: (({ number }: { readonly number: string }) => ({ number })) as ReferenceResolver<OrdersContext>,
  Shipment: shipmentOf as ReferenceResolver<OrdersContext>,
  Return: (({ id }: ById, context: OrdersContext) => {
    guard(context);
    return visibleReturn(context, id);
  }) as ReferenceResolver<OrdersContext>,
};
