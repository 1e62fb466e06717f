import { big, subtract } from '../../../engine/decimal.ts';
import { memoTotalsOf } from '../../../engine/invoicing.ts';
import { taxIdsOf } from '../../../engine/order-totals.ts';
import type { CreditMemo, CreditMemoLine } from '../../../engine/rows-after-sale.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { missing, userError } from '../errors.ts';
import { char, float, many, many2one, model, selection, type Call, type Field, type Method, type Model } from '../field.ts';
import { checkFields, given, idOf, linkedIds, numberText, readCommands, textOf, type Columns } from '../writing.ts';

/** Credit memos; the ERP of the sandbox writes no other entries. */
export function invoiceModels(tables: ErpTables): Model[] {
  return [moveModel(tables), lineModel(tables)];
}

type Values = Readonly<Record<string, unknown>>;

const WRITTEN: Columns = { partner_id: ['partyId', Number], currency_id: ['currencyId', Number], ref: ['reference', textOf], invoice_origin: ['origin', textOf], narration: ['reason', textOf] };

const linked = (value: unknown): number | null => linkedIds(value)[0] ?? null;

const LINE: Columns = {
  product_id: ['variantId', idOf], name: ['name', String], quantity: ['quantity', numberText], price_unit: ['unitPrice', numberText], discount: ['discountPercent', numberText],
  sale_line_ids: ['orderLineId', linked], tax_ids: ['taxIds', linkedIds],
};

function create(call: Call, values: Values): number {
  if (values['move_type'] !== 'out_refund') throw userError('The sandbox writes credit notes only (out_refund)');
  if (call.tables.parties.get(values['partner_id'] as number) === undefined) throw missing('res.partner', values['partner_id'], 5);
  const lines = readCommands(values['invoice_line_ids']).flatMap((command) => {
    if (command.kind !== 'create') return [];
    checkFields(call.models.get('account.move.line')!, command.values);
    return [{ name: '', quantity: '1', unitPrice: '0', ...given(command.values, LINE) }];
  });
  return (call.engine.execute('erp/create-credit-memo', { ...given(values, WRITTEN), lines }) as { memoId: number }).memoId;
}

const each = (command: string): Method['run'] => ({ engine, tables }, ids) => {
  for (const memoId of ids) {
    if (tables.creditMemos.get(memoId) === undefined) throw missing('account.move', memoId, 5);
    engine.execute(command, { memoId });
  }
  return false;
};

function paymentState(tables: ErpTables, memo: CreditMemo): string {
  if (big(memo.paid).eq(0) || memo.state !== 'posted') return 'not_paid';
  return big(memo.paid).lt(memoTotalsOf(tables, memo).total) ? 'partial' : 'paid';
}

const day = (read: (row: CreditMemo) => number | null): Field<CreditMemo> => ({ type: 'date', read });

function moveModel(tables: ErpTables): Model {
  const lines = (row: CreditMemo): number[] => tables.creditMemoLines.where('memoId', row.id).map(({ id }) => id);
  return model<CreditMemo>({
    name: 'account.move', table: tables.creditMemos, order: 'date desc, name desc, id desc', displayName: (row) => `${row.name ?? 'Draft Credit Note'}${row.reference === null ? '' : ` (${row.reference})`}`,
    fields: {
      name: char((row) => row.name, 'name'), ref: char((row) => row.reference, 'reference'), state: selection((row) => row.state, 'state'), move_type: selection(() => 'out_refund'), invoice_origin: char((row) => row.origin),
      partner_id: many2one('res.partner', (row) => row.partyId, 'partyId'), currency_id: many2one('res.currency', (row) => row.currencyId), company_id: many2one('res.company', () => 1), narration: char((row) => row.reason),
      payment_state: selection((row) => paymentState(tables, row)), invoice_date: day((row) => row.postedAtMs), date: day((row) => row.postedAtMs ?? row.createdAtMs),
      amount_untaxed: float((row) => memoTotalsOf(tables, row).untaxed), amount_tax: float((row) => memoTotalsOf(tables, row).tax), amount_total: float((row) => memoTotalsOf(tables, row).total),
      amount_residual: float((row) => subtract(memoTotalsOf(tables, row).total, row.paid)), invoice_line_ids: many('one2many', 'account.move.line', lines), line_ids: many('one2many', 'account.move.line', lines),
    },
    create,
    methods: { action_post: { parameters: [], run: each('erp/post-credit-memo') }, button_cancel: { parameters: [], run: each('erp/cancel-credit-memo') } },
  });
}

function lineModel(tables: ErpTables): Model {
  const memo = (row: CreditMemoLine): CreditMemo => tables.creditMemos.get(row.memoId)!;
  const totals = (row: CreditMemoLine) => memoTotalsOf(tables, memo(row)).lines.get(row.id)!;
  const unit = (row: CreditMemoLine): number | null => (row.variantId === null ? null : tables.items.get(tables.variants.get(row.variantId)!.itemId)!.unitId);
  return model<CreditMemoLine>({
    name: 'account.move.line', table: tables.creditMemoLines, order: 'id', displayName: (row) => row.name,
    fields: {
      move_id: many2one('account.move', (row) => row.memoId, 'memoId'), product_id: many2one('product.product', (row) => row.variantId), name: char((row) => row.name), display_type: selection(() => 'product'),
      quantity: float((row) => row.quantity), price_unit: float((row) => row.unitPrice), discount: float((row) => row.discountPercent), product_uom_id: many2one('uom.uom', unit),
      price_subtotal: float((row) => totals(row).untaxed), price_total: float((row) => totals(row).total), tax_ids: many('many2many', 'account.tax', (row) => taxIdsOf(tables, row)),
      sale_line_ids: many('many2many', 'sale.order.line', (row) => (row.orderLineId === null ? [] : [row.orderLineId])), parent_state: selection((row) => memo(row).state),
      currency_id: many2one('res.currency', (row) => memo(row).currencyId), company_id: many2one('res.company', () => 1),
    },
  });
}
