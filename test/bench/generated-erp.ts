import type { Item } from '../../domain/catalog.ts';
import type { Capabilities, ItemPort, Page, PageRequest, StockPort } from '../../domain/connector.ts';
import { decimal, ZERO } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Location, StockLevel } from '../../domain/inventory.ts';
import type { OwnedPort, PortSource } from '../../domain/ports.ts';
import { instant } from '../../domain/time.ts';
import { systemClock as clock } from '../../platform/clock.ts';

const CAPABILITIES: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: true, trackingNumbers: false, serverPrice: false, delta: [], changes: 'none',
  maxBatch: { page: 1_000, stock: 250, price: 1 }, maxConcurrency: 4,
};

const LOCATIONS: readonly Location[] = ['MAIN', 'EAST', 'WEST'].map((code, index) => ({ code, name: code, priority: index, active: true }));
export const PLACES = LOCATIONS.length;

export const skuOf = (index: number): Sku => `SKU-${String(index).padStart(7, '0')}`;

/** An ERP that makes its rows up as they are asked for, so that what is measured is who reads them. */
export interface GeneratedErp {
  readonly ports: PortSource;
  /** From now on every n-th SKU has other figures than before; 0: none has. */
  change(everyNth: number): void;
}

export function generatedErp(skus: number): GeneratedErp {
  const changes: number[] = [];
  const figureOf = (index: number): number => 10 + (index % 90) + changes.reduce((sum, everyNth) => sum + (everyNth > 0 && index % everyNth === 0 ? 1 : 0), 0);
  const levelOf = (row: number, asOf: StockLevel['asOf']): StockLevel => {
    const index = Math.floor(row / PLACES);
    return {
      sku: skuOf(index), locationCode: LOCATIONS[row % PLACES]!.code, quantityBasis: 'ON_HAND', asOf,
      onHand: decimal(figureOf(index)), allocated: decimal(index % 7), unsellable: ZERO,
    };
  };
  const items: ItemPort = { listItems: async (page) => pageOf(page, skus, itemOf) };
  const stock: StockPort = {
    listLocations: async () => ({ records: LOCATIONS, rejected: [], next: null, watermark: null, total: PLACES }),
    listStock: async (page) => {
      const asOf = instant(clock.now());
      return pageOf(page, skus * PLACES, (row) => levelOf(row, asOf));
    },
    readStock: async () => [],
  };
  const ports: Readonly<Record<string, unknown>> = { items, stock };
  return {
    ports: { port: (name) => (ports[name] ? ({ source: 'erp', vendor: 'generated', capabilities: CAPABILITIES, port: ports[name] } as unknown as OwnedPort<typeof name>) : null) },
    change: (everyNth) => changes.push(everyNth),
  };
}

const itemOf = (index: number): Item => ({
  sku: skuOf(index), groupCode: skuOf(index), name: skuOf(index), kind: 'GOODS', gtin: null, unitCode: 'PCE', quantityDigits: 0, sellable: true, active: true,
  options: [], categoryPath: [], weightKg: null, updatedAt: null, references: [],
});

function pageOf<T>({ cursor, limit }: PageRequest, total: number, recordOf: (row: number) => T): Page<T> {
  const from = Number(cursor ?? 0);
  const to = Math.min(total, from + limit);
  return { records: Array.from({ length: to - from }, (_, offset) => recordOf(from + offset)), rejected: [], next: to < total ? String(to) : null, watermark: null, total };
}
