import type { OrderChanged, ShipmentChanged } from '../../../domain/events.ts';
import { invalidInput } from '../../../domain/failure.ts';
import { keyFromGlobalId } from '../../../domain/ids.ts';
import { hasScope, type Principal } from '../../../domain/principal.ts';
import type { Instant } from '../../../domain/time.ts';
import type { AskGraph, SubscriptionDefinition } from '../../frame/subscription.ts';
import { requireScopes } from '../../graph/access.ts';

interface OrderArguments {
  /** Global id of the order; null or absent: every order the caller may see. */
  readonly orderId?: string | null;
}

interface ShipmentArguments extends OrderArguments {
  readonly onlyTellable?: boolean | null;
}

type OrderEvent = OrderChanged | ShipmentChanged;

/** Whoever placed the order, its customer, the people of its company, and those who may see every order, be it of their channel. */
function mayFollow({ owner, customerNumber, companyNumber, channel = null }: OrderEvent, principal: Principal): boolean {
  if (hasScope(principal, 'order:read:all') && (principal.channel === null || channel === principal.channel)) return true;
  if (principal.kind === 'ANONYMOUS') return false;
  const own = [principal.customerNumber, principal.companyNumber];
  return (owner !== '' && owner === principal.subject) || [customerNumber, companyNumber].some((number) => number != null && own.includes(number));
}

function check({ orderId }: OrderArguments, principal: Principal): void {
  requireScopes(principal, [['order:read'], ['order:read:all']]);
  if (orderId != null && keyFromGlobalId('Order', orderId) === null) throw invalidInput(['orderId'], 'orderId is not the id of an order');
}

const isAsked = (event: OrderEvent, { orderId }: OrderArguments, principal: Principal): boolean =>
  (orderId == null || event.orderId === keyFromGlobalId('Order', orderId)) && mayFollow(event, principal);

/** What was not said of an event before it was told is not known to be tellable. */
const isTellable = ({ tellable }: ShipmentChanged): boolean => tellable === 'FIRST' || tellable === 'YES';

/** Every event is delivered: a shipment is told once, and a subscriber may act on each. */
const EACH = { follow: null, coalescing: null, channelOf: null } as const;

const SHIPMENTS = 'query ShipmentsAfterGap($id: ID!) { order(by: { id: $id }) { shipments { id customerMayBeTold } } }';

/** As far as the one order goes. Whoever is told so has it all, but not which of them was told of first meanwhile. */
async function restateShipments({ orderId, onlyTellable }: ShipmentArguments, at: Instant, ask: AskGraph): Promise<readonly ShipmentChanged[]> {
  if (orderId == null) return [];
  const { order } = (await ask(SHIPMENTS, { id: orderId })) as { order: { shipments: { id: string; customerMayBeTold: boolean }[] } | null };
  const told = order?.shipments.filter(({ customerMayBeTold }) => customerMayBeTold || onlyTellable !== true) ?? [];
  return told.map(({ id }) => ({ type: 'shipment.changed', orderId: keyFromGlobalId('Order', orderId)!, shipmentId: keyFromGlobalId('Shipment', id)!, owner: '', at }));
}

/** Whether the caller may see it is asked when it is shown. */
const restateOrder = async ({ orderId }: OrderArguments, at: Instant): Promise<readonly OrderChanged[]> =>
  orderId == null ? [] : [{ type: 'order.changed', orderId: keyFromGlobalId('Order', orderId)!, owner: '', at }];

export const shipmentUpdated: SubscriptionDefinition<ShipmentChanged, ShipmentArguments> = {
  field: 'shipmentUpdated', topic: 'shipment', check, ...EACH,
  matches: (event, args, principal) => isAsked(event, args, principal) && (args.onlyTellable !== true || isTellable(event)),
  restate: restateShipments,
};

export const orderUpdated: SubscriptionDefinition<OrderChanged, OrderArguments> = { field: 'orderUpdated', topic: 'order', check, ...EACH, matches: isAsked, restate: restateOrder };

export const subscriptions = [shipmentUpdated, orderUpdated] as const;
