import type { TaxRate } from '../../domain/pricing.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, flag, idText, lookUp, requiredText, utcInstant } from './convert.ts';
import type { OdooMany2One, OdooTaxRow } from './wire.ts';

export interface TaxGiven {
  readonly countries: ReadonlyMap<number, { readonly code: string }>;
}

/** A tax by the piece, or one that is taxed itself, is no percentage of the price: what it comes to would be wrong. */
const percent = converter('decimal', (row: Pick<OdooTaxRow, 'amount' | 'amount_type' | 'include_base_amount'>) => {
  if (row.amount_type !== 'percent') throw new RangeError(`not in percent (${JSON.stringify(row.amount_type)})`);
  if (row.include_base_amount) throw new RangeError('other taxes are put on it');
  return decimalOf(row.amount);
});

/** account.tax -> TaxRate */
export const taxMap = mapEntity<OdooTaxRow, TaxRate, TaxGiven>('TaxRate', ({ from, merge }) => ({
  code: from('id', idText),
  name: from('name', requiredText),
  percent: merge(['amount', 'amount_type', 'include_base_amount'], percent),
  countryCode: from('country_id', converter('ISO code of its country; null before 15', (country: OdooMany2One | undefined, { countries }: TaxGiven) =>
    country === undefined || country === false ? null : lookUp(countries, country, 'country').code)),
  includedInPrice: from('price_include', flag),
  active: from('active', flag),
  updatedAt: from('write_date', utcInstant),
}));
