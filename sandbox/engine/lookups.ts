import { Rejection } from './part.ts';
import type { Item, Location, Order, Party, Picking, PurchaseOrder, Variant, Warehouse } from './rows.ts';
import type { Row, Table } from './table.ts';
import type { ErpTables } from './tables.ts';

/** Finding records by what people and other systems call them; each says what was asked for when there is none. */
export function byId<R extends Row>(table: Table<R>, id: unknown, what: string): R {
  const row = typeof id === 'number' ? table.get(id) : undefined;
  if (row === undefined) throw new Rejection('missing', `There is no ${what} ${String(id)}`);
  return row;
}

export function variantBySku(tables: ErpTables, sku: unknown): Variant {
  const variant = typeof sku === 'string' ? tables.variants.first('sku', sku) : undefined;
  if (variant === undefined) throw new Rejection('missing', `There is no SKU ${JSON.stringify(sku) ?? '(none given)'}`);
  return variant;
}

export function warehouseByCode(tables: ErpTables, code: unknown): Warehouse {
  const warehouse = typeof code === 'string' ? tables.warehouses.first('code', code) : tables.warehouses.get(1);
  if (warehouse !== undefined) return warehouse;
  const known = [...tables.warehouses.all()].map((row) => row.code).join(', ');
  throw new Rejection('missing', `There is no location ${JSON.stringify(code) ?? '(none given)'}. Known: ${known}`);
}

/** By number (`S00001`), by the customer's reference, or by id. The newest wins where a reference was used twice. */
export function orderByAnyName(tables: ErpTables, name: unknown): Order {
  const text = String(name);
  const id = Number(text);
  const found = tables.orders.first('name', text) ?? tables.orders.where('reference', text).at(-1) ?? (Number.isInteger(id) ? tables.orders.get(id) : undefined);
  if (found === undefined) throw new Rejection('missing', `There is no order ${text} (by number, customer reference or id)`);
  return found;
}

export function purchaseByAnyName(tables: ErpTables, name: unknown): PurchaseOrder {
  const text = String(name);
  const found = tables.purchaseOrders.first('name', text) ?? tables.purchaseOrders.first('reference', text) ?? tables.purchaseOrders.get(Number(text));
  if (found === undefined) throw new Rejection('missing', `There is no purchase order ${text}`);
  return found;
}

export function partyByCode(tables: ErpTables, code: string): Party {
  const party = tables.parties.first('code', code);
  if (party === undefined) throw new Rejection('missing', `There is no customer or vendor ${code}`);
  return party;
}

export const itemOf = (tables: ErpTables, variant: Variant): Item => tables.items.get(variant.itemId)!;

/** The one virtual location of a kind: where goods come from or go to. */
export const virtualLocation = (tables: ErpTables, usage: Location['usage']): Location => tables.locations.first('usage', usage)!;

/** The place in each warehouse for goods nobody may buy. */
export const QUARANTINE = 'Quarantine';

export const pickingsOf = (tables: ErpTables, orderId: number): Picking[] => tables.pickings.where('orderId', orderId);

export const isOpen = (state: string): boolean => state !== 'done' && state !== 'cancel' && state !== 'draft';
