import { divide, isPositive, round, type Decimal } from '../../domain/decimal.ts';
import type { CurrencyRate } from '../../domain/pricing.ts';
import { instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, idText, lookUp, utcInstant } from './convert.ts';
import type { OdooMany2One, OdooRateRow } from './wire.ts';

export interface RateGiven {
  /** Currency id -> ISO code. */
  readonly currencies: ReadonlyMap<number, { readonly name: string }>;
  /** ISO code of the company's own currency. */
  readonly companyCurrency: string;
  /** What one of Odoo's currency "of rate 1" is in the company's own on a day: 1 unless that has rates, too. */
  readonly companyRateOn: (day: string) => Decimal;
}

const DIGITS = 12;

/** Kept against the currency of rate 1: `company_rate` divides by the company's *last* rate, whatever the day. */
const againstCompany = converter('decimal, for one of the company\'s currency', ({ rate, name }: Pick<OdooRateRow, 'rate' | 'name'>, { companyRateOn }: RateGiven) => {
  const told = decimalOf(rate);
  const own = companyRateOn(name);
  const against = isPositive(own) ? round(divide(told, own), DIGITS, 'HALF_UP') : own;
  if (!isPositive(against)) throw new RangeError(`not above zero (${rate})`);
  return against;
});

/** res.currency.rate -> CurrencyRate */
export const currencyRateMap = mapEntity<OdooRateRow, CurrencyRate, RateGiven>('CurrencyRate', ({ from, merge, given }) => ({
  reference: from('id', idText),
  baseCurrencyCode: given('ISO code of the company\'s currency', ({ companyCurrency }) => companyCurrency),
  currencyCode: from('currency_id', converter('ISO code of the currency', (currency: OdooMany2One, { currencies }: RateGiven) => lookUp(currencies, currency, 'currency').name)),
  rate: merge(['rate', 'name'], againstCompany),
  validFrom: from('name', converter('midnight UTC of the day', (day: string) => instant(`${day}T00:00:00Z`))),
  updatedAt: from('write_date', utcInstant),
}));
