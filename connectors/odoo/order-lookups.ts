import type { CallContext } from '../../domain/connector.ts';
import { divide, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { LocationCode } from '../../domain/ids.ts';
import type { NewOrder } from '../../domain/orders.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, lookUp } from './convert.ts';
import { readCurrencies } from './currencies.ts';
import type { LinePrecision } from './line-price.ts';
import { readWarehouses } from './topology.ts';
import type { OdooMany2One } from './wire.ts';

/** What an order names and Odoo must know. Everything here reads only: what is not there is refused before anything is written. */

/** @throws always: it is for the caller to change, or for whoever maps its codes */
export const refused = (client: OdooClient, message: string, field: readonly string[]): Failure =>
  new Failure('UPSTREAM_REJECTED', message, { system: client.system, field });

interface NamedRow {
  readonly id: number;
  readonly name: string;
}

/** By name, else by id; more than one of the name is nobody. */
function pickByName<R extends NamedRow>(rows: readonly R[], code: string): R | 'none' | 'several' {
  const named = rows.filter(({ name }) => name === code);
  if (named.length > 1) return 'several';
  return named[0] ?? rows.find(({ id }) => String(id) === code) ?? 'none';
}

export interface TaxRow extends NamedRow {
  readonly amount: number;
  /** Whether prices have it in them. */
  readonly price_include: boolean;
}

/** Sales taxes by the codes an order carries. @throws Failure for a code that no tax, or more than one, has; for one that prices disagree with */
export async function findTaxes(client: OdooClient, order: NewOrder, call: CallContext): Promise<ReadonlyMap<string, number>> {
  const taxed = [...order.lines, ...(order.charges ?? [])];
  const codes = [...new Set(taxed.flatMap(({ taxes }) => (taxes ?? []).map(({ code }) => code)))];
  if (codes.length === 0) return new Map();
  const args = { domain: [['type_tax_use', 'in', ['sale', 'none']]], fields: ['name', 'amount', 'price_include'], order: 'id' };
  const rows = await client.read<TaxRow[]>({ model: 'account.tax', method: 'search_read', args }, call);
  return new Map(codes.map((code) => {
    const tax = pickByName(rows, code);
    if (typeof tax === 'string') throw refused(client, `Odoo has ${tax === 'none' ? 'no' : 'more than one'} sales tax ${JSON.stringify(code)} (by name or id)`, ['taxes', code]);
    if (tax.amount !== 0 && tax.price_include !== (order.taxIncluded ?? false)) {
      throw refused(client, `Odoo's tax ${JSON.stringify(tax.name)} is ${tax.price_include ? 'in the price' : 'on top of the price'}, the order's prices are ${tax.price_include ? 'without' : 'with'} taxes`, ['taxes', code]);
    }
    return [code, tax.id];
  }));
}

/** Null where the order names none, or Odoo's delivery module is not there: then it can only be said in words. @throws Failure for an unknown code */
export async function findCarrier(client: OdooClient, code: string | null | undefined, call: CallContext): Promise<number | null> {
  if (code == null || (await client.columnsOf('sale.order', ['carrier_id'], call)).length === 0) return null;
  const rows = await client.read<NamedRow[]>({ model: 'delivery.carrier', method: 'search_read', args: { domain: [], fields: ['name'], order: 'id' } }, call);
  const carrier = pickByName(rows, code);
  if (typeof carrier === 'string') throw refused(client, `Odoo has ${carrier === 'none' ? 'no' : 'more than one'} carrier ${JSON.stringify(code)} (by name or id)`, ['carrierCode']);
  return carrier.id;
}

/** The payment term that one of the order's payment methods is; a method that is none is only told in words. */
export async function findPaymentTerm(client: OdooClient, { payments = [] }: NewOrder, call: CallContext): Promise<number | null> {
  if (payments.length === 0) return null;
  const rows = await client.read<NamedRow[]>({ model: 'account.payment.term', method: 'search_read', args: { domain: [], fields: ['name'], order: 'id' } }, call);
  for (const { methodCode, kind } of payments) {
    // "5" may be any provider's name of a method: an id counts only for what is invoiced.
    const term = kind === 'ON_ACCOUNT' ? pickByName(rows, methodCode) : rows.find(({ name }) => name === methodCode);
    if (typeof term === 'object') return term.id;
  }
  return null;
}

interface ListRow {
  readonly id: number;
  readonly currency_id: OdooMany2One;
}

/** An order's currency is its price list's: the named one, else the customer's, else any, as long as the currency fits. */
export async function findPriceList(client: OdooClient, order: NewOrder, customerId: number, call: CallContext): Promise<number> {
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

/**
 * An Odoo order ships from one warehouse: the first line's, else the one all routing hints name. Where lines name several,
 * Odoo's routes move the rest; where hints do, Odoo chooses.
 */
export async function findWarehouse(client: OdooClient, { lines, routing = [] }: NewOrder, call: CallContext): Promise<{ readonly id: number; readonly code: LocationCode } | null> {
  const asked = lines.find(({ locationCode }) => locationCode !== null)?.locationCode ?? null;
  const hinted = [...new Set(routing.map(({ locationCode }) => locationCode))];
  const code = asked ?? (hinted.length === 1 ? hinted[0]! : null);
  if (code === null) return null;
  const warehouse = (await readWarehouses(client, call)).find((row) => row.active && row.code === code);
  if (warehouse === undefined && asked !== null) throw refused(client, `Odoo has no active warehouse ${code}`, ['lines', 'locationCode']);
  return warehouse === undefined ? null : { id: warehouse.id, code };
}

/** What Odoo itself reckons with: units of the order's currency for one of the agreed rate's base; null: it knows one of them not. */
export async function findOwnRate(client: OdooClient, { exchangeRate, currencyCode }: NewOrder, call: CallContext): Promise<Decimal | null> {
  if (exchangeRate == null) return null;
  const args = { domain: [['name', 'in', [exchangeRate.baseCurrencyCode, currencyCode]]], fields: ['name', 'rate'] };
  const rows = await client.read<(NamedRow & { readonly rate: number })[]>({ model: 'res.currency', method: 'search_read', args }, call);
  const rateOf = (code: string): number => rows.find(({ name }) => name === code)?.rate ?? 0;
  const [base, own] = [rateOf(exchangeRate.baseCurrencyCode), rateOf(currencyCode)];
  return base > 0 && own > 0 ? divide(decimalOf(own), decimalOf(base)) : null;
}

/** To how many digits the server keeps prices and percentages; asked only where a line has a discount. */
export async function readPrecision(client: OdooClient, { lines }: NewOrder, call: CallContext): Promise<LinePrecision> {
  if (lines.every(({ discount }) => discount === undefined)) return { priceDigits: null, percentDigits: 2 };
  const args = { allfields: ['price_unit', 'discount'], attributes: ['digits'] };
  const fields = await client.read<Record<string, { readonly digits?: readonly [number, number] | false }>>({ model: 'sale.order.line', method: 'fields_get', args }, call);
  const digitsOf = (name: string): number | null => (fields[name]?.digits ? fields[name].digits[1] : null);
  return { priceDigits: digitsOf('price_unit'), percentDigits: digitsOf('discount') ?? 2 };
}
