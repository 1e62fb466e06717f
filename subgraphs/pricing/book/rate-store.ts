import { decimal } from '../../../domain/decimal.ts';
import { instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { createCurrencyRates } from '../resolve/currency-rates.ts';
import type { CurrencyRates } from '../resolve/price-facts.ts';

interface RateRow {
  readonly reference: string;
  readonly base_currency_code: string;
  readonly currency_code: string;
  readonly rate: string;
  readonly valid_from: string;
}

/** Every rate that is kept; few, and small. */
export async function readRates(sql: Sql): Promise<CurrencyRates> {
  const rows = await sql.query<RateRow>('select reference, base_currency_code, currency_code, rate, valid_from from pricing.currency_rate');
  return createCurrencyRates(rows.map((row) => ({
    reference: row.reference, baseCurrencyCode: row.base_currency_code, currencyCode: row.currency_code, rate: decimal(row.rate), validFrom: instant(row.valid_from), updatedAt: null,
  })));
}
