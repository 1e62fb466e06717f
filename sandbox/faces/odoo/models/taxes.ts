import type { Tax } from '../../../engine/rows-money.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, many, many2one, model, selection, type Model } from '../field.ts';
import { given, numberText, type Columns } from '../writing.ts';

const WRITTEN: Columns = {
  name: ['name', String], amount: ['percent', numberText], price_include_override: ['included', (value) => value === 'tax_included'], active: ['active', Boolean],
};

/** Sales taxes in percent; the sandbox's ERP buys without any. */
export function taxModels(tables: ErpTables): Model[] {
  return [model<Tax>({
    name: 'account.tax', table: tables.taxes, order: 'id', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name), amount: float((row) => row.percent), amount_type: selection(() => 'percent'), type_tax_use: selection(() => 'sale'), active: boolean((row) => row.active),
      price_include: boolean((row) => row.included), price_include_override: selection((row) => (row.included ? 'tax_included' : 'tax_excluded')), company_id: many2one('res.company', () => 1),
      country_id: many2one('res.country', () => tables.companies.get(1)!.countryId), include_base_amount: boolean(() => false), children_tax_ids: many('many2many', 'account.tax', () => []),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-tax', given(values, WRITTEN)) as { taxId: number }).taxId,
    write: ({ engine }, taxId, values) => void engine.execute('erp/update-tax', { taxId, ...given(values, WRITTEN) }),
  })];
}
