import type { CallContext, Page, PageRequest } from '../../domain/connector.ts';
import { asFailure, Failure } from '../../domain/failure.ts';
import type { CreditMemoRecord, NewCreditMemo } from '../../domain/returns.ts';
import { mapRows } from '../../platform/mapping.ts';
import type { OdooClient } from './client.ts';
import { encodeCreditMemo } from './credit-memo-encoding.ts';
import { creditMemoLineMap, creditMemoMap, type CreditMemoGiven } from './credit-memo.map.ts';
import { readCurrencies } from './currencies.ts';
import { malformed } from './failures.ts';
import { mapPage, readAll, readByIds, readPage, type Domain } from './paging.ts';
import { readSkus } from './skus.ts';
import type { OdooCreditMemoLineRow, OdooCreditMemoRow } from './wire-after-sale.ts';
import type { OdooMany2One } from './wire.ts';

const MODEL = 'account.move';
const COLUMNS = [...creditMemoMap.reads, 'invoice_line_ids'];
const CREDIT_NOTES: Domain = [['move_type', '=', 'out_refund']];

/** Sections and notes are for people. */
const TEXT_ONLY = ['line_section', 'line_subsection', 'line_note'];

/** `ref` is not unique: of several the first that is not cancelled, else the first. */
export async function findCreditMemo(client: OdooClient, reference: string, call: CallContext): Promise<CreditMemoRecord | null> {
  const rows = await readAll<OdooCreditMemoRow>(client, { model: MODEL, columns: COLUMNS, domain: [...CREDIT_NOTES, ['ref', '=', reference]] }, call);
  const row = rows.find(({ state }) => state !== 'cancel') ?? rows[0];
  return row === undefined ? null : mapOne(client, row, call);
}

/** Creates and posts; one with this reference that is a draft still is posted, one that is posted answered as it is. */
export async function createCreditMemo(client: OdooClient, memo: NewCreditMemo, call: CallContext): Promise<CreditMemoRecord> {
  await demandAccounting(client, call);
  const known = await findCreditMemo(client, memo.reference, call);
  if (known?.state === 'POSTED') return known;
  if (known?.state === 'DRAFT') return postCreditMemo(client, Number(known.id), call);
  const values = await encodeCreditMemo(client, memo, call);
  const [id] = await client.write<number[]>({ model: MODEL, method: 'create', args: { vals_list: [values] } }, call);
  if (id === undefined) throw malformed(client.system, 'account.move/create answered no id');
  return postCreditMemo(client, id, call);
}

/** A second action_post is refused ("must be in draft"): what counts is the state read back. */
export async function postCreditMemo(client: OdooClient, id: number, call: CallContext): Promise<CreditMemoRecord> {
  const refusal = await client.write<unknown>({ model: MODEL, method: 'action_post', ids: [id] }, call).then(() => null, asFailure);
  if (refusal !== null && refusal.code !== 'UPSTREAM_REJECTED') throw refusal;
  const [row] = await readAll<OdooCreditMemoRow>(client, { model: MODEL, columns: COLUMNS, domain: [['id', '=', id]] }, call);
  if (row?.state === 'posted') return mapOne(client, row, call);
  throw refusal ?? new Failure('UPSTREAM_REJECTED', `Odoo left credit note ${id} ${row?.state ?? 'nowhere'} instead of posted`, { system: client.system, vendorCode: row?.state ?? 'missing' });
}

export async function listCreditMemos(client: OdooClient, page: PageRequest, call: CallContext): Promise<Page<CreditMemoRecord>> {
  if (!(await client.hasModel(MODEL, call))) return { records: [], rejected: [], next: null, watermark: null, total: 0 };
  const query = { model: MODEL, columns: COLUMNS, domain: CREDIT_NOTES, writtenBy: ['write_date', 'invoice_line_ids.write_date'] };
  const found = await readPage<OdooCreditMemoRow>(client, query, page, call);
  return mapPage(found, MODEL, creditMemoMap, await readGiven(client, found.rows, call));
}

/** @throws Failure UNSUPPORTED where the server books nothing: no invoicing module */
async function demandAccounting(client: OdooClient, call: CallContext): Promise<void> {
  if (await client.hasModel(MODEL, call)) return;
  throw new Failure('UNSUPPORTED', 'this Odoo has no invoicing: it can write no credit notes', { system: client.system });
}

async function mapOne(client: OdooClient, row: OdooCreditMemoRow, call: CallContext): Promise<CreditMemoRecord> {
  const { records, rejected } = mapRows(creditMemoMap, [row], await readGiven(client, [row], call), ({ id }) => String(id));
  if (records[0] === undefined) throw malformed(client.system, rejected[0]?.reason ?? 'unreadable credit note');
  return records[0];
}

async function readGiven(client: OdooClient, rows: readonly OdooCreditMemoRow[], call: CallContext): Promise<CreditMemoGiven> {
  const ids = rows.flatMap((row) => row.invoice_line_ids);
  const columns = ['move_id', 'display_type', 'sale_line_ids', ...creditMemoLineMap.reads];
  const all = ids.length === 0 ? [] : await readAll<OdooCreditMemoLineRow>(client, { model: 'account.move.line', columns, domain: [['id', 'in', ids]] }, call);
  const lines = all.filter(({ display_type: type }) => type === false || !TEXT_ONLY.includes(type));
  const [currencies, skus, sold] = await Promise.all([
    readCurrencies(client, rows.map((row) => row.currency_id), call),
    readSkus(client, lines.map((line) => line.product_id), call),
    readByIds<{ readonly id: number; readonly order_id: OdooMany2One }>(client, 'sale.order.line', lines.flatMap((line) => line.sale_line_ids), ['order_id'], call),
  ]);
  return {
    currencies, skus, lines: Map.groupBy(lines, (line) => (line.move_id === false ? 0 : line.move_id[0])),
    orders: new Map([...sold].map(([id, row]) => [id, row.order_id])),
  };
}
