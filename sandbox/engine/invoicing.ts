import { add, big, decimal, isPositive, subtract, sum, type DecimalText } from './decimal.ts';
import { byId, orderByAnyName, variantBySku } from './lookups.ts';
import { totalsOfLines } from './order-totals.ts';
import { Rejection } from './part.ts';
import type { NamedLine } from './packing.ts';
import type { CreditMemo, CreditMemoLine } from './rows-after-sale.ts';
import type { Order, OrderLine } from './rows.ts';
import { nextNumber, type ErpTables } from './tables.ts';

export interface NewCreditMemoLine {
  readonly name: string;
  readonly quantity: DecimalText;
  readonly unitPrice: DecimalText;
  readonly discountPercent?: DecimalText;
  readonly taxed?: boolean;
  /** Which taxes; none named: the company's where `taxed`. */
  readonly taxIds?: readonly number[];
  readonly variantId?: number | null;
  readonly orderLineId?: number | null;
}

export interface NewCreditMemo {
  readonly partyId: number;
  readonly currencyId?: number;
  readonly reference?: string | null;
  readonly origin?: string | null;
  readonly reason?: string | null;
  readonly lines: readonly NewCreditMemoLine[];
}

/** A draft; its reference may come twice, as in Odoo. */
export function createCreditMemo(tables: ErpTables, args: NewCreditMemo): { readonly memoId: number } {
  const { id } = tables.creditMemos.insert({
    name: null, reference: args.reference ?? null, origin: args.origin ?? null, partyId: byId(tables.parties, args.partyId, 'partner').id, reason: args.reason ?? null,
    currencyId: args.currencyId === undefined ? tables.companies.get(1)!.currencyId : byId(tables.currencies, args.currencyId, 'currency').id, state: 'draft', postedAtMs: null, paid: '0',
  });
  for (const line of args.lines) {
    tables.creditMemoLines.insert({
      memoId: id, name: line.name, variantId: line.variantId ?? null, orderLineId: line.orderLineId ?? null, quantity: decimal(line.quantity, 'quantity'),
      unitPrice: decimal(line.unitPrice, 'price_unit'), discountPercent: decimal(line.discountPercent ?? '0', 'discount'),
      taxed: line.taxIds === undefined ? line.taxed ?? true : line.taxIds.length > 0, ...(line.taxIds !== undefined && { taxIds: line.taxIds.map((taxId) => byId(tables.taxes, taxId, 'tax').id) }),
    });
  }
  return { memoId: id };
}

/** Books it: from now on it has a number and stays as it is. */
export function postCreditMemo(tables: ErpTables, args: { readonly memoId: number }): true {
  const memo = byId(tables.creditMemos, args.memoId, 'credit memo');
  if (memo.state !== 'draft') throw new Rejection('refused', `The entry ${memo.name ?? '/'} (id ${String(memo.id)}) must be in draft.`);
  if (tables.creditMemoLines.where('memoId', memo.id).length === 0) throw new Rejection('refused', "Even magicians can't post nothing!");
  if (big(memoTotalsOf(tables, memo).total).lt(0)) {
    throw new Rejection('refused', 'You cannot validate an invoice with a negative total amount. You should create a credit note instead. Use the action menu to transform it into a credit note or refund.');
  }
  const { nowMs } = tables.database;
  tables.creditMemos.update(memo.id, { state: 'posted', postedAtMs: nowMs, name: nextNumber(tables, `RINV/${String(new Date(nowMs).getUTCFullYear())}/`) });
  return true;
}

export function cancelCreditMemo(tables: ErpTables, args: { readonly memoId: number }): true {
  tables.creditMemos.update(byId(tables.creditMemos, args.memoId, 'credit memo').id, { state: 'cancel' });
  return true;
}

/** Money went back: `{ memoId, amount? }`, all that is left unless told. */
export function payCreditMemo(tables: ErpTables, args: { readonly memoId: number; readonly amount?: unknown }): true {
  const memo = byId(tables.creditMemos, args.memoId, 'credit memo');
  const left = subtract(memoTotalsOf(tables, memo).total, memo.paid);
  const amount = args.amount === undefined ? left : decimal(args.amount, 'amount');
  if (memo.state !== 'posted' || big(amount).gt(left)) throw new Rejection('refused', `Of ${memo.name ?? 'a draft'} ${left} are left to be given back`);
  tables.creditMemos.update(memo.id, { paid: add(memo.paid, amount) });
  return true;
}

/** Reckoned as the order is. */
export const memoTotalsOf = (tables: ErpTables, memo: CreditMemo): ReturnType<typeof totalsOfLines> => totalsOfLines(tables, tables.creditMemoLines.where('memoId', memo.id));

/** Credit memos that give back something of an order's line, cancelled ones left out. */
const creditsOf = (tables: ErpTables, line: OrderLine): readonly CreditMemoLine[] =>
  tables.creditMemoLines.where('orderLineId', line.id).filter(({ memoId }) => tables.creditMemos.get(memoId)!.state !== 'cancel');

/** Below nothing: the sandbox invoices nothing, it only gives back. */
export const invoicedOf = (tables: ErpTables, line: OrderLine): DecimalText => subtract('0', sum(creditsOf(tables, line).map(({ quantity }) => quantity)));

export const memosOf = (tables: ErpTables, order: Order): readonly number[] =>
  [...new Set(tables.orderLines.where('orderId', order.id).flatMap((line) => creditsOf(tables, line).map(({ memoId }) => memoId)))];

export interface Crediting {
  readonly order: unknown;
  readonly lines?: readonly NamedLine[];
  readonly reference?: string;
  /** Untaxed, on top: a person's penny. */
  readonly difference?: unknown;
}

/** A person gives money back: `{ order, lines?, reference?, difference? }`; without lines the whole order. Booked at once. */
export function creditOrder(tables: ErpTables, args: Crediting): unknown {
  const order = orderByAnyName(tables, args.order);
  const lines = args.lines === undefined ? tables.orderLines.where('orderId', order.id).flatMap((line) => (line.variantId === null ? [] : [creditOf(line, line.quantity)])) : args.lines.map((line) => creditNamed(tables, order, line));
  const difference = args.difference === undefined ? [] : [{ name: 'Difference', quantity: '1', unitPrice: decimal(args.difference, 'difference'), taxed: false }];
  const { memoId } = createCreditMemo(tables, { partyId: order.invoicePartyId, currencyId: order.currencyId, reference: args.reference ?? null, origin: order.name, lines: [...lines, ...difference] });
  postCreditMemo(tables, { memoId });
  const memo = tables.creditMemos.get(memoId)!;
  return { order: order.name, creditMemo: memo.name, total: memoTotalsOf(tables, memo).total };
}

function creditNamed(tables: ErpTables, order: Order, named: NamedLine): NewCreditMemoLine {
  const variant = variantBySku(tables, named.sku);
  const line = tables.orderLines.where('orderId', order.id).find(({ variantId }) => variantId === variant.id);
  const quantity = decimal(named.quantity, 'quantity');
  if (line === undefined || !isPositive(quantity)) throw new Rejection('refused', `Order ${order.name} has no line of ${variant.sku}, or nothing of it is to be credited`);
  return creditOf(line, quantity);
}

const creditOf = ({ id, name, variantId, unitPrice, discountPercent, taxed, taxIds }: OrderLine, quantity: DecimalText): NewCreditMemoLine =>
  ({ name, variantId, orderLineId: id, quantity, unitPrice, discountPercent, taxed, ...(taxIds !== undefined && { taxIds }) });

/** A person says that money went back: `{ creditMemo, amount? }`, by its number. */
export function payNamedMemo(tables: ErpTables, args: { readonly creditMemo: unknown; readonly amount?: unknown }): unknown {
  const memo = tables.creditMemos.first('name', String(args.creditMemo));
  if (memo === undefined) throw new Rejection('missing', `There is no credit memo ${String(args.creditMemo)}`);
  payCreditMemo(tables, { memoId: memo.id, ...(args.amount !== undefined && { amount: args.amount }) });
  return { creditMemo: memo.name, paid: tables.creditMemos.get(memo.id)!.paid };
}
