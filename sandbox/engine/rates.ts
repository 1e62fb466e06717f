import { big, decimal, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import { Rejection } from './part.ts';
import type { DatedRate } from './rows-terms.ts';
import type { ErpTables } from './tables.ts';

const DAY_MS = 86_400_000;

/** The latest that holds by then; before the first one that one, as in Odoo. Without any it is what the seed said. */
export function rateAt(tables: ErpTables, currencyId: number, atMs: number): DecimalText {
  const rates = tables.rates.where('currencyId', currencyId).sort((a, b) => a.fromMs - b.fromMs);
  return (rates.findLast(({ fromMs }) => fromMs <= atMs) ?? rates[0])?.rate ?? tables.currencies.get(currencyId)!.rate;
}

/** Adds a rate by ids; one a day. */
export function createRate(tables: ErpTables, args: { readonly currencyId: number; readonly fromMs: number | null; readonly rate: DecimalText }): { readonly rateId: number } {
  const currency = byId(tables.currencies, args.currencyId, 'currency');
  const fromMs = Math.floor((args.fromMs ?? tables.database.nowMs) / DAY_MS) * DAY_MS;
  if (tables.rates.where('currencyId', currency.id).some((row) => row.fromMs === fromMs)) throw new Rejection('invalid', 'Only one currency rate per day allowed!');
  return { rateId: tables.rates.insert({ currencyId: currency.id, fromMs, rate: checkedRate(args.rate) }).id };
}

export function updateRate(tables: ErpTables, { rateId, rate }: { readonly rateId: number; readonly rate?: DecimalText }): true {
  const row: DatedRate = byId(tables.rates, rateId, 'currency rate');
  tables.rates.update(row.id, rate === undefined ? {} : { rate: checkedRate(rate) });
  return true;
}

export function removeRate(tables: ErpTables, { rateId }: { readonly rateId: number }): true {
  tables.rates.remove(byId(tables.rates, rateId, 'currency rate').id);
  return true;
}

function checkedRate(given: unknown): DecimalText {
  const rate = decimal(given, 'rate');
  if (big(rate).lte(0)) throw new Rejection('invalid', 'The currency rate must be strictly positive.');
  return rate;
}

/** What one of the company's currency is in another from today or a day on: `{ currency, rate, on? }`. */
export function setRate(tables: ErpTables, args: { readonly currency?: unknown; readonly rate?: unknown; readonly on?: unknown }): { readonly currency: string; readonly rate: DecimalText } {
  const currency = typeof args.currency === 'string' ? tables.currencies.first('code', args.currency) : undefined;
  if (currency === undefined) throw new Rejection('missing', `There is no currency ${String(args.currency)}`);
  const atMs = args.on === undefined ? tables.database.nowMs : Date.parse(`${String(args.on)}T00:00:00Z`);
  if (Number.isNaN(atMs)) throw new Rejection('invalid', `Not a day: ${String(args.on)} (write YYYY-MM-DD)`);
  const fromMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  const rate = checkedRate(args.rate);
  const known = tables.rates.where('currencyId', currency.id).find((row) => row.fromMs === fromMs);
  if (known === undefined) createRate(tables, { currencyId: currency.id, fromMs, rate });
  else tables.rates.update(known.id, { rate });
  return { currency: currency.code, rate };
}
