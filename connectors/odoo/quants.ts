import type { CallContext } from '../../domain/connector.ts';
import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, idOf } from './convert.ts';
import { readAll } from './paging.ts';
import type { OdooStockSum } from './stock.map.ts';
import type { Topology } from './topology.ts';
import type { OdooQuantRow } from './wire.ts';

/** Sums per product and warehouse. A product without quants (Odoo deletes them at zero) gets zeros, in every active warehouse. */
export async function sumQuants(
  client: OdooClient, products: ReadonlyMap<number, Sku>, topology: Topology, call: CallContext,
): Promise<readonly OdooStockSum[]> {
  const quants = products.size === 0 ? [] : await readAll<OdooQuantRow>(client, {
    model: 'stock.quant',
    columns: ['product_id', 'location_id', 'quantity', 'reserved_quantity'],
    domain: [['product_id', 'in', [...products.keys()]], ['location_id', 'in', [...topology.warehouseByLocation.keys()]]],
  }, call);
  const sums = new Map<string, OdooStockSum>();
  for (const sku of products.values()) {
    for (const { code, active } of topology.warehouses) if (active) sums.set(keyOf(sku, code), emptySum(sku, code));
  }
  for (const quant of quants) addQuant(sums, quant, products, topology);
  return [...sums.values()];
}

const keyOf = (sku: Sku, warehouse: string): string => JSON.stringify([sku, warehouse]);

const emptySum = (sku: Sku, warehouse: string): OdooStockSum =>
  ({ sku, warehouse, quantity: ZERO, reserved_quantity: ZERO, unsellable_quantity: ZERO });

function addQuant(sums: Map<string, OdooStockSum>, quant: OdooQuantRow, products: ReadonlyMap<number, Sku>, topology: Topology): void {
  const location = idOf(quant.location_id);
  const sku = products.get(idOf(quant.product_id));
  const warehouse = topology.warehouseByLocation.get(location);
  if (sku === undefined || warehouse === undefined) return;
  const key = keyOf(sku, warehouse);
  const sum = sums.get(key) ?? emptySum(sku, warehouse);
  const quantity: Decimal = decimalOf(quant.quantity);
  sums.set(key, {
    ...sum,
    quantity: add(sum.quantity, quantity),
    reserved_quantity: add(sum.reserved_quantity, decimalOf(quant.reserved_quantity)),
    unsellable_quantity: topology.unsellableLocations.has(location) ? add(sum.unsellable_quantity, quantity) : sum.unsellable_quantity,
  });
}
