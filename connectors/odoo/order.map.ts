import type { ErpOrder, ErpOrderState } from '../../domain/orders.ts';
import { money } from '../../domain/money.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, lookUp, optionalText, requiredText, textOf, utcInstant } from './convert.ts';
import type { Currencies } from './currencies.ts';
import type { OdooOrderLineRow, OdooOrderRow, OdooText } from './wire.ts';

export interface OrderGiven {
  readonly currencies: Currencies;
  readonly skus: ReadonlyMap<number, OdooText>;
  readonly lines: ReadonlyMap<number, readonly OdooOrderLineRow[]>;
  /** Of lines we sent, by their id. */
  readonly lineNumbers: ReadonlyMap<number, number>;
}

const STATES: Readonly<Record<string, ErpOrderState>> = { draft: 'DRAFT', sent: 'DRAFT', sale: 'CONFIRMED', done: 'CONFIRMED', cancel: 'CANCELLED' };

const stateOf = converter('draft, sent = DRAFT; sale, done = CONFIRMED; cancel = CANCELLED', (state: string) => {
  const known = STATES[state];
  if (known === undefined) throw new RangeError(`unknown state (${JSON.stringify(state)})`);
  return known;
});

type OrderLine = ErpOrder['lines'][number];

/** sale.order.line -> ErpOrder.lines; section, note and down-payment rows have no product and are no lines. */
export const orderLineMap = mapEntity<OdooOrderLineRow, OrderLine, Pick<OrderGiven, 'skus' | 'lineNumbers'>>('ErpOrder.lines', ({ from, merge }) => ({
  sku: from('product_id', converter('SKU of the product, else "odoo:" + id', (product, { skus }: Pick<OrderGiven, 'skus'>) => skuOrId(product, skus))),
  quantity: from('product_uom_qty', converter('decimal', decimalOf)),
  delivered: from('qty_delivered', converter('decimal', decimalOf)),
  lineNumber: merge(['id', 'sequence'], converter('number; null for charges and lines we did not send', ({ id }, { lineNumbers }: Pick<OrderGiven, 'lineNumbers'>) => lineNumbers.get(id) ?? null)),
}));

/** Sequences from here on are charges and notes: a line of an order keeps its own number as its sequence. */
export const AFTER_ALL_LINES = 100_000;

/**
 * Line number by line id, of one order of ours. Somebody who drags lines about in Odoo renumbers them, and a line added
 * there has 10: a number that two lines have is nobody's.
 */
export function lineNumbersOf(lines: readonly Pick<OdooOrderLineRow, 'id' | 'sequence'>[]): ReadonlyMap<number, number> {
  const bySequence = Map.groupBy(lines, ({ sequence }) => sequence);
  return new Map([...bySequence].flatMap(([sequence, [line, ...others]]) =>
    (line === undefined || others.length > 0 || sequence >= AFTER_ALL_LINES || sequence < 1 ? [] : [[line.id, sequence] as const])));
}

/** An order may hold products that are no items of ours (delivery fees); their line must not lose the order. */
function skuOrId(product: OdooOrderLineRow['product_id'], skus: OrderGiven['skus']): string {
  const code = lookUp(skus, product, 'product');
  return code === false || code === '' ? `odoo:${product === false ? '' : product[0]}` : textOf(code);
}

/** sale.order -> ErpOrder */
export const orderMap = mapEntity<OdooOrderRow, ErpOrder, OrderGiven>('ErpOrder', ({ from, merge }) => ({
  id: from('id', converter('id as text', (id: number) => String(id))),
  number: from('name', requiredText),
  reference: from('client_order_ref', optionalText),
  state: from('state', stateOf),
  total: merge(['amount_total', 'currency_id'], converter('money, tax included', (row, { currencies }: OrderGiven) =>
    money(decimalOf(row.amount_total), lookUp(currencies, row.currency_id, 'currency').name))),
  tax: merge(['amount_tax', 'currency_id'], converter('money', (row, { currencies }: OrderGiven) =>
    money(decimalOf(row.amount_tax), lookUp(currencies, row.currency_id, 'currency').name))),
  lines: from('id', converter('sale.order.line rows with a product', (id: number, given: OrderGiven) =>
    (given.lines.get(id) ?? []).map((line) => orderLineMap.map(line, given)))),
  updatedAt: from('write_date', utcInstant),
}));
