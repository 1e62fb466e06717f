import DataLoader from 'dataloader';
import type { Database } from '../../../platform/stores/sql.ts';
import type { LineRecord, OrderRecord, ShipmentRow, TimelineRecord } from '../records.ts';
import type { CarrierBook } from '../codes/carriers.ts';
import type { CreditMemoRow, ShipmentNews } from '../following/records.ts';
import { readCarrierMaps } from '../following/carrier-maps.ts';
import { readNewsOfShipments } from '../following/store-carrier-news.ts';
import { groupBy } from '../following/store-facts.ts';
import { readMemosOfOrders } from '../following/store-memo-reads.ts';
import { readLines, readOrders, readShipments, readShipmentsOfOrders, readTimelines } from './store-reads.ts';

/** One per request: each answers a whole list of orders with one statement. */
export interface OrderLoaders {
  readonly order: DataLoader<string, OrderRecord | null>;
  readonly lines: DataLoader<string, readonly LineRecord[]>;
  readonly timeline: DataLoader<string, readonly TimelineRecord[]>;
  readonly shipmentsOfOrder: DataLoader<string, readonly ShipmentRow[]>;
  readonly shipment: DataLoader<string, ShipmentRow | null>;
  readonly newsOfShipment: DataLoader<string, readonly ShipmentNews[]>;
  readonly creditMemos: DataLoader<string, readonly CreditMemoRow[]>;
  /** By connector instance: what it calls carriers, and where they show a parcel. */
  readonly carriers: DataLoader<string, CarrierBook>;
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
    newsOfShipment: grouped((ids) => readNewsOfShipments(database, ids), (news) => news.ofShipment),
    creditMemos: grouped((ids) => readMemosOfOrders(database, ids), (memo) => memo.orderId!),
    carriers: new DataLoader((systems) => Promise.all(systems.map((system) => readCarrierMaps(database, system)))),
  };
}
