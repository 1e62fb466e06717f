import type { OrderState } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';

/** What a timeline entry tells, for people who read and programs that filter. Rooms may add kinds of their own: put them here. */
export const FACT_KINDS = {
  PLACED: 'stored here',
  ACCEPTED: 'in the ERP as a confirmed document',
  ALLOCATED: 'the warehouse has set goods aside for a shipment',
  PRINTED: 'the warehouse has a shipment\'s papers',
  PICKING: 'somebody has begun to pick a shipment',
  SHIPPED: 'a shipment has left, or goods have, where the ERP tells of no shipments',
  SHIPMENT_CANCELLED: 'a shipment will not leave',
  BACKORDERED: 'the rest of a shipment follows in another',
  PICKED_UP: 'the carrier has a parcel',
  DELIVERED: 'a parcel has arrived',
  DELIVERY_FAILED: 'the carrier could not hand over a parcel',
  CHANGED: 'what is ordered, or its return, has changed',
  CANCELLED: 'cancelled whole or in part',
  RETURN_REQUESTED: 'the buyer wants to send goods back',
  RETURN_AUTHORISED: 'goods may come back',
  RETURN_DECLINED: 'goods may not come back',
  RETURN_RECEIVED: 'goods have come back',
  RETURN_CANCELLED: 'goods will not come back',
  CREDITED: 'the ERP has posted a credit memo',
  ATTENTION: 'somebody must look',
  RESOLVED: 'somebody has looked, and it goes on',
  TOTAL_DIFFERS: 'the ERP makes another total of it',
} as const;

/** Free text, so that a room's own kind needs no change here; the ones above are known to readers. */
export type FactKind = keyof typeof FACT_KINDS | (string & {});

export interface TimelineFact {
  readonly orderId: string;
  readonly kind: FactKind;
  /** Names it among those of its kind: the shipment's id, the request's key; '' where an order has one such fact at most. */
  readonly fact: string;
  /** When it happened, as far as the source tells; else when we heard. Of the same fact told twice the earlier counts. */
  readonly at: Instant;
  /** "graph", connector instance, carrier, or the subject of a person. */
  readonly source: string;
  /** For people; no secrets, no whole addresses. */
  readonly detail: string | null;
  /** The order's state after it; absent: as its row says when this is written. */
  readonly state?: OrderState;
}
