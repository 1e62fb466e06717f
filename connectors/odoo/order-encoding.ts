import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { NewOrder, NewOrderLine } from '../../domain/orders.ts';
import { ensureDeliveryAddress } from './addresses.ts';
import type { OdooClient } from './client.ts';
import { lookUp } from './convert.ts';
import { readCurrencies } from './currencies.ts';
import { readProductsBySku } from './skus.ts';
import { readWarehouses } from './topology.ts';
import type { OdooMany2One } from './wire.ts';

/** NewOrder -> the values of one sale.order. Everything that can be refused is refused here, before anything is written. */
export async function encodeOrder(client: OdooClient, order: NewOrder, call: CallContext): Promise<Record<string, unknown>> {
  const customerId = customerIdOf(client, order);
  const [products, priceListId, warehouseId] = await Promise.all([
    readProductsBySku(client, order.lines.map(({ sku }) => sku), call),
    findPriceList(client, order, customerId, call),
    findWarehouse(client, order.lines, call),
  ]);
  const lines = order.lines.map((line) => {
    const found = products.get(line.sku) ?? [];
    const [product] = found;
    if (product === undefined || found.length > 1) throw refused(client, `Odoo has ${found.length} products with SKU ${line.sku}`, ['lines', String(line.lineNumber)]);
    return [0, 0, encodeLine(line, product.id)];
  });
  return {
    partner_id: customerId,
    client_order_ref: order.reference,
    pricelist_id: priceListId,
    ...(warehouseId !== null && { warehouse_id: warehouseId }),
    ...(order.shipTo !== null && { partner_shipping_id: await ensureDeliveryAddress(client, customerId, order.shipTo, call) }),
    ...(order.requestedOn !== null && { commitment_date: `${order.requestedOn} 12:00:00` }),
    ...(order.note !== null && { note: escapeHtml(order.note) }),
    order_line: lines,
  };
}

/** The price is ours and explicit, the discount zero: Odoo's price lists must not price the order again. Unit = the product's own. */
const encodeLine = (line: NewOrderLine, productId: number): Record<string, unknown> => ({
  product_id: productId,
  product_uom_qty: Number(line.quantity),
  price_unit: Number(line.unitPrice.amount),
  discount: 0,
  sequence: line.lineNumber,
});

function customerIdOf(client: OdooClient, { customerId }: NewOrder): number {
  if (/^\d+$/.test(customerId)) return Number(customerId);
  throw refused(client, `not an Odoo contact id (${JSON.stringify(customerId)})`, ['customerId']);
}

interface ListRow {
  readonly id: number;
  readonly currency_id: OdooMany2One;
}

/** An order's currency is its price list's: the named one, else the customer's, else any, as long as the currency fits. */
async function findPriceList(client: OdooClient, order: NewOrder, customerId: number, call: CallContext): Promise<number> {
  const [partners, lists] = await Promise.all([
    client.read<{ property_product_pricelist?: OdooMany2One }[]>({ model: 'res.partner', method: 'read', ids: [customerId], args: { fields: ['property_product_pricelist'] } }, call),
    client.read<ListRow[]>({ model: 'product.pricelist', method: 'search_read', args: { domain: [], fields: ['currency_id'], order: 'sequence,id' } }, call),
  ]);
  const currencies = await readCurrencies(client, lists.map((list) => list.currency_id), call);
  const fitting = lists.filter((list) => lookUp(currencies, list.currency_id, 'currency').name === order.currencyCode);
  const own = partners[0]?.property_product_pricelist;
  const preferred = order.priceListCode ?? (own ? String(own[0]) : null);
  const chosen = fitting.find(({ id }) => String(id) === preferred) ?? fitting[0];
  if (chosen === undefined) throw refused(client, `Odoo has no price list in ${order.currencyCode}`, ['currencyCode']);
  return chosen.id;
}

/** An Odoo order ships from one warehouse: the first line's. Where lines name several, Odoo's routes move the rest. */
async function findWarehouse(client: OdooClient, lines: readonly NewOrderLine[], call: CallContext): Promise<number | null> {
  const code = lines.find(({ locationCode }) => locationCode !== null)?.locationCode;
  if (code === undefined || code === null) return null;
  const warehouse = (await readWarehouses(client, call)).find((row) => row.active && row.code === code);
  if (warehouse === undefined) throw refused(client, `Odoo has no active warehouse ${code}`, ['lines', 'locationCode']);
  return warehouse.id;
}

const refused = (client: OdooClient, message: string, field: readonly string[]): Failure =>
  new Failure('UPSTREAM_REJECTED', message, { system: client.system, field });

/** `note` is HTML in Odoo. */
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char).replaceAll('\n', '<br>');
