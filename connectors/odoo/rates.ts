import type { CallContext, PageRequest } from '../../domain/connector.ts';
import { ONE, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, idOf, lookUp } from './convert.ts';
import { readCurrencies } from './currencies.ts';
import { emptyPage, mapPage, readAll, readPage, type Domain } from './paging.ts';
import { currencyRateMap } from './rate.map.ts';
import type { OdooMany2One, OdooRateRow } from './wire.ts';

const MODEL = 'res.currency.rate';

interface CompanyRow {
  readonly id: number;
  readonly currency_id: OdooMany2One;
  /** 17 and later: branches use the rates of the company above them. */
  readonly root_id?: OdooMany2One;
}

interface Company {
  readonly id: number;
  readonly currency: Exclude<OdooMany2One, false>;
}

/**
 * Rates of the company's currency. Rows of the company come before those of every company whatever their days
 * (`order='company_id.id, name DESC'` in `_get_rates`): a common row counts until the currency's first own one.
 */
export async function listCurrencyRates(client: OdooClient, page: PageRequest, call: CallContext) {
  const company = await readCompany(client, call);
  const own: Domain = [['company_id', '=', company.id]];
  const query = { model: MODEL, columns: [...currencyRateMap.reads, 'company_id'], domain: ['|' as const, ['company_id', '=', false] as const, ...own, ['currency_id', '!=', company.currency[0]] as const], writtenBy: ['write_date'] };
  const found = await readPage<OdooRateRow>(client, query, page, call);
  if (found.rows.length === 0) return emptyPage(found);
  const [currencies, firstOwn, companyRateOn] = await Promise.all([
    readCurrencies(client, [company.currency, ...found.rows.map((row) => row.currency_id)], call),
    readFirstOwn(client, found.rows, own, call),
    readCompanyRate(client, company, call),
  ]);
  const counting = found.rows.filter((row) => row.company_id !== false || row.name < (firstOwn.get(idOf(row.currency_id)) ?? '9999-12-31'));
  return mapPage({ ...found, rows: counting }, MODEL, currencyRateMap, { currencies, companyCurrency: lookUp(currencies, company.currency, 'currency').name, companyRateOn });
}

/** @throws Failure MISCONFIGURED naming `companyId` where several companies could be meant */
async function readCompany(client: OdooClient, call: CallContext): Promise<Company> {
  const { companyId } = client.settings;
  const rows = await readAll<CompanyRow>(client, { model: 'res.company', columns: ['currency_id', 'root_id'], domain: companyId === undefined ? [] : [['id', '=', companyId]] }, call);
  const roots = new Map(rows.map((row) => [row.root_id ? row.root_id[0] : row.id, row]));
  const [only] = roots;
  if (only === undefined || roots.size > 1) {
    throw new Failure('MISCONFIGURED', `${roots.size} companies can be read: say in \`companyId\` whose rates of exchange hold`, { system: client.system, field: ['companyId'] });
  }
  const [id, { currency_id: currency }] = only;
  if (currency === false) throw new Failure('UPSTREAM_MALFORMED', `company ${id} has no currency`, { system: client.system });
  return { id, currency };
}

/** Day of the first own row, by currency; asked only where a common row is on the page. */
async function readFirstOwn(client: OdooClient, rows: readonly OdooRateRow[], own: Domain, call: CallContext): Promise<ReadonlyMap<number, string>> {
  const common = new Set(rows.flatMap((row) => (row.company_id === false ? [idOf(row.currency_id)] : [])));
  if (common.size === 0) return new Map();
  const owned = await readAll<OdooRateRow>(client, { model: MODEL, columns: ['name', 'currency_id'], domain: [...own, ['currency_id', 'in', [...common]]] }, call);
  const first = new Map<number, string>();
  for (const { name, currency_id: currency } of owned) first.set(idOf(currency), least(first.get(idOf(currency)), name));
  return first;
}

const least = (known: string | undefined, day: string): string => (known === undefined || day < known ? day : known);

/** The company's own currency has no rates as a rule, and is 1 then. Before its first rate that one holds, as in Odoo. */
async function readCompanyRate(client: OdooClient, { id, currency }: Company, call: CallContext): Promise<(day: string) => Decimal> {
  const domain: Domain = [['currency_id', '=', currency[0]], ['company_id', 'in', [false, id]]];
  const all = await readAll<OdooRateRow>(client, { model: MODEL, columns: ['name', 'company_id', 'rate'], domain }, call);
  const own = all.filter((row) => row.company_id !== false);
  const series = (own.length > 0 ? own : all).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return (day) => {
    const row = series.findLast(({ name }) => name <= day) ?? series[0];
    return row === undefined ? ONE : decimalOf(row.rate);
  };
}
