import { big, decimal, isPositive, least, round, subtract, sum, text, times, type DecimalText } from './decimal.ts';
import { partsOf, sizeOf } from './kits.ts';
import { byId, isOpen, pickingsOf } from './lookups.ts';
import { Rejection } from './part.ts';
import { priceOf } from './prices.ts';
import type { Move, Order, OrderLine, Party, Variant } from './rows.ts';
import { openPicking, refreshPicking } from './pickings.ts';
import { reserve, unreserve } from './stock.ts';
import { nextNumber, type ErpTables } from './tables.ts';

export interface NewOrderLine {
  /** Null: a note, `name` is its text. */
  readonly variantId: number | null;
  readonly quantity: DecimalText;
  readonly unitPrice?: DecimalText;
  readonly discountPercent?: DecimalText;
  readonly name?: string;
  readonly taxed?: boolean;
  /** Which taxes; none named: the company's. */
  readonly taxIds?: readonly number[];
  readonly unitId?: number | null;
  readonly sequence?: number;
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
  readonly paymentReference?: string | null;
  readonly carrierId?: number | null;
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
    paymentReference: args.paymentReference ?? null, carrierId: args.carrierId == null ? null : byId(tables.carriers, args.carrierId, 'carrier').id,
  });
  for (const line of args.lines) addLine(tables, order, line);
  return { orderId: order.id };
}

/** A line takes price and discount from the price list where it does not bring its own; each of the two on its own. */
export function addLine(tables: ErpTables, order: Order, line: NewOrderLine): OrderLine {
  if (line.variantId === null) return addNote(tables, order, line);
  const variant = byId(tables.variants, line.variantId, 'product');
  for (const id of line.taxIds ?? []) byId(tables.taxes, id, 'tax');
  const quantity = decimal(line.quantity, 'product_uom_qty');
  const priceList = order.priceListId === null ? null : tables.priceLists.get(order.priceListId)!;
  const answer = priceOf(tables, { variant, priceList, quantity, atMs: order.orderedAtMs });
  const off = big(answer.beforeDiscount).eq(0) ? '0' : text(big(answer.beforeDiscount).minus(answer.price).div(answer.beforeDiscount).times(100));
  return tables.orderLines.insert({
    orderId: order.id, variantId: variant.id, name: line.name ?? labelOf(tables, variant), quantity,
    unitPrice: line.unitPrice === undefined ? answer.beforeDiscount : decimal(line.unitPrice, 'price_unit'),
    discountPercent: line.discountPercent === undefined ? round(off, 2) : decimal(line.discountPercent, 'discount'),
    taxed: line.taxIds === undefined ? line.taxed ?? true : line.taxIds.length > 0, ...(line.taxIds !== undefined && { taxIds: line.taxIds }),
    unitId: line.unitId ?? null, priceRuleId: answer.rule?.id ?? null, sequence: line.sequence ?? 10,
  });
}

const addNote = (tables: ErpTables, order: Order, { name = '', sequence = 10 }: NewOrderLine): OrderLine => tables.orderLines.insert({
  orderId: order.id, variantId: null, name, quantity: '0', unitPrice: '0', discountPercent: '0', taxed: false, priceRuleId: null, sequence,
});

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
    fromLocationId: warehouse.stockLocationId, toLocationId: customers, scheduledAtMs: order.wantedAtMs ?? nowMs, carrierId: order.carrierId ?? null,
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

/** Variant to quantity, in the variants' own units: of a kit its components, else the line itself. */
export function movedFor(tables: ErpTables, line: OrderLine): ReadonlyMap<number, DecimalText> {
  const [parts, quantity] = [partsOf(tables, line.variantId!), times(line.quantity, ownUnits(tables, line))];
  return parts === null ? new Map([[line.variantId!, quantity]]) : new Map([...parts].map(([id, each]) => [id, times(each, quantity)]));
}

/** How many of the item's own unit one of the line's is. */
function ownUnits(tables: ErpTables, { unitId, variantId }: OrderLine): DecimalText {
  if (unitId == null) return '1';
  const own = tables.units.get(tables.items.get(tables.variants.get(variantId!)!.itemId)!.unitId)!;
  return text(big(sizeOf(byId(tables.units, unitId, 'unit'))).div(sizeOf(own)));
}

export const isGoods = (tables: ErpTables, variantId: number): boolean => tables.items.get(tables.variants.get(variantId)!.itemId)!.kind === 'goods';

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
    if (!isOpen(move.state) && move.state !== 'draft') continue;
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
  const inLineUnits = (quantity: DecimalText): DecimalText => text(big(quantity).div(ownUnits(tables, line)));
  if (parts === null) return inLineUnits(movedOf(done));
  const whole = [...parts].map(([id, each]) => text(big(movedOf(done.filter((move) => move.variantId === id))).div(each).round(0, 0)));
  return inLineUnits(whole.reduce(least));
}

/** Odoo 19's delivery_status; null before there is a shipment. */
export function deliveryStatusOf(tables: ErpTables, order: Order): 'pending' | 'started' | 'partial' | 'full' | null {
  const pickings = pickingsOf(tables, order.id);
  if (pickings.every((picking) => picking.state === 'cancel')) return null;
  if (pickings.every((picking) => !isOpen(picking.state) && picking.state !== 'draft')) return 'full';
  if (!pickings.some((picking) => picking.state === 'done')) return 'pending';
  return tables.orderLines.where('orderId', order.id).some((line) => isPositive(deliveredOf(tables, line))) ? 'partial' : 'started';
}
