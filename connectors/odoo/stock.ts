import type { Answer, CallContext, Page, RejectedRow, StockPort } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { StockLevel } from '../../domain/inventory.ts';
import { dayOf, instant } from '../../domain/time.ts';
import { mapRows } from '../../platform/mapping.ts';
import type { OdooClient } from './client.ts';
import { bomOf, readPhantomBoms, type BomProduct } from './boms.ts';
import { idOf, textOrNull } from './convert.ts';
import { ARCHIVED_TOO, readPage, type Domain } from './paging.ts';
import { sumQuants } from './quants.ts';
import { findSharedSkus, keepsStock, readProductsBySku } from './skus.ts';
import { locationMap, stockMap } from './stock.map.ts';
import { beginsFullPass, readWarehouses, type ReadTopology } from './topology.ts';
import type { OdooProductRow } from './wire.ts';

export function stockPort(client: OdooClient, topologyAt: ReadTopology): StockPort {
  return {
    listLocations: async (_page, call) => {
      const rows = await readWarehouses(client, call);
      const mapped = mapRows(locationMap, rows, undefined, (row) => `stock.warehouse:${row.id}`);
      return { ...mapped, next: null, watermark: null, total: rows.length };
    },
    listStock: (page, call) => listStock(client, topologyAt, page, call),
    clockDifferenceMs: () => client.clockDifferenceMs,
    readStock: (skus, call) => readStock(client, topologyAt, skus, call),
  };
}

/**
 * Pages over products, not quants: a quant that fell to zero is deleted and its write date with it. What moved since is
 * told by the quants still there and by the stock moves, which never go away.
 */
async function listStock(client: OdooClient, topologyAt: ReadTopology, page: Parameters<StockPort['listStock']>[0], call: CallContext): Promise<Page<StockLevel>> {
  const asOf = instant(client.clock.now());
  const query = {
    model: 'product.product',
    columns: ['default_code', 'product_tmpl_id'] as const,
    domain: [ARCHIVED_TOO, ...(await storable(client, call))],
    writtenBy: ['stock_quant_ids.write_date', 'stock_move_ids.write_date'],
  };
  const [found, topology] = await Promise.all([readPage<Pick<OdooProductRow, 'id' | 'default_code' | 'product_tmpl_id'>>(client, query, page, call), topologyAt(call, beginsFullPass(page))]);
  const [shared, kits] = await Promise.all([findSharedSkus(client, found.rows.flatMap((row) => textOrNull(row.default_code) ?? []), call), findKits(client, found.rows, call)]);
  const products = new Map<number, Sku>();
  const rejected: RejectedRow[] = [];
  for (const { id, default_code } of found.rows.filter((row) => !kits.has(row.id))) {
    const sku = textOrNull(default_code);
    if (sku !== null && !shared.has(sku)) products.set(id, sku);
    else rejected.push({ key: `product.product:${id}`, reason: `StockLevel.sku <- default_code: ${sku === null ? 'no text (false)' : `several products carry it (${JSON.stringify(sku)})`}` });
  }
  const { records } = mapRows(stockMap, await sumQuants(client, products, { topology, today: dayOf(asOf) }, call), { asOf }, (row) => row.sku);
  const { next, watermark, total } = found;
  return { records, rejected, next, watermark, total };
}

async function storable(client: OdooClient, call: CallContext): Promise<Domain> {
  const [column] = await client.columnsOf('product.product', ['is_storable'], call);
  return [column === undefined ? ['type', '=', 'product'] : ['is_storable', '=', true]];
}

/** Kits among these products: what they are made of is in stock, not they. */
async function findKits(client: OdooClient, rows: readonly Pick<BomProduct, 'id' | 'product_tmpl_id'>[], call: CallContext): Promise<ReadonlySet<number>> {
  const boms = Map.groupBy(await readPhantomBoms(client, [...new Set(rows.map((row) => idOf(row.product_tmpl_id)))], call), (bom) => idOf(bom.product_tmpl_id));
  return new Set(rows.filter((row) => bomOf(row, boms.get(idOf(row.product_tmpl_id)) ?? []) !== undefined).map(({ id }) => id));
}

/** Live figures: one read for the products, one for their quants. */
async function readStock(client: OdooClient, topologyAt: ReadTopology, skus: readonly Sku[], call: CallContext): Promise<readonly Answer<readonly StockLevel[] | null>[]> {
  const asOf = instant(client.clock.now());
  const [bySku, topology] = await Promise.all([readProductsBySku(client, skus, call), topologyAt(call)]);
  const products = new Map<number, Sku>();
  for (const [sku, rows] of bySku) for (const row of rows) if (rows.length === 1 && keepsStock(row)) products.set(row.id, sku);
  // Side by side, though a kit's figures are asked for in vain: a buyer waits for this.
  const [kits, sums] = await Promise.all([findKits(client, [...bySku.values()].flat(), call), sumQuants(client, products, { topology, today: dayOf(asOf) }, call)]);
  const kitSkus = new Set([...products].flatMap(([id, sku]) => (kits.has(id) ? sku : [])));
  const { records } = mapRows(stockMap, sums.filter((row) => !kitSkus.has(row.sku)), { asOf }, (row) => row.sku);
  const levels = Map.groupBy(records, (level) => level.sku);
  return skus.map((sku) => {
    const count = bySku.get(sku)?.length ?? 0;
    if (count > 1) return { ok: false, failure: ambiguous(client.system, sku, count) };
    return { ok: true, value: count === 0 ? null : (levels.get(sku) ?? []) };
  });
}

const ambiguous = (system: string, sku: Sku, count: number): Failure =>
  new Failure('UPSTREAM_MALFORMED', `${count} products carry default_code ${JSON.stringify(sku)}`, { system });
