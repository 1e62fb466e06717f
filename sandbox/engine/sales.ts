import { add, big, decimal, isPositive, least, round, subtract, sum, text, times, type DecimalText } from './decimal.ts';
import { partsOf } from './kits.ts';
import { byId, isOpen, pickingsOf } from './lookups.ts';
import { Rejection } from './part.ts';
import { priceOf } from './prices.ts';
import type { Move, Order, OrderLine, Party, Variant } from './rows.ts';
import { openPicking, refreshPicking } from './pickings.ts';
import { reserve, unreserve } from './stock.ts';
import { nextNumber, type ErpTables } from './tables.ts';

export interface NewOrderLine {
  readonly variantId: number;
  readonly quantity: DecimalText;
  readonly unitPrice?: DecimalText;
  readonly discountPercent?: DecimalText;
  readonly name?: string;
  readonly taxed?: boolean;
}

export interface NewOrder {
  readonly partyId: number;
  readonly reference?: string | null;
  readonly origin?: string | null;
  readonly invoicePartyId?: number;
  readonly deliveryPartyId?: number;
  readonly warehouseId?: number;
  readonly priceListId?: number | null;
  readonly paymentTermId?: number | null;
  readonly orderedAtMs?: number;
  readonly wantedAtMs?: number | null;
  readonly note?: string | null;
  readonly lines: readonly NewOrderLine[];
}

/** A quotation. Neither stock nor credit is looked at, and a reference may come twice, as in Odoo. */
export function createOrder(tables: ErpTables, args: NewOrder): { readonly orderId: number } {
  const party = byId(tables.parties, args.partyId, 'partner');
  const priceListId = args.priceListId === undefined ? priceListOf(tables, party) : args.priceListId;
  const priceList = priceListId === null ? null : byId(tables.priceLists, priceListId, 'price list');
  const order = tables.orders.insert({
    name: nextNumber(tables, 'S'), reference: args.reference ?? null, origin: args.origin ?? null, partyId: party.id,
    invoicePartyId: byId(tables.parties, args.invoicePartyId ?? addressOf(tables, party, 'invoice'), 'partner').id,
    deliveryPartyId: byId(tables.parties, args.deliveryPartyId ?? addressOf(tables, party, 'delivery'), 'partner').id,
    warehouseId: byId(tables.warehouses, args.warehouseId ?? 1, 'warehouse').id, priceListId,
    currencyId: priceList?.currencyId ?? tables.companies.get(1)!.currencyId,
    paymentTermId: args.paymentTermId ?? commercial(tables, party).paymentTermId, state: 'draft',
    orderedAtMs: args.orderedAtMs ?? tables.database.nowMs, wantedAtMs: args.wantedAtMs ?? null, note: args.note ?? null,
  });
  for (const line of args.lines) addLine(tables, order, line);
  return { orderId: order.id };
}

/** A line takes price and discount from the price list where it does not bring its own; each of the two on its own. */
export function addLine(tables: ErpTables, order: Order, line: NewOrderLine): OrderLine {
  const variant = byId(tables.variants, line.variantId, 'product');
  const quantity = decimal(line.quantity, 'product_uom_qty');
  const priceList = order.priceListId === null ? null : tables.priceLists.get(order.priceListId)!;
  const answer = priceOf(tables, { variant, priceList, quantity, atMs: order.orderedAtMs });
  const off = big(answer.beforeDiscount).eq(0) ? '0' : text(big(answer.beforeDiscount).minus(answer.price).div(answer.beforeDiscount).times(100));
  return tables.orderLines.insert({
    orderId: order.id, variantId: variant.id, name: line.name ?? labelOf(tables, variant), quantity,
    unitPrice: line.unitPrice === undefined ? answer.beforeDiscount : decimal(line.unitPrice, 'price_unit'),
    discountPercent: line.discountPercent === undefined ? round(off, 2) : decimal(line.discountPercent, 'discount'),
    taxed: line.taxed ?? true, priceRuleId: answer.rule?.id ?? null, sequence: 10,
  });
}

/** `[SKU] Name (M, Black)`. */
export function labelOf(tables: ErpTables, variant: Variant): string {
  const options = variant.optionIds.map((id) => tables.attributeValues.get(tables.itemOptions.get(id)!.attributeValueId)!.name);
  return `[${variant.sku}] ${tables.items.get(variant.itemId)!.name}${options.length > 0 ? ` (${options.join(', ')})` : ''}`;
}

/** Prices, terms and limits belong to the company a contact or address is part of. */
export const commercial = (tables: ErpTables, party: Party): Party => (party.parentId === null || party.isCompany ? party : commercial(tables, tables.parties.get(party.parentId)!));

export const priceListOf = (tables: ErpTables, party: Party): number | null => commercial(tables, party).priceListId ?? tables.priceLists.get(1)?.id ?? null;

function addressOf(tables: ErpTables, party: Party, kind: Party['kind']): number {
  if (party.kind === kind) return party.id;
  return tables.parties.where('parentId', party.id).find((child) => child.kind === kind && child.active)?.id ?? party.id;
}

/**
 * Turns a quotation into an order with its shipment. `believedFree`: per variant, the free quantity the caller saw when its
 * call arrived; parallel calls then reserve the same goods twice, as Odoo does.
 */
export function confirmOrder(tables: ErpTables, args: { readonly orderId: number; readonly believedFree?: Readonly<Record<string, DecimalText>> }): true {
  const order = byId(tables.orders, args.orderId, 'sales order');
  if (order.state !== 'draft') throw new Rejection('refused', 'Some orders are not in a state requiring confirmation.');
  const { nowMs } = tables.database;
  const lines = tables.orderLines.where('orderId', order.id);
  const goods = lines.filter((line) => line.variantId !== null && isGoods(tables, line.variantId) && isPositive(line.quantity));
  tables.orders.update(order.id, { state: 'sale', orderedAtMs: nowMs });
  if (goods.length === 0) return true;
  const warehouse = tables.warehouses.get(order.warehouseId)!;
  const customers = tables.locations.first('usage', 'customer')!.id;
  const picking = openPicking(tables, {
    kind: 'outgoing', warehouse, partyId: order.deliveryPartyId, orderId: order.id, origin: order.name,
    fromLocationId: warehouse.stockLocationId, toLocationId: customers, scheduledAtMs: order.wantedAtMs ?? nowMs,
  });
  for (const line of goods) {
    for (const [variantId, demand] of movedFor(tables, line)) {
      const move = tables.moves.insert({
        variantId, pickingId: picking.id, fromLocationId: warehouse.stockLocationId, toLocationId: customers, demand,
        quantity: '0', picked: false, state: 'draft', dueAtMs: order.wantedAtMs ?? nowMs, doneAtMs: null, orderLineId: line.id, purchaseLineId: null,
        returnedMoveId: null, origin: order.name,
      });
      reserve(tables, move, variantId === line.variantId ? args.believedFree?.[String(variantId)] : undefined);
    }
  }
  refreshPicking(tables, picking.id);
  return true;
}

/** Variant to quantity: of a kit its components, else the line itself. */
function movedFor(tables: ErpTables, line: OrderLine): ReadonlyMap<number, DecimalText> {
  const parts = partsOf(tables, line.variantId!);
  return parts === null ? new Map([[line.variantId!, line.quantity]]) : new Map([...parts].map(([id, each]) => [id, times(each, line.quantity)]));
}

const isGoods = (tables: ErpTables, variantId: number): boolean => tables.items.get(tables.variants.get(variantId)!.itemId)!.kind === 'goods';

/** Cancels what has not left yet; what was shipped stays shipped. */
export function cancelOrder(tables: ErpTables, args: { readonly orderId: number }): true {
  const order = byId(tables.orders, args.orderId, 'sales order');
  if (order.state !== 'cancel') tables.orders.update(order.id, { state: 'cancel' });
  for (const picking of pickingsOf(tables, order.id)) cancelPicking(tables, { pickingId: picking.id });
  return true;
}

export function cancelPicking(tables: ErpTables, args: { readonly pickingId: number }): true {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  for (const move of tables.moves.where('pickingId', picking.id)) {
    if (!isOpen(move.state)) continue;
    unreserve(tables, move);
    tables.moves.update(move.id, { state: 'cancel' });
  }
  refreshPicking(tables, picking.id);
  return true;
}

/** Shipped minus come back, by what was really moved; of a kit as many as its components make. */
export function deliveredOf(tables: ErpTables, line: OrderLine): DecimalText {
  const done = tables.moves.where('orderLineId', line.id).filter((move) => move.state === 'done');
  const movedOf = (moves: readonly Move[]): DecimalText =>
    sum(moves.map((move) => (tables.locations.get(move.toLocationId)?.usage === 'customer' ? move.quantity : subtract('0', move.quantity))));
  const parts = done.length === 0 || done.some((move) => move.variantId === line.variantId) ? null : partsOf(tables, line.variantId!);
  if (parts === null) return movedOf(done);
  const whole = [...parts].map(([id, each]) => text(big(movedOf(done.filter((move) => move.variantId === id))).div(each).round(0, 0)));
  return whole.reduce(least);
}

export interface Totals {
  readonly untaxed: DecimalText;
  readonly tax: DecimalText;
  readonly total: DecimalText;
}

/** Line amounts rounded to cents; the tax is rounded once per order (Odoo's round_globally) and the last line takes the penny. */
export function totalsOf(tables: ErpTables, order: Order): Totals & { readonly lines: ReadonlyMap<number, Totals> } {
  const rate = text(big(tables.companies.get(1)!.taxPercent).div(100));
  const rows = tables.orderLines.where('orderId', order.id).map((line) => {
    const untaxed = round(times(line.quantity, text(big(line.unitPrice).times(big('100').minus(line.discountPercent)).div(100))), 2);
    return { id: line.id, untaxed, tax: line.taxed ? round(times(untaxed, rate), 2) : '0', taxable: line.taxed ? untaxed : '0' };
  });
  const untaxed = sum(rows.map((row) => row.untaxed));
  const tax = round(times(sum(rows.map((row) => row.taxable)), rate), 2);
  const difference = subtract(tax, sum(rows.map((row) => row.tax)));
  const lines = new Map<number, Totals>();
  const last = rows.filter((row) => !big(row.taxable).eq(0)).at(-1);
  for (const row of rows) {
    const lineTax = row === last ? add(row.tax, difference) : row.tax;
    lines.set(row.id, { untaxed: row.untaxed, tax: lineTax, total: add(row.untaxed, lineTax) });
  }
  return { untaxed, tax, total: add(untaxed, tax), lines };
}

/** Odoo 19's delivery_status; null before there is a shipment. */
export function deliveryStatusOf(tables: ErpTables, order: Order): 'pending' | 'started' | 'partial' | 'full' | null {
  const pickings = pickingsOf(tables, order.id);
  if (pickings.every((picking) => picking.state === 'cancel')) return null;
  if (pickings.every((picking) => !isOpen(picking.state) && picking.state !== 'draft')) return 'full';
  if (!pickings.some((picking) => picking.state === 'done')) return 'pending';
  return tables.orderLines.where('orderId', order.id).some((line) => isPositive(deliveredOf(tables, line))) ? 'partial' : 'started';
}
