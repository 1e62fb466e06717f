import type { ChangeEvent } from '../../domain/events.ts';
import { invalidInput } from '../../domain/failure.ts';
import { keyFromGlobalId } from '../../domain/ids.ts';
import { hasScope, type Principal } from '../../domain/principal.ts';
import type { SubscriptionDefinition } from '../frame/subscription.ts';
import { requireScopes } from '../graph/access.ts';

interface OrderArguments {
  /** Global id of the order. */
  readonly orderId: string;
}

type OrderEvent = Extract<ChangeEvent, { type: 'order.changed' | 'shipment.changed' }>;

/** Whoever placed the order, and those who may see every order. */
const mayFollow = (event: OrderEvent, principal: Principal): boolean =>
  hasScope(principal, 'order:read:all') || (principal.kind !== 'ANONYMOUS' && event.owner !== '' && event.owner === principal.subject);

function check({ orderId }: OrderArguments, principal: Principal): void {
  requireScopes(principal, [['order:read'], ['order:read:all']]);
  if (keyFromGlobalId('Order', orderId) === null) throw invalidInput(['orderId'], 'orderId is not the id of an order');
}

const matches = (event: OrderEvent, { orderId }: OrderArguments, principal: Principal): boolean =>
  event.orderId === keyFromGlobalId('Order', orderId) && mayFollow(event, principal);

/** Every event is delivered: a shipment is told once, and a subscriber may act on each. */
const definition = (field: string, topic: string): SubscriptionDefinition<OrderEvent, OrderArguments> => ({
  field, topic, matches, check, follow: null, coalescing: null, channelOf: null,
});

export const subscriptions: readonly SubscriptionDefinition<OrderEvent, OrderArguments>[] = [
  definition('shipmentUpdated', 'shipment'),
  definition('orderUpdated', 'order'),
];
