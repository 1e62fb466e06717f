import { setTimeout as delay } from 'node:timers/promises';
import { subtract } from '../../../engine/decimal.ts';
import { pickingsOf } from '../../../engine/lookups.ts';
import type { Order, OrderLine } from '../../../engine/rows.ts';
import { deliveredOf, deliveryStatusOf, totalsOf } from '../../../engine/sales.ts';
import { freeAt } from '../../../engine/stock.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { missing, validationError } from '../errors.ts';
import { boolean, char, datetime, float, integer, many, many2one, model, selection, type Call, type Method, type Model } from '../field.ts';
import { checkFields, given, idOf, momentOf, numberText, readCommands, textOf, type Columns } from '../writing.ts';

const WRITTEN: Columns = {
  partner_id: ['partyId', Number], partner_invoice_id: ['invoicePartyId', Number], partner_shipping_id: ['deliveryPartyId', Number], client_order_ref: ['reference', textOf],
  origin: ['origin', textOf], warehouse_id: ['warehouseId', Number], pricelist_id: ['priceListId', idOf], payment_term_id: ['paymentTermId', idOf], date_order: ['orderedAtMs', momentOf],
  commitment_date: ['wantedAtMs', momentOf], note: ['note', textOf],
};

const LINE: Columns = {
  product_id: ['variantId', Number], product_uom_qty: ['quantity', numberText], price_unit: ['unitPrice', numberText], discount: ['discountPercent', numberText], name: ['name', String],
  tax_ids: ['taxed', (value) => readCommands(value).some((command) => command.kind !== 'link' || command.ids.length > 0)],
};

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
  demand(call, 'product.product', values['product_id']);
  return { quantity: '1', ...given(values, LINE) };
}

function demand(call: Call, name: string, id: unknown): void {
  if (call.models.get(name)?.table.get(id as number) === undefined) throw missing(name, id, 5);
}

function write(call: Call, orderId: number, values: Readonly<Record<string, unknown>>): void {
  const patch = given(values, WRITTEN);
  if (Object.keys(patch).length > 0) call.engine.execute('erp/update-order', { orderId, ...patch });
  for (const command of readCommands(values['order_line'])) {
    if (command.kind === 'create') call.engine.execute('erp/add-order-line', { orderId, ...lineOf(call, command.values) });
    if (command.kind === 'update') call.engine.execute('erp/update-order-line', { lineId: command.id, ...given(command.values, LINE) });
  }
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
      currency_rate: float((row) => tables.currencies.get(row.currencyId)!.rate), payment_term_id: many2one('account.payment.term', (row) => row.paymentTermId), company_id: many2one('res.company', () => 1), user_id: many2one('res.users', () => 5),
      date_order: datetime((row) => row.orderedAtMs), commitment_date: datetime((row) => row.wantedAtMs), expected_date: datetime((row) => row.orderedAtMs), effective_date: datetime((row) => done(row)[0] ?? null),
      order_line: many('one2many', 'sale.order.line', (row) => lines(row).map((line) => line.id)), picking_ids: many('one2many', 'stock.picking', (row) => pickingsOf(tables, row.id).map((picking) => picking.id).reverse()),
      delivery_count: integer((row) => pickingsOf(tables, row.id).length), delivery_status: selection((row) => deliveryStatusOf(tables, row)),
      amount_untaxed: float((row) => totalsOf(tables, row).untaxed), amount_tax: float((row) => totalsOf(tables, row).tax), amount_total: float((row) => totalsOf(tables, row).total),
      invoice_status: selection((row) => (row.state === 'sale' ? 'to invoice' : 'no')), invoice_ids: many('many2many', 'account.move', () => []), locked: boolean(() => false), note: char((row) => row.note),
      picking_policy: selection(() => 'direct'), carrier_id: many2one('delivery.carrier', () => null),
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
  const item = (row: OrderLine) => tables.items.get(tables.variants.get(row.variantId!)!.itemId)!;
  const displayName = (row: OrderLine): string => {
    const code = tables.parties.get(order(row).partyId)!.code;
    return `${order(row).name} - ${row.name}${code === null ? '' : ` (${code})`}`;
  };
  return model<OrderLine>({
    name: 'sale.order.line', table: tables.orderLines, order: 'order_id, sequence, id', displayName,
    fields: {
      name: char((row) => row.name), order_id: many2one('sale.order', (row) => row.orderId, 'orderId'), order_partner_id: many2one('res.partner', (row) => order(row).partyId), sequence: integer((row) => row.sequence),
      product_id: many2one('product.product', (row) => row.variantId, 'variantId'), product_template_id: many2one('product.template', (row) => item(row).id),
      product_uom_qty: float((row) => row.quantity), product_uom_id: many2one('uom.uom', (row) => item(row).unitId), qty_delivered: float((row) => deliveredOf(tables, row)),
      qty_to_deliver: float((row) => subtract(row.quantity, deliveredOf(tables, row))), qty_invoiced: float(() => '0'), qty_to_invoice: float((row) => (order(row).state === 'sale' ? row.quantity : '0')),
      price_unit: float((row) => row.unitPrice), discount: float((row) => row.discountPercent), price_subtotal: float((row) => totals(row).untaxed), price_tax: float((row) => totals(row).tax), price_total: float((row) => totals(row).total),
      pricelist_item_id: many2one('product.pricelist.item', (row) => row.priceRuleId), tax_ids: many('many2many', 'account.tax', (row) => (row.taxed ? [1] : [])), state: selection((row) => order(row).state),
      currency_id: many2one('res.currency', (row) => order(row).currencyId), company_id: many2one('res.company', () => 1), warehouse_id: many2one('stock.warehouse', (row) => order(row).warehouseId),
      display_type: selection(() => null), is_delivery: boolean(() => false), move_ids: many('one2many', 'stock.move', (row) => tables.moves.where('orderLineId', row.id).map((move) => move.id)),
    },
    create: (call, values) => (call.engine.execute('erp/add-order-line', { orderId: Number(values['order_id']), ...lineOf(call, values) }) as { lineId: number }).lineId,
    write: ({ engine }, lineId, values) => void engine.execute('erp/update-order-line', { lineId, ...given(values, LINE) }),
  });
}
