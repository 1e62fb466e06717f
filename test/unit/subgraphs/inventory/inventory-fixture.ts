import type { Capabilities, List, StockPort } from '../../../../domain/connector.ts';
import type { Item } from '../../../../domain/catalog.ts';
import { decimal, ZERO } from '../../../../domain/decimal.ts';
import type { HoldRequest, Location, Receipt, StockLevel } from '../../../../domain/inventory.ts';
import type { OwnedPort, PortSource } from '../../../../domain/ports.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { HoldTools } from '../../../../subgraphs/inventory/holds/placement.ts';
import { DEFAULT_POLICY } from '../../../../subgraphs/inventory/promise/policy.ts';
import { MIGRATIONS, SCHEMA } from '../../../../subgraphs/inventory/schema.sql.ts';
import { applyItems, applyLocations } from '../../../../subgraphs/inventory/supply/store-items.ts';
import { applyStock } from '../../../../subgraphs/inventory/supply/store-stock.ts';

export const later = (ms: number): Instant => instant(systemClock.now() + ms);

export const item = (sku: string, rest: Partial<Item> = {}): Item => ({
  sku, groupCode: sku, name: sku, kind: 'GOODS', gtin: null, unitCode: 'PCE', quantityDigits: 0, sellable: true, active: true, options: [],
  categoryPath: [], weightKg: null, updatedAt: null, references: [], ...rest,
});

const location = (code: string, priority = 1, active = true): Location => ({ code, name: `Store ${code}`, priority, active });

export const stockOf = (sku: string, onHand: number | string, rest: Partial<StockLevel> = {}): StockLevel => ({
  sku, locationCode: 'A', quantityBasis: 'ON_HAND', onHand: decimal(onHand), allocated: ZERO, unsellable: ZERO, asOf: later(-1_000), ...rest,
});

export const receipt = (reference: string, sku: string, quantity: string, dueOn: string): Receipt => ({
  reference, sku, locationCode: 'A', openQuantity: decimal(quantity), dueOn: dueOn as Receipt['dueOn'], updatedAt: null,
});

let key = 0;
export const request = (lines: Record<string, number | string>, rest: Partial<HoldRequest> = {}): HoldRequest => ({
  idempotencyKey: `key-${(key += 1)}`, owner: 'shop', channel: null, ttlSeconds: 900, replacesHoldId: null,
  lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity: decimal(quantity) })), ...rest,
});

export const toolsOn = (database: Database): HoldTools => ({ database, clock: systemClock, policy: DEFAULT_POLICY });

/** Schema, locations A and B, and the given stock; every SKU named becomes a sellable item. */
export async function stock(database: Database, levels: readonly StockLevel[]): Promise<void> {
  await migrate(database, SCHEMA, MIGRATIONS);
  await database.transaction(async (tx) => {
    await applyLocations(tx, [location('A', 1), location('B', 2)], later(0));
    await applyItems(tx, levels.map((level) => item(level.sku)), later(0));
    await applyStock(tx, levels, later(0));
  });
}

/** How far the books agree: rows whose counters are not the sum of the ledger and of the open lines, by now and by day. */
export const disagreements = (database: Database): Promise<readonly unknown[]> =>
  database.query(
    `select stock.sku, stock.location_code, stock.held, stock.held_dated, booked.delta, line.undated, line.dated
     from inventory.stock_level stock
       left join (select sku, location_code, sum(delta) as delta from inventory.ledger group by sku, location_code) booked using (sku, location_code)
       left join (
         select sku, location_code, sum(quantity) filter (where due_on is null) as undated, sum(quantity) filter (where due_on is not null) as dated
         from inventory.hold_line where open group by sku, location_code
       ) line using (sku, location_code)
     where stock.held + stock.held_dated <> coalesce(booked.delta, 0)
       or stock.held <> coalesce(line.undated, 0) or stock.held_dated <> coalesce(line.dated, 0)`,
  );

export async function heldOf(database: Database, sku: string, locationCode = 'A'): Promise<string> {
  const [row] = await database.query<{ held: string }>('select trim_scale(held)::text as held from inventory.stock_level where sku = $1 and location_code = $2', [sku, locationCode]);
  return row!.held;
}

export const CAPABILITIES: Capabilities = {
  liveStock: true, nativeAtp: false, stockByLocation: true, trackingNumbers: false, serverPrice: false, delta: [], changes: 'none',
  maxBatch: { page: 100, stock: 2, price: 1 }, maxConcurrency: 2,
};

/** An ERP in memory: lists what the arrays hold at the moment, in one page. */
export interface FakeErp {
  items: Item[];
  locations: Location[];
  levels: StockLevel[];
  receipts: Receipt[];
  readStock: StockPort['readStock'];
  capabilities: Capabilities;
  readonly ports: PortSource;
}

const onePage = <T>(records: () => readonly T[]): List<T> => async () => ({ records: records(), rejected: [], next: null, watermark: null, total: null });

export function fakeErp(): FakeErp {
  const erp: FakeErp = {
    items: [], locations: [location('A', 1), location('B', 2)], levels: [], receipts: [], capabilities: CAPABILITIES,
    readStock: async (skus) => skus.map((sku) => ({ ok: true, value: erp.items.some((known) => known.sku === sku) ? erp.levels.filter((level) => level.sku === sku) : null })),
    ports: {
      port: (name) => {
        const owned = { source: 'erp', vendor: 'fake', capabilities: erp.capabilities };
        const port = {
          items: { listItems: onePage(() => erp.items) },
          receipts: { listReceipts: onePage(() => erp.receipts) },
          stock: { listLocations: onePage(() => erp.locations), listStock: onePage(() => erp.levels), readStock: ((skus, call) => erp.readStock(skus, call)) as StockPort['readStock'] },
        }[name as 'stock'];
        return port ? ({ ...owned, port } as unknown as OwnedPort<typeof name>) : null;
      },
    },
  };
  return erp;
}
