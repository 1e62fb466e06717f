import { money } from '../../domain/money.ts';
import type { ListPrice, PriceList } from '../../domain/pricing.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, flag, idOf, idText, lookUp, reference, requiredText, utcInstant } from './convert.ts';
import { taxCodesOf, type SaleTaxes } from './taxes.ts';
import { unitsBeside, type Units } from './units.ts';
import type { OdooMany2One, OdooPricedProductRow, OdooPriceListRow } from './wire.ts';

export interface PriceGiven {
  /** Currency id -> ISO code. */
  readonly currencies: ReadonlyMap<number, { readonly name: string }>;
  readonly lineage: ReadonlyMap<number, readonly string[]>;
  readonly units: Units;
  /** Null: hidden, or there are none. */
  readonly taxes: SaleTaxes | null;
}

const currencyOf = (value: OdooMany2One, given: Pick<PriceGiven, 'currencies'>): string => lookUp(given.currencies, value, 'currency').name;

/** Rights may hide the cost; 0 is Odoo's way of saying "not given". */
const cost = converter(
  'money, 0 or hidden = null',
  (row: Pick<OdooPricedProductRow, 'standard_price' | 'cost_currency_id' | 'currency_id'>, given: PriceGiven) =>
    row.standard_price === undefined || row.standard_price === 0
      ? null
      : money(decimalOf(row.standard_price), currencyOf(row.cost_currency_id ?? row.currency_id, given)),
);

/** product.product -> ListPrice */
export const listPriceMap = mapEntity<OdooPricedProductRow, ListPrice, PriceGiven>('ListPrice', ({ from, merge }) => ({
  sku: from('default_code', requiredText),
  reference: from('id', idText),
  price: merge(['lst_price', 'currency_id'], converter('money, variant extras included', (row, given: PriceGiven) =>
    money(decimalOf(row.lst_price), currencyOf(row.currency_id, given)))),
  cost: merge(['standard_price', 'cost_currency_id', 'currency_id'], cost),
  groupCode: from('product_tmpl_id', reference),
  categoryCodes: from('categ_id', converter('category id and its ancestors\'', (category, { lineage }: PriceGiven) =>
    category === false ? [] : (lineage.get(idOf(category)) ?? [String(idOf(category))]))),
  unitCode: from('uom_id', converter('name of the unit', (unit, { units }: PriceGiven) => lookUp(units, unit, 'unit').name)),
  units: merge(['uom_id', 'uom_ids'], converter('packagings; before 19 all units of the category', (row, { units }: PriceGiven) =>
    unitsBeside(lookUp(units, row.uom_id, 'unit'), row.uom_ids, units))),
  taxCodes: from('taxes_id', converter('ids of account.tax, groups taken apart; none where hidden', (ids: readonly number[] | undefined, { taxes }: PriceGiven) =>
    taxCodesOf(ids ?? [], taxes))),
  updatedAt: from('write_date', utcInstant),
}));

/** product.pricelist -> PriceList. Odoo does not round what a list computes: 33.33 less 10 % is 29.997. */
export const priceListMap = mapEntity<OdooPriceListRow, PriceList, Pick<PriceGiven, 'currencies'>>('PriceList', ({ from, constant }) => ({
  code: from('id', idText),
  name: from('name', requiredText),
  currencyCode: from('currency_id', converter('ISO code of the currency', currencyOf)),
  roundingMode: constant('HALF_UP'),
  roundingDigits: constant(null),
  roundingPlace: constant('UNIT'),
  taxIncluded: constant(false),
  active: from('active', flag),
  updatedAt: from('write_date', utcInstant),
}));
