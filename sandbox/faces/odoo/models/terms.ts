import { big } from '../../../engine/decimal.ts';
import { rateAt } from '../../../engine/rates.ts';
import type { Currency } from '../../../engine/rows.ts';
import type { DatedRate, Tag } from '../../../engine/rows-terms.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, integer, many, many2one, model, type Field, type Model } from '../field.ts';
import { given, idOf, momentOf, numberText, type Columns } from '../writing.ts';

const RATE_WRITTEN: Columns = {
  currency_id: ['currencyId', idOf], name: ['fromMs', momentOf], rate: ['rate', numberText], company_rate: ['rate', numberText],
};
const TAG_WRITTEN: Columns = { name: ['name', String], parent_id: ['parentId', idOf] };

/** Currencies with their rates, and what customers are grouped by. */
export function termModels(tables: ErpTables): Model[] {
  return [currencyModel(tables), rateModel(tables), tagModel(tables)];
}

function currencyModel(tables: ErpTables): Model {
  const rate = (row: Currency, nowMs: number): string => rateAt(tables, row.id, nowMs);
  return model<Currency>({
    name: 'res.currency', table: tables.currencies, order: 'name, id', displayName: (row) => row.code,
    fields: {
      name: char((row) => row.code, 'code'), full_name: char((row) => row.name), symbol: char((row) => row.symbol), rate: float((row, { nowMs }) => rate(row, nowMs)),
      inverse_rate: float((row, { nowMs }) => big(1).div(rate(row, nowMs)).toFixed()), rounding: float(() => '0.01'), decimal_places: integer(() => 2), active: boolean(() => true),
      rate_ids: many('one2many', 'res.currency.rate', (row) => tables.rates.where('currencyId', row.id).map(({ id }) => id)),
    },
  });
}

/** The company's currency is the one of rate 1, so `rate` and `company_rate` are the same here. */
function rateModel(tables: ErpTables): Model {
  const day: Field<DatedRate> = { type: 'date', read: (row) => row.fromMs };
  return model<DatedRate>({
    name: 'res.currency.rate', table: tables.rates, order: 'name desc, id', displayName: (row) => new Date(row.fromMs).toISOString().slice(0, 10),
    fields: {
      name: day, currency_id: many2one('res.currency', (row) => row.currencyId, 'currencyId'), company_id: many2one('res.company', () => 1),
      rate: float((row) => row.rate), company_rate: float((row) => row.rate), inverse_company_rate: float((row) => big(1).div(row.rate).toFixed()),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-rate', { fromMs: null, ...given(values, RATE_WRITTEN) }) as { rateId: number }).rateId,
    write: ({ engine }, rateId, values) => void engine.execute('erp/update-rate', { rateId, ...given(values, RATE_WRITTEN) }),
    unlink: ({ engine }, rateId) => void engine.execute('erp/remove-rate', { rateId }),
  });
}

function tagModel(tables: ErpTables): Model {
  const path = (row: Tag): string => `${row.parentId === null ? '' : path(tables.tags.get(row.parentId)!)}${String(row.id)}/`;
  const complete = (row: Tag): string => (row.parentId === null ? row.name : `${complete(tables.tags.get(row.parentId)!)} / ${row.name}`);
  return model<Tag>({
    name: 'res.partner.category', table: tables.tags, order: 'name, id', displayName: complete,
    fields: { name: char((row) => row.name, 'name'), parent_id: many2one('res.partner.category', (row) => row.parentId), parent_path: char(path), active: boolean(() => true) },
    create: ({ engine }, values) => (engine.execute('erp/create-tag', given(values, TAG_WRITTEN)) as { tagId: number }).tagId,
    unlink: ({ engine }, tagId) => void engine.execute('erp/remove-tag', { tagId }),
  });
}
