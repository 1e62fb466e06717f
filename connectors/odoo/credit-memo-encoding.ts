import type { CallContext } from '../../domain/connector.ts';
import { add, isNegative, isPositive, least, subtract, ZERO, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { NewCreditMemo } from '../../domain/returns.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, textOrNull } from './convert.ts';
import { escapeHtml } from './order-encoding.ts';
import { refused } from './order-lookups.ts';
import { orderIdOf } from './order-reading.ts';
import { readAll } from './paging.ts';
import { keyOf } from './return-reading.ts';
import { readProductsBySku, readSkus } from './skus.ts';
import type { OdooCreditedLineRow } from './wire-after-sale.ts';
import type { OdooMany2One } from './wire.ts';

interface OrderRow {
  readonly id: number;
  readonly name: string;
  readonly partner_invoice_id: OdooMany2One;
  readonly currency_id: OdooMany2One;
  readonly fiscal_position_id?: OdooMany2One;
}

/** A line of the order and how much of it no credit note gives back yet. */
interface Creditable {
  readonly line: OdooCreditedLineRow;
  readonly sku: string | null;
  readonly left: Decimal;
}

/**
 * NewCreditMemo -> the values of one account.move. Prices, discounts and taxes are the order lines' own, so that the ERP's
 * arithmetic is that of the order; linked to them, so that the order knows. Whether the order was invoiced here does not matter:
 * Odoo counts what is given back against what is or will be invoiced.
 * @throws Failure UPSTREAM_REJECTED for more than the order has and no credit note gives back yet; for an unknown charge code
 */
export async function encodeCreditMemo(client: OdooClient, memo: NewCreditMemo, call: CallContext): Promise<Record<string, unknown>> {
  const orderId = orderIdOf(client, memo.orderId);
  const [[order], creditable] = await Promise.all([
    readAll<OrderRow>(client, { model: 'sale.order', columns: ['name', 'partner_invoice_id', 'currency_id', 'fiscal_position_id'], domain: [['id', '=', orderId]] }, call),
    readCreditable(client, orderId, call),
  ]);
  if (order === undefined) throw refused(client, `Odoo has no sale.order ${orderId}`, ['orderId']);
  const lines = shares(client, memo, creditable).map(({ line, quantity }) => encodeLine(line, { quantity: Number(quantity), price_unit: line.price_unit, discount: line.discount }));
  return {
    move_type: 'out_refund', partner_id: keyOf(order.partner_invoice_id), currency_id: keyOf(order.currency_id), ref: memo.reference, invoice_origin: order.name,
    ...(order.fiscal_position_id && { fiscal_position_id: order.fiscal_position_id[0] }),
    ...(memo.reason !== '' && { narration: escapeHtml(memo.reason) }),
    invoice_line_ids: [...lines, ...(await encodeCharges(client, memo, creditable, call))].map((line) => [0, 0, line]),
  };
}

async function readCreditable(client: OdooClient, orderId: number, call: CallContext): Promise<readonly Creditable[]> {
  const columns = ['product_id', 'name', 'product_uom_qty', 'product_uom_id', 'product_uom', 'price_unit', 'discount', 'tax_ids', 'tax_id'];
  const lines = await readAll<OdooCreditedLineRow>(client, { model: 'sale.order.line', columns, domain: [['order_id', '=', orderId], ['product_id', '!=', false]] }, call);
  const [skus, given] = await Promise.all([
    readSkus(client, lines.map((line) => line.product_id), call),
    readAll<{ readonly id: number; readonly quantity: number; readonly sale_line_ids: readonly number[] }>(client, {
      model: 'account.move.line', columns: ['quantity', 'sale_line_ids'],
      domain: [['sale_line_ids', 'in', lines.map(({ id }) => id)], ['move_id.move_type', '=', 'out_refund'], ['parent_state', '!=', 'cancel']],
    }, call),
  ]);
  return lines.map((line) => ({
    line, sku: textOrNull(skus.get(keyOf(line.product_id))),
    left: given.filter(({ sale_line_ids: of }) => of.includes(line.id)).reduce((left, { quantity }) => subtract(left, decimalOf(quantity)), decimalOf(line.product_uom_qty)),
  }));
}

function shares(client: OdooClient, memo: NewCreditMemo, creditable: readonly Creditable[]): readonly { readonly line: OdooCreditedLineRow; readonly quantity: Decimal }[] {
  const taken = new Map<OdooCreditedLineRow, Decimal>();
  for (const { sku, quantity } of memo.lines) {
    let wanted = quantity;
    for (const { line, left } of creditable.filter((one) => one.sku === sku)) {
      const share = least(wanted, subtract(left, taken.get(line) ?? ZERO));
      if (!isPositive(share)) continue;
      taken.set(line, add(taken.get(line) ?? ZERO, share));
      wanted = subtract(wanted, share);
    }
    if (isPositive(wanted)) {
      const left = creditable.filter((one) => one.sku === sku).reduce((all, one) => add(all, one.left), ZERO);
      throw new Failure('UPSTREAM_REJECTED', `${memo.reference} gives back ${quantity} of ${sku}; of order ${memo.orderId} ${left} are left to be given back`, { system: client.system, vendorCode: 'over-credit', field: ['lines', sku] });
    }
  }
  return [...taken].map(([line, quantity]) => ({ line, quantity }));
}

interface Amounts {
  readonly quantity: number;
  readonly price_unit: number;
  readonly discount: number;
  readonly name?: string;
}

const encodeLine = (line: OdooCreditedLineRow, amounts: Amounts): Record<string, unknown> => ({
  product_id: keyOf(line.product_id), name: line.name, product_uom_id: keyOf(line.product_uom_id ?? line.product_uom), tax_ids: [[6, 0, line.tax_ids ?? line.tax_id ?? []]],
  sale_line_ids: [[4, line.id]], ...amounts,
});

/**
 * A charge is the order's own line where the order has one of that product, and taxed as it; else as Odoo taxes the product. What
 * is taken off is no line that was added: many a house books delivery and discounts on one product, taxed and untaxed. A part of
 * a line is taxed as that line, and is none of its pieces.
 */
async function encodeCharges(client: OdooClient, { charges }: NewCreditMemo, creditable: readonly Creditable[], call: CallContext): Promise<readonly Record<string, unknown>[]> {
  const products = await readProductsBySku(client, charges.map(({ code }) => code), call);
  return charges.map(({ code, description, amount, taxedAs }) => {
    const found = (products.get(code) ?? []).filter(({ active }) => active);
    if (found.length !== 1) throw refused(client, `Odoo has ${found.length} products with SKU ${code} to book a charge on`, ['charges', code]);
    const amounts = { quantity: 1, price_unit: Number(amount), discount: 0, name: description };
    const part = taxedAs === undefined ? undefined : creditable.find(({ sku }) => sku === taxedAs);
    if (part !== undefined) return { product_id: found[0]!.id, tax_ids: [[6, 0, part.line.tax_ids ?? part.line.tax_id ?? []]], ...amounts };
    const own = creditable.find(({ line }) => keyOf(line.product_id) === found[0]!.id && line.price_unit < 0 === isNegative(amount));
    return own === undefined ? { product_id: found[0]!.id, ...amounts } : encodeLine(own.line, amounts);
  });
}
