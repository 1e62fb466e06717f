import { decimal } from '../../../domain/decimal.ts';
import type { CurrencyRate, TaxRate } from '../../../domain/pricing.ts';
import { instant } from '../../../domain/time.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import { PRICING_SCHEMA as schema } from '../schema.sql.ts';
import type { Columns } from './tables.ts';

export interface CurrencyRateRow {
  readonly reference: string;
  readonly base_currency_code: string;
  readonly currency_code: string;
  readonly rate: string;
  readonly valid_from: string;
}

export interface TaxRateRow {
  readonly code: string;
  readonly name: string;
  readonly percent: string;
  readonly country_code: string | null;
  readonly included_in_price: boolean;
  readonly active: boolean;
}

export const CURRENCY_RATES = {
  schema, name: 'currency_rate', feed: 'currencyRates', key: 'reference',
  columns: { reference: 'text', base_currency_code: 'text', currency_code: 'text', rate: 'numeric', valid_from: 'timestamptz' } satisfies Columns<CurrencyRateRow>,
} as const satisfies MirrorTable;

export const TAX_RATES = {
  schema, name: 'tax_rate', feed: 'taxRates', key: 'code',
  columns: { code: 'text', name: 'text', percent: 'numeric', country_code: 'text', included_in_price: 'boolean', active: 'boolean' } satisfies Columns<TaxRateRow>,
} as const satisfies MirrorTable;

export const currencyRateRow = ({ reference, baseCurrencyCode, currencyCode, rate, validFrom }: CurrencyRate): CurrencyRateRow => ({
  reference, base_currency_code: baseCurrencyCode, currency_code: currencyCode, rate, valid_from: validFrom,
});

export const currencyRateOf = (row: CurrencyRateRow): CurrencyRate => ({
  reference: row.reference, baseCurrencyCode: row.base_currency_code, currencyCode: row.currency_code, rate: decimal(row.rate), validFrom: instant(row.valid_from), updatedAt: null,
});

export const taxRateRow = ({ code, name, percent, countryCode, includedInPrice, active }: TaxRate): TaxRateRow => ({
  code, name, percent, country_code: countryCode, included_in_price: includedInPrice, active,
});

export const taxRateOf = (row: TaxRateRow): TaxRate => ({
  code: row.code, name: row.name, percent: decimal(row.percent), countryCode: row.country_code, includedInPrice: row.included_in_price, active: row.active, updatedAt: null,
});
