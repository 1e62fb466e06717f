import { money } from '../../domain/money.ts';
import type { CreditMemoRecord } from '../../domain/returns.ts';
import { instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, lookUp, optionalText, textOrNull, utcInstant } from './convert.ts';
import type { Currencies } from './currencies.ts';
import type { OdooCreditMemoLineRow, OdooCreditMemoRow } from './wire-after-sale.ts';
import type { OdooMany2One, OdooText } from './wire.ts';

export interface CreditMemoGiven {
  readonly currencies: Currencies;
  readonly skus: ReadonlyMap<number, OdooText>;
  /** Lines by credit memo; sections and notes are left out. */
  readonly lines: ReadonlyMap<number, readonly OdooCreditMemoLineRow[]>;
  /** The order of a sale.order.line. */
  readonly orders: ReadonlyMap<number, OdooMany2One>;
}

export interface CreditMemoLineGiven extends Pick<CreditMemoGiven, 'skus'> {
  readonly currencyCode: string;
}

const STATES: Readonly<Record<string, CreditMemoRecord['state']>> = { draft: 'DRAFT', posted: 'POSTED', cancel: 'CANCELLED' };

const PAYMENTS: Readonly<Record<string, CreditMemoRecord['paymentState']>> = {
  not_paid: 'NOT_PAID', blocked: 'NOT_PAID', invoicing_legacy: 'NOT_PAID', partial: 'PARTLY_PAID', in_payment: 'PAID', paid: 'PAID', reversed: 'PAID',
};

const oneOf = <T>(table: Readonly<Record<string, T>>) => (value: string): T => {
  const known = table[value];
  if (known === undefined) throw new RangeError(`unknown state (${JSON.stringify(value)})`);
  return known;
};

type MemoLine = CreditMemoRecord['lines'][number];

/** account.move.line -> CreditMemoRecord.lines */
export const creditMemoLineMap = mapEntity<OdooCreditMemoLineRow, MemoLine, CreditMemoLineGiven>('CreditMemoRecord.lines', ({ from }) => ({
  sku: from('product_id', converter('SKU of the product, null without', (product: OdooMany2One, { skus }: CreditMemoLineGiven) => (product === false ? null : textOrNull(skus.get(product[0]))))),
  description: from('name', converter('text, empty without', (name: OdooText) => textOrNull(name) ?? '')),
  quantity: from('quantity', converter('decimal', decimalOf)),
  total: from('price_total', converter('money, tax included', (total: number, { currencyCode }: CreditMemoLineGiven) => money(decimalOf(total), currencyCode))),
}));

const currencyOf = (currency: OdooMany2One, { currencies }: Pick<CreditMemoGiven, 'currencies'>): string => lookUp(currencies, currency, 'currency').name;

const dayAsInstant = (day: OdooText) => (day === false ? null : instant(`${day}T00:00:00Z`));

const orderOf = (id: number, { lines, orders }: CreditMemoGiven): string | null => {
  const order = (lines.get(id) ?? []).flatMap((line) => line.sale_line_ids ?? []).flatMap((line) => orders.get(line) || [])[0];
  return typeof order === 'number' ? String(order) : null;
};

/** account.move of type out_refund -> CreditMemoRecord */
export const creditMemoMap = mapEntity<OdooCreditMemoRow, CreditMemoRecord, CreditMemoGiven>('CreditMemoRecord', ({ from, merge }) => ({
  id: from('id', converter('id as text', (id: number) => String(id))),
  number: merge(['id', 'name'], converter('text; "draft " + id until posted', ({ id, name }) => (name === false || name === '' || name === '/' ? `draft ${id}` : name))),
  reference: from('ref', optionalText),
  orderId: from('id', converter('order of its lines\' sale_line_ids, the first', orderOf)),
  state: from('state', converter('draft, posted, cancel', oneOf(STATES))),
  paymentState: from('payment_state', converter('partial = PARTLY_PAID; in_payment, paid, reversed = PAID; else NOT_PAID', oneOf(PAYMENTS))),
  total: merge(['amount_total', 'currency_id'], converter('money, tax included', (row, given: CreditMemoGiven) => money(decimalOf(row.amount_total), currencyOf(row.currency_id, given)))),
  tax: merge(['amount_tax', 'currency_id'], converter('money', (row, given: CreditMemoGiven) => money(decimalOf(row.amount_tax), currencyOf(row.currency_id, given)))),
  lines: merge(['id', 'currency_id'], converter('account.move.line rows of invoice_line_ids, no sections nor notes', ({ id, currency_id }, given: CreditMemoGiven) =>
    (given.lines.get(id) ?? []).map((line) => creditMemoLineMap.map(line, { skus: given.skus, currencyCode: currencyOf(currency_id, given) })))),
  postedAt: merge(['state', 'invoice_date'], converter('midnight UTC of the day it is dated; null until posted', (row) => (row.state === 'posted' ? dayAsInstant(row.invoice_date) : null))),
  updatedAt: from('write_date', utcInstant),
}));
