import type { EventLog } from '../../../platform/stores/event-log.ts';

export interface Publisher {
  readonly published: () => number;
  readonly lastShipment: () => number;
  /** Shipments and changes of stock, half and half. Resolves when the log has them all, however often it was away. */
  publish(events: number): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const AT = '2026-01-01T00:00:00.000Z';
const RETRY_MS = 20;
const REPEATS_EVERY = 10;

/** As an outbox does: the change is made first, its event goes into the log in order, and again while nobody has said that it is there. */
export function createPublisher(eventLog: EventLog, figures: Map<string, number>, skus: readonly string[]): Publisher {
  let shipments = 0;
  let changes = 0;
  const append = async (topic: string, payloads: readonly object[]): Promise<void> => {
    while (!(await eventLog.append(topic, payloads).then(() => true, () => false))) await pause(RETRY_MS);
  };
  const nextShipment = (): object => {
    shipments += 1;
    return { type: 'shipment.changed', orderId: 'o', shipmentId: String(shipments), owner: '', at: AT, version: String(shipments) };
  };
  const nextChange = (): object => {
    changes += 1;
    const sku = skus[changes % skus.length]!;
    figures.set(sku, changes);
    return { type: 'stock.changed', sku, locationCodes: [], sellableBefore: '1', sellableAfter: '2', statusBefore: 'IN_STOCK', statusAfter: 'IN_STOCK', at: AT, version: String(changes) };
  };
  let batches = 0;
  let earlier: readonly object[] = [];
  /** Now and then what went before goes again: an outbox whose process died before it had noted that the log has it. */
  const appendShipments = async (batch: readonly object[]): Promise<void> => {
    await append('shipment', batch);
    batches += 1;
    if (batches % REPEATS_EVERY === 0) await append('shipment', earlier);
    earlier = batch;
  };
  return {
    published: () => shipments + changes,
    lastShipment: () => shipments,
    publish: async (events) => {
      await appendShipments(Array.from({ length: Math.ceil(events / 2) }, nextShipment));
      await append('stock', Array.from({ length: Math.floor(events / 2) }, nextChange));
    },
  };
}
