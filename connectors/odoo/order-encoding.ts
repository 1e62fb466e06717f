import type { CallContext } from '../../domain/connector.ts';
import type { PostalAddress } from '../../domain/customers.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { ensureAddress, findAddress, type AddressFound } from './addresses.ts';
import type { OdooClient } from './client.ts';
import { encodeLines, findProducts } from './order-lines.ts';
import { findCarrier, findOwnRate, findPaymentTerm, findPriceList, findTaxes, findWarehouse, readPrecision, refused } from './order-lookups.ts';
import { orderNotes } from './order-notes.ts';
import { readUnits } from './units.ts';

/**
 * NewOrder -> the values of one sale.order. Everything that can be refused is refused here, before anything is written:
 * first all is looked up, then the lines are made of it, then addresses are written that are not there yet.
 */
export async function encodeOrder(client: OdooClient, order: NewOrder, call: CallContext): Promise<Record<string, unknown>> {
  const customerId = customerIdOf(client, order);
  const [priceListId, warehouse, carrierId, paymentTermId, addresses] = await Promise.all([
    findPriceList(client, order, customerId, call),
    findWarehouse(client, order, call),
    findCarrier(client, order.carrierCode, call),
    findPaymentTerm(client, order, call),
    findAddresses(client, order, customerId, call),
  ]);
  const lines = await encodeFoundLines(client, order, { warehouse: warehouse?.code ?? null, carrierKept: carrierId !== null }, call);
  const references = (order.payments ?? []).flatMap(({ reference }) => reference ?? []);
  return {
    partner_id: customerId,
    client_order_ref: order.reference,
    pricelist_id: priceListId,
    ...(order.externalOrderId != null && { origin: order.externalOrderId }),
    ...(warehouse !== null && { warehouse_id: warehouse.id }),
    ...(carrierId !== null && { carrier_id: carrierId }),
    ...(paymentTermId !== null && { payment_term_id: paymentTermId }),
    ...(references.length > 0 && { reference: references.join(', ') }),
    ...(addresses.shipTo !== null && { partner_shipping_id: await ensureAddress(client, addresses.shipTo, call) }),
    ...(addresses.billTo !== null && { partner_invoice_id: await ensureAddress(client, addresses.billTo, call) }),
    ...(order.requestedOn !== null && { commitment_date: `${order.requestedOn} 12:00:00` }),
    ...(order.note !== null && { note: escapeHtml(order.note) }),
    order_line: lines,
  };
}

interface Decided {
  readonly warehouse: string | null;
  readonly carrierKept: boolean;
}

async function encodeFoundLines(client: OdooClient, order: NewOrder, { warehouse, carrierKept }: Decided, call: CallContext): Promise<ReturnType<typeof encodeLines>> {
  const [products, taxes, precision, ownRate, units, columns] = await Promise.all([
    findProducts(client, order, call),
    findTaxes(client, order, call),
    readPrecision(client, order, call),
    findOwnRate(client, order, call),
    order.lines.some(({ unitCode }) => unitCode != null) ? readUnits(client, call) : new Map(),
    lineColumns(client, call),
  ]);
  return encodeLines(client, order, { products, taxes, units, precision, warehouse, columns, orderNotes: orderNotes(order, { ownRate, carrierKept }) });
}

/** Both were renamed in 19. */
export async function lineColumns(client: OdooClient, call: CallContext): Promise<{ readonly tax: string; readonly unit: string }> {
  const known = await client.columnsOf('sale.order.line', ['tax_ids', 'tax_id', 'product_uom_id', 'product_uom'], call);
  return { tax: known.find((name) => name.startsWith('tax')) ?? 'tax_ids', unit: known.find((name) => name.startsWith('product')) ?? 'product_uom_id' };
}

/** Those of single lines are written when they are needed (see delivery-split), but found wanting now. */
async function findAddresses(
  client: OdooClient, order: NewOrder, customerId: number, call: CallContext,
): Promise<{ readonly shipTo: AddressFound | null; readonly billTo: AddressFound | null }> {
  const find = (address: PostalAddress | null | undefined, kind: 'delivery' | 'invoice'): Promise<AddressFound | null> =>
    address == null ? Promise.resolve(null) : findAddress(client, { customerId, address, kind }, call);
  const [shipTo, billTo] = await Promise.all([find(order.shipTo, 'delivery'), find(order.billTo, 'invoice'), ...order.lines.map((line) => find(line.shipTo, 'delivery'))]);
  return { shipTo: shipTo ?? null, billTo: billTo ?? null };
}

export function customerIdOf(client: OdooClient, { customerId }: Pick<NewOrder, 'customerId'>): number {
  if (/^\d+$/.test(customerId)) return Number(customerId);
  throw refused(client, `not an Odoo contact id (${JSON.stringify(customerId)})`, ['customerId']);
}

/** `note` is HTML in Odoo. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char).replaceAll('\n', '<br>');
