import { add, big, decimal, round, sum, text, times, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import type { Order } from './rows.ts';
import type { ErpTables } from './tables.ts';

export interface Totals {
  readonly untaxed: DecimalText;
  readonly tax: DecimalText;
  readonly total: DecimalText;
}

export function createTax(tables: ErpTables, args: { readonly name: string; readonly percent: DecimalText; readonly included?: boolean }): { readonly taxId: number } {
  return { taxId: tables.taxes.insert({ name: args.name, percent: decimal(args.percent, 'amount'), included: args.included ?? false, active: true }).id };
}

export function updateTax(tables: ErpTables, { taxId, ...patch }: { readonly taxId: number; readonly active?: boolean; readonly percent?: DecimalText; readonly name?: string }): true {
  tables.taxes.update(byId(tables.taxes, taxId, 'tax').id, patch);
  return true;
}

/** A line of an order or of a credit memo. */
export interface PricedLine {
  readonly id: number;
  readonly quantity: DecimalText;
  readonly unitPrice: DecimalText;
  readonly discountPercent: DecimalText;
  readonly taxed: boolean;
  readonly taxIds?: readonly number[];
}

interface LineTax {
  readonly id: number;
  readonly percent: DecimalText;
  readonly included: boolean;
}

/** The company's tax, the first there is, where a line does not say which. */
function taxesOf(tables: ErpTables, { taxed, taxIds }: Pick<PricedLine, 'taxed' | 'taxIds'>): readonly LineTax[] {
  if (taxIds !== undefined) return taxIds.map((id) => tables.taxes.get(id)!);
  return taxed ? [tables.taxes.get(1) ?? { id: 1, percent: tables.companies.get(1)!.taxPercent, included: false }] : [];
}

export const taxIdsOf = (tables: ErpTables, line: Pick<PricedLine, 'taxed' | 'taxIds'>): readonly number[] => taxesOf(tables, line).map(({ id }) => id);

/** Amounts as they are reckoned with: not rounded. A price with taxes in it has them taken out first. */
function amountsOf(tables: ErpTables, line: PricedLine): { readonly base: DecimalText; readonly taxes: readonly (readonly [id: number, amount: DecimalText])[] } {
  const whole = text(big(line.quantity).times(line.unitPrice).times(big('100').minus(line.discountPercent)).div(100));
  const taxes = taxesOf(tables, line);
  const included = sum(taxes.filter((tax) => tax.included).map(({ percent }) => percent));
  const base = text(big(whole).times(100).div(big('100').plus(included)));
  return { base, taxes: taxes.map(({ id, percent }) => [id, text(big(times(base, percent)).div(100))] as const) };
}

export const totalsOf = (tables: ErpTables, order: Order): ReturnType<typeof totalsOfLines> => totalsOfLines(tables, tables.orderLines.where('orderId', order.id));

/**
 * As Odoo with `round_globally`: what is not rounded is summed over the document, then rounded once, and each tax once. A line's
 * own totals are rounded by themselves: they may differ from the document's by a penny.
 */
export function totalsOfLines(tables: ErpTables, priced: readonly PricedLine[]): Totals & { readonly lines: ReadonlyMap<number, Totals> } {
  const rows = priced.map((line) => ({ id: line.id, ...amountsOf(tables, line) }));
  const untaxed = round(sum(rows.map(({ base }) => base)), 2);
  const byTax = Map.groupBy(rows.flatMap(({ taxes }) => taxes), ([id]) => id);
  const tax = sum([...byTax.values()].map((amounts) => round(sum(amounts.map(([, amount]) => amount)), 2)));
  const lines = new Map(rows.map(({ id, base, taxes }) => {
    const [net, off] = [round(base, 2), sum(taxes.map(([, amount]) => round(amount, 2)))];
    return [id, { untaxed: net, tax: off, total: add(net, off) }] as const;
  }));
  return { untaxed, tax, total: add(untaxed, tax), lines };
}
