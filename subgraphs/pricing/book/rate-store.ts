import type { TaxRate } from '../../../domain/pricing.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { createCurrencyRates } from '../resolve/currency-rates.ts';
import type { CurrencyRates } from '../resolve/price-facts.ts';
import { currencyRateOf, taxRateOf, type CurrencyRateRow, type TaxRateRow } from './rate-tables.ts';

/** Rates as they were at one revision of them: it grows with every change, in the transaction of the change, whoever makes it. */
export interface RatesAt {
  readonly revision: string;
  readonly rates: CurrencyRates;
}

const RATES = `select (select revision from pricing.rate_revision) as revision, (
    select coalesce(json_agg(r), '[]') from (select reference, base_currency_code, currency_code, rate::text, valid_from from pricing.currency_rate) r
  ) as rates`;

export async function readRates(sql: Sql): Promise<RatesAt> {
  const [row] = await sql.query<{ revision: string; rates: readonly CurrencyRateRow[] }>(RATES);
  return { revision: row!.revision, rates: createCurrencyRates(row!.rates.map(currencyRateOf)) };
}

/**
 * Rates are few and change once a day, and every price asks for them: they are compiled once per revision. Who asks names the
 * revision it has just read, so nothing older than that is ever answered.
 */
export function createRateReader(sql: Sql): (revision: string) => Promise<CurrencyRates> {
  let known: RatesAt | null = null;
  return async (revision) => {
    if (known === null || known.revision !== revision) known = await readRates(sql);
    return known.rates;
  };
}

const TAXES = prepared('select code, name, percent, country_code, included_in_price, active from pricing.tax_rate order by code');

export const readTaxRates = async (sql: Sql): Promise<readonly TaxRate[]> => (await sql.query<TaxRateRow>(TAXES)).map(taxRateOf);

/** Whether any rate ever told lets an amount of one currency be told in another: straight, backwards, or over a third. */
export function canConvert(pairs: readonly (readonly [string, string])[], from: string, to: string): boolean {
  if (from === to) return true;
  const isTold = (a: string, b: string): boolean => pairs.some(([base, other]) => (base === a && other === b) || (base === b && other === a));
  return isTold(from, to) || pairs.some(([base]) => isTold(base, from) && isTold(base, to));
}

export const readRatePairs = async (sql: Sql): Promise<readonly (readonly [string, string])[]> =>
  (await sql.query<{ base: string; other: string }>('select distinct base_currency_code as base, currency_code as other from pricing.currency_rate'))
    .map(({ base, other }) => [base, other] as const);
