import DataLoader from 'dataloader';
import type { Database } from '../../platform/stores/sql.ts';
import type { LineRecord, OrderRecord, ShipmentRow, TimelineRecord } from './records.ts';
import { groupBy } from './store-facts.ts';
import { readLines, readOrders, readShipments, readShipmentsOfOrders, readTimelines } from './store-reads.ts';

/** One per request: each answers a whole list of orders with one statement. */
export interface OrderLoaders {
  readonly order: DataLoader<string, OrderRecord | null>;
  readonly lines: DataLoader<string, readonly LineRecord[]>;
  readonly timeline: DataLoader<string, readonly TimelineRecord[]>;
  readonly shipmentsOfOrder: DataLoader<string, readonly ShipmentRow[]>;
  readonly shipment: DataLoader<string, ShipmentRow | null>;
}

export function createLoaders(database: Database): OrderLoaders {
  const grouped = <T>(read: (ids: readonly string[]) => Promise<readonly T[]>, keyOf: (row: T) => string): DataLoader<string, readonly T[]> =>
    new DataLoader(async (ids) => {
      const groups = groupBy(await read(ids), keyOf);
      return ids.map((id) => groups.get(id) ?? []);
    });
  const single = <T extends { readonly id: string }>(read: (ids: readonly string[]) => Promise<readonly T[]>): DataLoader<string, T | null> =>
    new DataLoader(async (ids) => {
      const byId = new Map((await read(ids)).map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    });
  return {
    order: single((ids) => readOrders(database, ids)),
    lines: grouped((ids) => readLines(database, ids), (line) => line.orderId),
    timeline: grouped((ids) => readTimelines(database, ids), (entry) => entry.orderId),
    shipmentsOfOrder: grouped((ids) => readShipmentsOfOrders(database, ids), (shipment) => shipment.orderId!),
    shipment: single((ids) => readShipments(database, ids)),
  };
}
