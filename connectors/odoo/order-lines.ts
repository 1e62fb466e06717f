import type { CallContext } from '../../domain/connector.ts';
import { ZERO, type Decimal } from '../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../domain/ids.ts';
import { currencyDigits } from '../../domain/money.ts';
import type { NewOrder, NewOrderLine } from '../../domain/orders.ts';
import type { OdooClient } from './client.ts';
import { idOf } from './convert.ts';
import { representPrice, type LinePrecision } from './line-price.ts';
import { refused } from './order-lookups.ts';
import { AFTER_ALL_LINES } from './order.map.ts';
import { lineNotes } from './order-notes.ts';
import { unitFactor, type Units } from './units.ts';
import { readProductsBySku } from './skus.ts';
import type { OdooKitProductRow } from './wire.ts';

/** What the lines are encoded with; all of it read before. */
export interface LinesFound {
  readonly products: ReadonlyMap<Sku, OdooKitProductRow>;
  readonly taxes: ReadonlyMap<string, number>;
  readonly units: Units;
  readonly precision: LinePrecision;
  readonly warehouse: LocationCode | null;
  /** `tax_ids` and `product_uom_id`; `tax_id` and `product_uom` until 18. */
  readonly columns: { readonly tax: string; readonly unit: string };
  readonly orderNotes: readonly string[];
}

type Command = readonly [0, 0, Readonly<Record<string, unknown>>];
const create = (values: Readonly<Record<string, unknown>>): Command => [0, 0, values];
const note = (name: string, sequence: number): Command => create({ display_type: 'line_note', name, sequence });

/** Lines, each with what has to be said of it, then charges, then what is to be said of the whole. @throws Failure UPSTREAM_REJECTED */
export function encodeLines(client: OdooClient, order: NewOrder, found: LinesFound): readonly Command[] {
  const lines = order.lines.flatMap((line) => encodeLine(client, order, line, found));
  const charges = (order.charges ?? []).map(({ code, amount, description, taxes }, index) => create({
    product_id: found.products.get(code)!.id, product_uom_qty: 1, price_unit: Number(amount), discount: 0,
    ...(description !== null && { name: description }), ...encodeTaxes(taxes, found), sequence: AFTER_ALL_LINES + index,
  }));
  const last = AFTER_ALL_LINES + charges.length;
  return [...lines, ...charges, ...found.orderNotes.map((text, index) => note(text, last + index))];
}

/** The price is ours and explicit, and so is the discount: Odoo's price lists must not price the order again. */
function encodeLine(client: OdooClient, order: NewOrder, line: NewOrderLine, found: LinesFound): readonly Command[] {
  const { quantity, unitPrice, discount = ZERO, lineNumber } = line;
  const price = representPrice({ quantity, unitPrice: unitPrice.amount, discount }, found.precision, currencyDigits(order.currencyCode));
  const values = {
    product_id: found.products.get(line.sku)!.id, product_uom_qty: Number(quantity), price_unit: Number(price.unitPrice), discount: Number(price.percent),
    ...encodeUnit(client, line, found), ...encodeTaxes(line.taxes, found), sequence: lineNumber,
  };
  const notes = lineNotes(order, line, { warehouse: found.warehouse, folded: price.folded }).map((text) => note(text, lineNumber));
  return [create(values), ...discountLine(client, line, price.rest, found), ...notes];
}

/** Only on servers that round prices, before 19. */
function discountLine(client: OdooClient, { lineNumber, taxes }: NewOrderLine, rest: Decimal, found: LinesFound): readonly Command[] {
  if (rest === ZERO) return [];
  const code = client.settings.discountProduct;
  const product = code === undefined ? undefined : found.products.get(code);
  if (product === undefined) {
    throw refused(client, `this Odoo rounds prices: the discount of line ${lineNumber} needs a line of its own, and the setting discountProduct the SKU of a service for it`, ['lines', String(lineNumber), 'discount']);
  }
  return [create({ product_id: product.id, product_uom_qty: 1, price_unit: Number(rest), discount: 0, name: `Discount on line ${lineNumber}`, ...encodeTaxes(taxes, found), sequence: AFTER_ALL_LINES - 1 })];
}

/** None named: Odoo's own; an empty list: no tax at all. */
const encodeTaxes = (taxes: NewOrderLine['taxes'], { taxes: ids, columns }: LinesFound): Readonly<Record<string, unknown>> =>
  taxes == null ? {} : { [columns.tax]: [[6, 0, [...new Set(taxes.map(({ code }) => ids.get(code)!))]]] };

function encodeUnit(client: OdooClient, { unitCode, sku, lineNumber }: NewOrderLine, { units, products, columns }: LinesFound): Readonly<Record<string, unknown>> {
  if (unitCode == null) return {};
  const own = units.get(idOf(products.get(sku)!.uom_id));
  const named = [...units.values()].filter(({ name, active }) => name === unitCode && active !== false);
  const fitting = own === undefined ? [] : named.filter((unit) => unit.id === own.id || convertible(() => unitFactor(unit, own)));
  if (fitting.length === 1) return { [columns.unit]: fitting[0]!.id };
  const reason = named.length === 0 ? 'does not know' : fitting.length === 0 ? 'cannot convert' : 'has more than one';
  throw refused(client, `Odoo ${reason} unit ${JSON.stringify(unitCode)} for ${sku}`, ['lines', String(lineNumber), 'unitCode']);
}

function convertible(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** The products of an order: its lines' and its charges'. @throws Failure UPSTREAM_REJECTED naming the code that is missing, or is none of its kind */
export async function findProducts(client: OdooClient, order: NewOrder, call: CallContext): Promise<ReadonlyMap<Sku, OdooKitProductRow>> {
  const charges = (order.charges ?? []).map(({ code }) => code);
  const { discountProduct } = client.settings;
  const optional = discountProduct !== undefined && order.lines.some(({ discount }) => discount !== undefined) ? [discountProduct] : [];
  const rows = await readProductsBySku(client, [...order.lines.map(({ sku }) => sku), ...charges, ...optional], call);
  const only = (sku: Sku, field: readonly string[]): OdooKitProductRow => {
    const found = rows.get(sku) ?? [];
    if (found.length !== 1) throw refused(client, `Odoo has ${found.length} products with SKU ${sku}`, field);
    return found[0]!;
  };
  const service = (code: string, field: readonly string[]): OdooKitProductRow => {
    const row = only(code, field);
    if (row.type !== 'service') throw refused(client, `Odoo's product ${code} is no service: as a charge it would be shipped`, field);
    return row;
  };
  return new Map([
    ...order.lines.map(({ sku, lineNumber }) => [sku, only(sku, ['lines', String(lineNumber)])] as const),
    ...[...charges, ...optional].map((code, index) => [code, service(code, ['charges', String(index), 'code'])] as const),
  ]);
}
