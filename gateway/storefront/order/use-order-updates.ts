import { useState } from 'preact/hooks';
import type { RequestFailure } from '../graph/client.ts';
import { ORDER_PAGE, ORDER_UPDATED, SHIPMENT_UPDATED } from '../graph/operations.ts';
import type { OrderChange, OrderView, ShipmentView } from '../graph/types.ts';
import { useQuery } from '../graph/use-query.ts';
import { useSubscription } from '../graph/use-subscription.ts';
import { useShop } from '../shell/shop.ts';

export interface FollowedOrder {
  /** Undefined until the first answer; null when there is no such order. */
  readonly order: OrderView | null | undefined;
  readonly failure: RequestFailure | null;
  readonly reload: () => void;
  /** Shipments that came or changed while the page was open. */
  readonly fresh: ReadonlySet<string>;
}

/** An order as it is, and as it becomes: updates are laid over the answer as they are pushed. */
export function useOrderUpdates(id: string): FollowedOrder {
  const { words, announce } = useShop();
  const { data, failure, reload } = useQuery(ORDER_PAGE, { id });
  const [change, setChange] = useState<OrderChange | null>(null);
  const [shipments, setShipments] = useState<ReadonlyMap<string, ShipmentView>>(new Map());
  useSubscription(ORDER_UPDATED, { orderId: id }, {
    onReconnect: reload,
    onData: ({ orderUpdated: { order } }) => {
      setChange(order);
      announce(words.orderChanged(words.states[order.state]));
    },
  });
  useSubscription(SHIPMENT_UPDATED, { orderId: id }, {
    onReconnect: () => undefined,
    onData: ({ shipmentUpdated: { shipment } }) => {
      setShipments((known) => new Map(known).set(shipment.id, shipment));
      announce(words.shipmentChanged(shipment.number, words.shipmentStates[shipment.state]));
    },
  });
  const order = data?.order;
  return { order: order ? lay(order, change, shipments) : order, failure, reload, fresh: new Set(shipments.keys()) };
}

/** The one with the longer timeline is the newer one. */
function lay(order: OrderView, change: OrderChange | null, shipments: ReadonlyMap<string, ShipmentView>): OrderView {
  const known = order.shipments.map((shipment) => shipments.get(shipment.id) ?? shipment);
  const added = [...shipments.values()].filter(({ id }) => !known.some((shipment) => shipment.id === id));
  const withShipments = { ...order, shipments: [...known, ...added] };
  if (!change || change.timeline.length < order.timeline.length) return withShipments;
  const shipped = new Map(change.lines.map(({ lineNumber, shippedQuantity }) => [lineNumber, shippedQuantity]));
  const { state, erpOrder, timeline } = change;
  return { ...withShipments, state, erpOrder, timeline, lines: order.lines.map((line) => ({ ...line, shippedQuantity: shipped.get(line.lineNumber) ?? line.shippedQuantity })) };
}
