import type { Instant } from '../../../domain/time.ts';
import type { OrderRecord, ShipmentRow } from '../records.ts';
import type { FactKind, TimelineFact } from '../reading/timeline-fact.ts';
import type { CreditMemoRow, ShipmentNews } from './records.ts';

export interface KnownOfOrder {
  readonly order: OrderRecord;
  readonly shipments: readonly ShipmentRow[];
  /** Of these shipments. */
  readonly news: readonly ShipmentNews[];
  readonly memos: readonly CreditMemoRow[];
}

/**
 * Timeline entries that follow from what the ERP and the carriers have told. Each stands for something that was so once,
 * not for what is so now: late and repeated messages lead to the same entries in the end.
 * @param source who told, where the document itself does not say
 */
export function factsOf({ order, shipments, news, memos }: KnownOfOrder, source: string): TimelineFact[] {
  const ofDocument: TimelineFact[] = [
    ...at(acceptedAt(order, shipments), (when) => fact(order, 'ACCEPTED', '', when, source, order.erpNumber)),
    ...at(order.erpCancelledAt, (when) => fact(order, 'CANCELLED', '', when, source, order.erpNumber)),
  ];
  const numbers = new Map(shipments.map(({ id, number }) => [id, number]));
  return [
    ...ofDocument,
    ...shipments.flatMap((shipment) => (shipment.direction === 'OUTBOUND' ? outbound(order, shipment, numbers, source) : inbound(order, shipment, source))),
    ...shipments.filter(({ direction }) => direction === 'OUTBOUND').flatMap((shipment) => arrivals(order, shipment, news.filter(({ ofShipment }) => ofShipment === shipment.id))),
    ...memos.flatMap((memo) => at(memo.creditedAt, (when) => fact(order, 'CREDITED', memo.id, when, memo.source, `${memo.number}: ${memo.total} ${memo.currencyCode}`))),
  ];
}

/** When we heard; what the warehouse did it did afterwards, whenever we heard of either. */
function acceptedAt({ erpAcceptedAt }: OrderRecord, shipments: readonly ShipmentRow[]): Instant | null {
  if (erpAcceptedAt === null) return null;
  const done = shipments.flatMap(({ allocatedAt, printedAt, pickingAt, leftAt }) => [allocatedAt, printedAt, pickingAt, leftAt]);
  return done.reduce<Instant>((least, when) => (when !== null && when < least ? when : least), erpAcceptedAt);
}

const fact = ({ id }: OrderRecord, kind: FactKind, name: string, when: Instant, source: string, detail: string | null): TimelineFact =>
  ({ orderId: id, kind, fact: name, at: when, source, detail });

const at = (when: Instant | null, make: (when: Instant) => TimelineFact): TimelineFact[] => (when === null ? [] : [make(when)]);

function outbound(order: OrderRecord, shipment: ShipmentRow, numbers: ReadonlyMap<string, string>, source: string): TimelineFact[] {
  const { id, number, carrier, backorderOf } = shipment;
  const teller = shipment.source ?? source;
  const told = (kind: FactKind, when: Instant | null, detail = number): TimelineFact[] => at(when, (instant) => fact(order, kind, id, instant, teller, detail));
  return [
    ...told('BACKORDERED', shipment.backorderedAt, backorderOf === null ? number : `${number} has the rest of ${numbers.get(backorderOf) ?? backorderOf}`),
    ...told('ALLOCATED', shipment.allocatedAt),
    ...told('PRINTED', shipment.printedAt),
    ...told('PICKING', shipment.pickingAt),
    ...told('SHIPPED', shipment.leftAt, carrier === null ? number : `${number} with ${carrier}`),
    ...told('SHIPMENT_CANCELLED', shipment.cancelledAt),
  ];
}

/** A return that was asked for here tells of itself. */
const inbound = (order: OrderRecord, { id, number, leftAt, returnReference, source: teller }: ShipmentRow, source: string): TimelineFact[] =>
  returnReference === null ? at(leftAt, (when) => fact(order, 'RETURN_RECEIVED', id, when, teller ?? source, number)) : [];

const KIND_OF_NEWS = { PICKED_UP: 'PICKED_UP', DELIVERED: 'DELIVERED', FAILED: 'DELIVERY_FAILED' } as const;

/** A parcel is picked up and delivered once; it may fail to be handed over many times. On its way is no entry. */
function arrivals(order: OrderRecord, { carrier }: ShipmentRow, news: readonly ShipmentNews[]): TimelineFact[] {
  return news.flatMap(({ kind, at: when, trackingKey, trackingNumber, location, detail, reportedBy }) => {
    if (kind === 'IN_TRANSIT') return [];
    const name = kind === 'FAILED' ? `${trackingKey} ${when}` : trackingKey;
    return [fact(order, KIND_OF_NEWS[kind], name, when, carrier ?? reportedBy, [trackingNumber, location, detail].filter(Boolean).join(', '))];
  });
}
