import type { CallContext, PageRequest } from '../../domain/connector.ts';
import type { LocationCode } from '../../domain/ids.ts';
import type { ReceiptKind } from '../../domain/inventory.ts';
import type { OdooClient } from './client.ts';
import { idOf } from './convert.ts';
import { ARCHIVED_TOO, readAll, type Domain } from './paging.ts';
import type { OdooLocationRow, OdooWarehouseRow } from './wire.ts';

/** Which warehouse a stock location belongs to, and whether its goods may be sold. */
export interface Topology {
  readonly warehouses: readonly OdooWarehouseRow[];
  readonly warehouseByLocation: ReadonlyMap<number, LocationCode>;
  readonly unsellableLocations: ReadonlySet<number>;
  /** What goods are that come from a location of no warehouse: transit and shop floor. */
  readonly kindByLocation: ReadonlyMap<number, ReceiptKind>;
}

const WAREHOUSE_COLUMNS = ['code', 'name', 'sequence', 'active', 'view_location_id'] as const;
const FRESH_FOR_MS = 60_000;

/** Transit and production belong to no warehouse. */
const KIND_BY_USAGE: ReadonlyMap<string, ReceiptKind> = new Map([['transit', 'TRANSFER'], ['production', 'PRODUCTION']]);

/** `beginsFullPass`: a list begins to be read whole, by what is there now. */
export type ReadTopology = (call: CallContext, page?: { readonly beginsFullPass: boolean }) => Promise<Topology>;

/** Warehouses and their internal locations, kept for a minute: they change a few times a year. */
export function topologyOf(client: OdooClient): ReadTopology {
  let cached: { readonly untilMs: number; readonly topology: Topology } | null = null;
  return async (call, page) => {
    if (cached === null || page?.beginsFullPass === true || client.clock.now() >= cached.untilMs) {
      cached = { topology: await readTopology(client, call), untilMs: client.clock.now() + FRESH_FOR_MS };
    }
    return cached.topology;
  };
}

export const beginsFullPass = ({ cursor, since }: Pick<PageRequest, 'cursor' | 'since'>): { readonly beginsFullPass: boolean } => ({ beginsFullPass: cursor === null && since === null });

export const readWarehouses = (client: OdooClient, call: CallContext): Promise<readonly OdooWarehouseRow[]> =>
  readAll<OdooWarehouseRow>(client, { model: 'stock.warehouse', columns: WAREHOUSE_COLUMNS, domain: [ARCHIVED_TOO, ...inCompany(client)] }, call);

async function readTopology(client: OdooClient, call: CallContext): Promise<Topology> {
  const [warehouses, all] = await Promise.all([
    readWarehouses(client, call),
    // Scrap and adjustment locations have usage "inventory" and never get in.
    readAll<OdooLocationRow>(client, { model: 'stock.location', columns: ['complete_name', 'parent_path', 'usage'], domain: [['usage', 'in', ['internal', ...KIND_BY_USAGE.keys()]], ARCHIVED_TOO] }, call),
  ]);
  const locations = all.filter(({ usage }) => usage === 'internal');
  const codeByView = new Map(warehouses.map((warehouse) => [String(idOf(warehouse.view_location_id)), warehouse.code]));
  const warehouseByLocation = new Map<number, LocationCode>();
  for (const { id, parent_path } of locations) {
    const code = parent_path.split('/').map((part) => codeByView.get(part)).find((found) => found !== undefined);
    if (code !== undefined) warehouseByLocation.set(id, code);
  }
  const kindByLocation = new Map(all.flatMap(({ id, usage }) => (KIND_BY_USAGE.has(usage) ? [[id, KIND_BY_USAGE.get(usage)!] as const] : [])));
  return { warehouses, warehouseByLocation, kindByLocation, unsellableLocations: unsellableAmong(locations, unsellableNames(client, warehouses)) };
}

/** What was put into quarantine is not for sale, whether or not the settings say so twice. */
const unsellableNames = ({ settings }: OdooClient, warehouses: readonly OdooWarehouseRow[]): readonly string[] => {
  const { unsellableLocations, quarantineLocation: quarantine } = settings;
  return quarantine === undefined ? unsellableLocations : [...unsellableLocations, quarantine, ...warehouses.map(({ code }) => `${code}/${quarantine}`)];
};

const unsellableAmong = (locations: readonly OdooLocationRow[], names: readonly string[]): ReadonlySet<number> =>
  new Set(locations.filter(({ complete_name: full }) => names.some((name) => full === name || full.startsWith(`${name}/`))).map(({ id }) => id));

const inCompany = ({ settings }: OdooClient): Domain => (settings.companyId === undefined ? [] : [['company_id', '=', settings.companyId]]);
