import type { CallContext } from '../../domain/connector.ts';
import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import { dayOf, type CalendarDate } from '../../domain/time.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, idOf, instantOf } from './convert.ts';
import { readDemand } from './demand.ts';
import { readAll } from './paging.ts';
import type { OdooStockSum } from './stock.map.ts';
import type { Topology } from './topology.ts';
import type { OdooDemandRow, OdooQuantRow } from './wire.ts';

/** Sums per product and warehouse. A product without quants (Odoo deletes them at zero) gets zeros, in every active warehouse. */
export async function sumQuants(
  client: OdooClient, products: ReadonlyMap<number, Sku>, { topology, today }: { readonly topology: Topology; readonly today: CalendarDate }, call: CallContext,
): Promise<readonly OdooStockSum[]> {
  const ids = [...products.keys()];
  const [quants, demand] = await Promise.all([readQuants(client, ids, topology, call), readDemand(client, ids, topology, call)]);
  const sums = new Map<string, OdooStockSum>();
  for (const sku of products.values()) {
    for (const { code, active } of topology.warehouses) if (active) sums.set(keyOf(sku, code), emptySum(sku, code));
  }
  for (const quant of quants) addQuant(sums, quant, products, topology);
  for (const move of demand) addDemand(sums, move, { products, topology, today });
  return [...sums.values()];
}

const readQuants = async (client: OdooClient, ids: readonly number[], topology: Topology, call: CallContext): Promise<readonly OdooQuantRow[]> =>
  ids.length === 0 ? [] : readAll<OdooQuantRow>(client, {
    model: 'stock.quant',
    columns: ['product_id', 'location_id', 'quantity', 'reserved_quantity'],
    domain: [['product_id', 'in', ids], ['location_id', 'in', [...topology.warehouseByLocation.keys()]]],
  }, call);

const keyOf = (sku: Sku, warehouse: string): string => JSON.stringify([sku, warehouse]);

const emptySum = (sku: Sku, warehouse: string): OdooStockSum =>
  ({ sku, warehouse, quantity: ZERO, reserved_quantity: ZERO, due_quantity: ZERO, later_demand: [], unsellable_quantity: ZERO });

type Place = Pick<OdooDemandRow, 'product_id' | 'location_id'>;

/** The sum a row belongs to; undefined for a location of no warehouse. */
function sumOf(sums: Map<string, OdooStockSum>, row: Place, products: ReadonlyMap<number, Sku>, topology: Topology): OdooStockSum | undefined {
  const sku = products.get(idOf(row.product_id));
  const warehouse = topology.warehouseByLocation.get(idOf(row.location_id));
  if (sku === undefined || warehouse === undefined) return undefined;
  return sums.get(keyOf(sku, warehouse)) ?? emptySum(sku, warehouse);
}

function addQuant(sums: Map<string, OdooStockSum>, quant: OdooQuantRow, products: ReadonlyMap<number, Sku>, topology: Topology): void {
  const sum = sumOf(sums, quant, products, topology);
  if (sum === undefined) return;
  const quantity: Decimal = decimalOf(quant.quantity);
  const unsellable = topology.unsellableLocations.has(idOf(quant.location_id));
  sums.set(keyOf(sum.sku, sum.warehouse), {
    ...sum,
    quantity: add(sum.quantity, quantity),
    reserved_quantity: add(sum.reserved_quantity, decimalOf(quant.reserved_quantity)),
    unsellable_quantity: unsellable ? add(sum.unsellable_quantity, quantity) : sum.unsellable_quantity,
  });
}

interface DemandSurroundings {
  readonly products: ReadonlyMap<number, Sku>;
  readonly topology: Topology;
  readonly today: CalendarDate;
}

function addDemand(sums: Map<string, OdooStockSum>, move: OdooDemandRow, { products, topology, today }: DemandSurroundings): void {
  const sum = sumOf(sums, move, products, topology);
  if (sum === undefined) return;
  const [date, quantity] = [dayOf(instantOf(move.date)), decimalOf(move.product_qty)];
  const wanted = date <= today ? { due_quantity: add(sum.due_quantity, quantity) } : { later_demand: [...sum.later_demand, { date, quantity }] };
  sums.set(keyOf(sum.sku, sum.warehouse), { ...sum, ...wanted });
}
