import { keyFromGlobalId } from '../../domain/ids.ts';
import type { ReferenceResolver } from '../frame/federated-schema.ts';
import { requireScopes } from '../graph/access.ts';
import { visibleOrderByGlobalId, visibleShipment, type OrdersContext } from './context.ts';

interface ById {
  readonly id: string;
}

const guard = ({ scope }: OrdersContext): void => requireScopes(scope.principal, [['order:read'], ['order:read:all']]);

const shipmentOf = (typeName: 'Shipment' | 'Return', direction: 'OUTBOUND' | 'RETURN') => async ({ id }: ById, context: OrdersContext): Promise<unknown> => {
  guard(context);
  const key = keyFromGlobalId(typeName, id);
  const shipment = key === null ? null : await visibleShipment(context, key);
  return shipment?.direction === direction ? shipment : null;
};

export const references: Readonly<Record<string, ReferenceResolver<OrdersContext>>> = {
  Order: (({ id }: ById, context: OrdersContext) => {
    guard(context);
    return visibleOrderByGlobalId(context, id);
  }) as ReferenceResolver<OrdersContext>,
  Shipment: shipmentOf('Shipment', 'OUTBOUND') as ReferenceResolver<OrdersContext>,
  Return: shipmentOf('Return', 'RETURN') as ReferenceResolver<OrdersContext>,
};
