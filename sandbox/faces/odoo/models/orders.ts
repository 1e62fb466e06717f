import { setTimeout as delay } from 'node:timers/promises';
import { subtract } from '../../../engine/decimal.ts';
import { invoicedOf, memosOf } from '../../../engine/invoicing.ts';
import { pickingsOf } from '../../../engine/lookups.ts';
import { rateAt } from '../../../engine/rates.ts';
import type { Order, OrderLine } from '../../../engine/rows.ts';
import { taxIdsOf, totalsOf } from '../../../engine/order-totals.ts';
import { deliveredOf, deliveryStatusOf } from '../../../engine/sales.ts';
import { freeAt } from '../../../engine/stock.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { missing, validationError } from '../errors.ts';
import { boolean, char, datetime, float, integer, many, many2one, model, selection, type Call, type Method, type Model } from '../field.ts';
import { checkFields, given, idOf, linkedIds, momentOf, numberText, readCommands, textOf, type Columns } from '../writing.ts';

const WRITTEN: Columns = {
  partner_id: ['partyId', Number], partner_invoice_id: ['invoicePartyId', Number], partner_shipping_id: ['deliveryPartyId', Number], client_order_ref: ['reference', textOf],
  origin: ['origin', textOf], warehouse_id: ['warehouseId', Number], pricelist_id: ['priceListId', idOf], payment_term_id: ['paymentTermId', idOf], date_order: ['orderedAtMs', momentOf],
  commitment_date: ['wantedAtMs', momentOf], note: ['note', textOf], reference: ['paymentReference', textOf], carrier_id: ['carrierId', idOf],
};

const LINE: Columns = {
  product_id: ['variantId', Number], product_uom_qty: ['quantity', numberText], price_unit: ['unitPrice', numberText], discount: ['discountPercent', numberText], name: ['name', String],
  tax_ids: ['taxIds', linkedIds], product_uom_id: ['unitId', idOf], sequence: ['sequence', Number],
};

const PICKING: Columns = { partner_id: ['partyId', idOf], scheduled_date: ['scheduledAtMs', momentOf] };

export function orderModels(tables: ErpTables): Model[] {
  return [orderModel(tables), lineModel(tables)];
}

const REQUIRED = "The operation cannot be completed: Missing required value for the field 'Customer' (partner_id).\nModel: 'Sales Order' (sale.order)\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n";

function create(call: Call, values: Readonly<Record<string, unknown>>): number {
  if (typeof values['partner_id'] !== 'number') throw validationError(REQUIRED);
  demand(call, 'res.partner', values['partner_id']);
  const lines = readCommands(values['order_line']).flatMap((command) => (command.kind === 'create' ? [lineOf(call, command.values)] : []));
  return (call.engine.execute('erp/create-order', { ...given(values, WRITTEN), lines }) as { orderId: number }).orderId;
}

function lineOf(call: Call, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  checkFields(call.models.get('sale.order.line')!, values);
  if (values['display_type'] === 'line_note') return { quantity: '0', ...given(values, LINE), variantId: null };
  demand(call, 'product.product', values['product_id']);
  return { quantity: '1', ...given(values, LINE) };
}

function demand(call: Call, name: string, id: unknown): void {
  if (call.models.get(name)?.table.get(id as number) === undefined) throw missing(name, id, 5);
}

function write(call: Call, orderId: number, values: Readonly<Record<string, unknown>>): void {
  const commands = readCommands(values['order_line']);
  const added = commands.flatMap((command) => (command.kind === 'create' ? [lineOf(call, command.values)] : []));
  const lines = commands.flatMap((command) => (command.kind === 'update' ? [linePatch(command.id, command.values)] : []));
  const pickings = readCommands(values['picking_ids']).flatMap((command) => (command.kind === 'update' ? [{ pickingId: command.id, ...given(command.values, PICKING) }] : []));
  call.engine.execute('erp/update-order', { orderId, ...given(values, WRITTEN), ...(added.length > 0 && { added }), ...(lines.length > 0 && { lines }), ...(pickings.length > 0 && { pickings }) });
}

/** What is asked of a line's moves may be written with the line. */
function linePatch(lineId: number, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { quantity, unitPrice, discountPercent } = given(values, LINE);
  const moves = readCommands(values['move_ids']).flatMap((command) => (command.kind === 'update' ? [{ moveId: command.id, demand: numberText(command.values['product_uom_qty']) }] : []));
  const patch = Object.entries({ quantity, unitPrice, discountPercent }).filter(([, value]) => value !== undefined);
  return { lineId, ...Object.fromEntries(patch), ...(moves.length > 0 && { moves }) };
}

/** How long a confirmation holds the stock figures it began with; parallel ones overlap and reserve twice, as measured on Odoo. */
const CONFIRMATION_MS = 3;

const confirm: Method['run'] = async ({ engine, tables }, ids) => {
  const seen = ids.map((orderId) => ({ orderId, believedFree: freeFor(tables, orderId) }));
  await delay(CONFIRMATION_MS);
  for (const args of seen) engine.execute('erp/confirm-order', args);
  return true;
};

function freeFor(tables: ErpTables, orderId: number): Record<string, string> {
  const order = tables.orders.get(orderId);
  if (order === undefined) throw missing('sale.order', orderId, 5);
  const place = tables.warehouses.get(order.warehouseId)!.stockLocationId;
  const variants = tables.orderLines.where('orderId', orderId).map((line) => line.variantId).filter((id) => id !== null);
  // Two lines of one SKU share what is free: only the engine, line by line, can tell.
  return Object.fromEntries(variants.filter((id) => variants.indexOf(id) === variants.lastIndexOf(id)).map((id) => [String(id), freeAt(tables, id, place)]));
}

function orderModel(tables: ErpTables): Model {
  const lines = (row: Order): OrderLine[] => tables.orderLines.where('orderId', row.id);
  const done = (row: Order): number[] => pickingsOf(tables, row.id).flatMap((picking) => (picking.doneAtMs === null || picking.kind !== 'outgoing' ? [] : [picking.doneAtMs]));
  return model<Order>({
    name: 'sale.order', table: tables.orders, order: 'date_order desc, id desc', displayName: (row) => row.name, create, write,
    fields: {
      name: char((row) => row.name, 'name'), client_order_ref: char((row) => row.reference, 'reference'), origin: char((row) => row.origin), state: selection((row) => row.state, 'state'),
      partner_id: many2one('res.partner', (row) => row.partyId, 'partyId'), partner_invoice_id: many2one('res.partner', (row) => row.invoicePartyId), partner_shipping_id: many2one('res.partner', (row) => row.deliveryPartyId),
      warehouse_id: many2one('stock.warehouse', (row) => row.warehouseId), pricelist_id: many2one('product.pricelist', (row) => row.priceListId), currency_id: many2one('res.currency', (row) => row.currencyId),
      currency_rate: float((row) => rateAt(tables, row.currencyId, row.orderedAtMs)), payment_term_id: many2one('account.payment.term', (row) => row.paymentTermId), company_id: many2one('res.company', () => 1), user_id: many2one('res.users', () => 5),
      date_order: datetime((row) => row.orderedAtMs), commitment_date: datetime((row) => row.wantedAtMs), expected_date: datetime((row) => row.orderedAtMs), effective_date: datetime((row) => done(row)[0] ?? null),
      order_line: many('one2many', 'sale.order.line', (row) => lines(row).map((line) => line.id)), picking_ids: many('one2many', 'stock.picking', (row) => pickingsOf(tables, row.id).map((picking) => picking.id).reverse()),
      delivery_count: integer((row) => pickingsOf(tables, row.id).length), delivery_status: selection((row) => deliveryStatusOf(tables, row)),
      amount_untaxed: float((row) => totalsOf(tables, row).untaxed), amount_tax: float((row) => totalsOf(tables, row).tax), amount_total: float((row) => totalsOf(tables, row).total),
      invoice_status: selection((row) => (row.state === 'sale' ? 'to invoice' : 'no')), invoice_ids: many('many2many', 'account.move', (row) => memosOf(tables, row)), locked: boolean(() => false), note: char((row) => row.note),
      picking_policy: selection(() => 'direct'), carrier_id: many2one('delivery.carrier', (row) => row.carrierId ?? null), reference: char((row) => row.paymentReference ?? null),
    },
    methods: {
      action_confirm: { parameters: [], run: confirm },
      action_cancel: { parameters: [], run: ({ engine }, ids) => ids.map((orderId) => engine.execute('erp/cancel-order', { orderId })).every(Boolean) },
    },
  });
}

function lineModel(tables: ErpTables): Model {
  const order = (row: OrderLine): Order => tables.orders.get(row.orderId)!;
  const totals = (row: OrderLine) => totalsOf(tables, order(row)).lines.get(row.id)!;
  const item = (row: OrderLine) => (row.variantId === null ? null : tables.items.get(tables.variants.get(row.variantId)!.itemId)!);
  const delivered = (row: OrderLine): string => (row.variantId === null ? '0' : deliveredOf(tables, row));
  const displayName = (row: OrderLine): string => {
    const code = tables.parties.get(order(row).partyId)!.code;
    return `${order(row).name} - ${row.name}${code === null ? '' : ` (${code})`}`;
  };
  return model<OrderLine>({
    name: 'sale.order.line', table: tables.orderLines, order: 'order_id, sequence, id', displayName,
    fields: {
      name: char((row) => row.name), order_id: many2one('sale.order', (row) => row.orderId, 'orderId'), order_partner_id: many2one('res.partner', (row) => order(row).partyId), sequence: integer((row) => row.sequence),
      product_id: many2one('product.product', (row) => row.variantId, 'variantId'), product_template_id: many2one('product.template', (row) => item(row)?.id ?? null),
      product_uom_qty: float((row) => row.quantity), product_uom_id: many2one('uom.uom', (row) => row.unitId ?? item(row)?.unitId ?? null), qty_delivered: float(delivered),
      qty_to_deliver: float((row) => subtract(row.quantity, delivered(row))), qty_invoiced: float((row) => invoicedOf(tables, row)), qty_to_invoice: float((row) => (order(row).state === 'sale' ? subtract(row.quantity, invoicedOf(tables, row)) : '0')),
      price_unit: float((row) => row.unitPrice), discount: { ...float<OrderLine>((row) => row.discountPercent), digits: [16, 2] }, price_subtotal: float((row) => totals(row).untaxed), price_tax: float((row) => totals(row).tax), price_total: float((row) => totals(row).total),
      pricelist_item_id: many2one('product.pricelist.item', (row) => row.priceRuleId), tax_ids: many('many2many', 'account.tax', (row) => taxIdsOf(tables, row)), state: selection((row) => order(row).state),
      currency_id: many2one('res.currency', (row) => order(row).currencyId), company_id: many2one('res.company', () => 1), warehouse_id: many2one('stock.warehouse', (row) => order(row).warehouseId),
      display_type: selection((row) => (row.variantId === null ? 'line_note' : null)), is_delivery: boolean(() => false), move_ids: many('one2many', 'stock.move', (row) => tables.moves.where('orderLineId', row.id).map((move) => move.id)),
    },
    create: (call, values) => (call.engine.execute('erp/add-order-line', { orderId: Number(values['order_id']), ...lineOf(call, values) }) as { lineId: number }).lineId,
    write: ({ engine }, lineId, values) => void engine.execute('erp/update-order-line', linePatch(lineId, values)),
  });
}
