import { randomUUID } from 'node:crypto';
import { decimal } from '../../domain/decimal.ts';
import type { NewOrder, NewOrderLine } from '../../domain/orders.ts';
import { instant } from '../../domain/time.ts';
import type { Connector } from '../../domain/connector.ts';
import { call, type Desk } from './targets.ts';

/** Orders to try things with, and what people in the ERP do to them. */

export const lineOf = (lineNumber: number, sku: string, quantity: string, price: string, over: Partial<NewOrderLine> = {}): NewOrderLine => ({
  lineNumber, sku, quantity: decimal(quantity), unitPrice: { amount: decimal(price), currencyCode: 'USD' }, locationCode: 'MAIN', ...over,
});

export async function newOrder(connector: Connector, lines: readonly NewOrderLine[], over: Partial<NewOrder> = {}): Promise<NewOrder> {
  const customerId = await connector.customers!.findCustomer({ number: 'C-2001' }, call());
  return {
    reference: `T-${randomUUID()}`, customerId: customerId!, channel: null, currencyCode: 'USD', priceListCode: null, shipTo: null, requestedOn: null, note: null,
    lines, placedAt: instant(Date.now()), ...over,
  };
}

export interface PickingRow {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly partner_id: readonly [number, string] | false;
  readonly scheduled_date: string;
}

/** An order's deliveries, the oldest first. */
export const deliveriesOf = (desk: Desk, orderId: string): Promise<PickingRow[]> => desk<PickingRow[]>('stock.picking', 'search_read', {
  domain: [['sale_id', '=', Number(orderId)], ['picking_type_code', '=', 'outgoing']], fields: ['name', 'state', 'partner_id', 'scheduled_date'], order: 'id',
});

export interface MoveRow {
  readonly id: number;
  readonly product_uom_qty: number;
  readonly quantity: number;
  readonly state: string;
  readonly picking_id: readonly [number, string];
}

/** Moves of an order that are not cancelled, by line number. */
export async function movesOf(desk: Desk, orderId: string): Promise<ReadonlyMap<number, readonly MoveRow[]>> {
  const lines = await desk<{ id: number; sequence: number }[]>('sale.order.line', 'search_read', { domain: [['order_id', '=', Number(orderId)], ['product_id', '!=', false]], fields: ['sequence'] });
  const moves = await desk<(MoveRow & { sale_line_id: [number, string] })[]>('stock.move', 'search_read', {
    domain: [['sale_line_id', 'in', lines.map(({ id }) => id)], ['state', '!=', 'cancel']], fields: ['product_uom_qty', 'quantity', 'state', 'picking_id', 'sale_line_id'], order: 'id',
  });
  return new Map(lines.map(({ id, sequence }) => [sequence, moves.filter((move) => move.sale_line_id[0] === id)]));
}

export async function pick(desk: Desk, orderId: string, lineNumber: number): Promise<void> {
  await desk('stock.move', 'write', { ids: (await movesOf(desk, orderId)).get(lineNumber)!.map(({ id }) => id), vals: { picked: true } });
}

/** Ships all that is reserved; what lay there is put back on the shelf afterwards, other suites count on it. */
export async function ship(desk: Desk, orderId: string, skus: readonly string[], place: string): Promise<void> {
  const domain = [['product_id.default_code', 'in', skus], ['location_id.complete_name', '=', place]];
  const before = await desk<{ product_id: [number, string]; location_id: [number, string]; quantity: number }[]>('stock.quant', 'search_read', { domain, fields: ['product_id', 'location_id', 'quantity'] });
  const open = (await deliveriesOf(desk, orderId)).filter(({ state }) => state === 'assigned').map(({ id }) => id);
  await desk('stock.picking', 'button_validate', { ids: open, context: { skip_backorder: true } });
  for (const { product_id: [product], location_id: [location], quantity } of before) {
    const ids = await desk<number[]>('stock.quant', 'create', { vals_list: [{ product_id: product, location_id: location, inventory_quantity: quantity }], context: { inventory_mode: true } });
    await desk('stock.quant', 'action_apply_inventory', { ids });
  }
}

/** Runs `work` with a price list in a currency; it is taken away again. */
export async function withPriceList<T>(desk: Desk, currencyCode: string, work: () => Promise<T>): Promise<T> {
  const [currency] = await desk<number[]>('res.currency', 'search', { domain: [['name', '=', currencyCode]] });
  const name = `${currencyCode} of the tests`;
  // A run that was killed left its own.
  const left = await desk<number[]>('product.pricelist', 'search', { domain: [['name', '=', name]] });
  if (left.length > 0) await desk('product.pricelist', 'unlink', { ids: left });
  const lists = await desk<number[]>('product.pricelist', 'create', { vals_list: [{ name, currency_id: currency }] });
  try {
    return await work();
  } finally {
    await desk('product.pricelist', 'unlink', { ids: lists });
  }
}

/** Runs `work` while there is a tax of 19 % that prices have in them. */
export async function withIncludedTax<T>(desk: Desk, work: (code: string) => Promise<T>): Promise<T> {
  const name = 'VAT 19% of the tests';
  const [known] = await desk<number[]>('account.tax', 'search', { domain: [['name', '=', name], ['active', 'in', [true, false]]] });
  const [id] = known === undefined ? await desk<number[]>('account.tax', 'create', { vals_list: [{ name, amount: 19, price_include_override: 'tax_included' }] }) : [known];
  await desk('account.tax', 'write', { ids: [id], vals: { active: true } });
  try {
    return await work(name);
  } finally {
    await desk('account.tax', 'write', { ids: [id], vals: { active: false } });
  }
}

/** The carrier that is there, else one made now: real servers come with one. */
export async function someCarrier(desk: Desk): Promise<string> {
  const [carrier] = await desk<{ name: string }[]>('delivery.carrier', 'search_read', { domain: [], fields: ['name'], order: 'id', limit: 1 });
  if (carrier !== undefined) return carrier.name;
  const [product] = await desk<number[]>('product.product', 'search', { domain: [['default_code', '=', 'SETUP']] });
  await desk('delivery.carrier', 'create', { vals_list: [{ name: 'Standard delivery', product_id: product }] });
  return 'Standard delivery';
}
