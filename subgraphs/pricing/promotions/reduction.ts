import { add, compare, decimal, divide, multiply, round, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { PriceTarget } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** The least and the most that anything a promotion is for costs before it. */
export interface PriceSpan {
  readonly lowest: Decimal;
  readonly highest: Decimal;
}

const HUNDRED = decimal(100);
const MOST_DIGITS = 2;

/**
 * How much of a price a promotion may take off, in percent, at the worst. Null: nothing bounds it, or nobody knows what its targets cost. An amount off each
 * piece is measured against the cheapest target, a fixed price against the dearest, an amount off the basket against the smallest basket it asks for. Pure.
 */
export function deepestPercent({ effect, minBasket }: Promotion, span: PriceSpan | null): Decimal | null {
  switch (effect.kind) {
    case 'PERCENT_OFF':
      return effect.percent;
    case 'BUY_X_GET_Y':
      return divide(multiply(effect.get, effect.percentOff), add(effect.buy, effect.get));
    case 'FIXED_PRICE':
      return span === null ? null : percentOf(subtract(span.highest, effect.amount.amount), span.highest);
    case 'AMOUNT_OFF': {
      const whole = effect.place === 'UNIT' ? span?.lowest : minBasket?.amount;
      return whole === undefined ? null : percentOf(effect.amount.amount, whole);
    }
  }
}

const percentOf = (part: Decimal, whole: Decimal): Decimal => divide(multiply(part, HUNDRED), whole);

/** In words, to two digits, never less than it is. */
export const inPercent = (percent: Decimal): string => `${round(percent, MOST_DIGITS, 'UP')} %`;

export const exceeds = (percent: Decimal | null, allowed: Decimal): boolean => percent === null || compare(percent, allowed) > 0;

/**
 * What the targets cost at base prices, and at the fixed prices of the lists a promotion is limited to; null: nothing known costs anything in this currency.
 * Needed for amounts alone.
 */
export async function readPriceSpan(sql: Sql, { targets, priceListCodes }: Pick<Promotion, 'targets' | 'priceListCodes'>, currencyCode: CurrencyCode): Promise<PriceSpan | null> {
  const all = targets.length === 0 || targets.some(({ kind }) => kind === 'ALL');
  const codes = (kind: PriceTarget['kind']): readonly string[] => targets.flatMap((target) => (target.kind === kind ? [codeOf(target)!] : []));
  const [row] = await sql.query<{ lowest: string | null; highest: string | null }>(
    `with target as (
       select sku, amount, currency_code from pricing.list_price where $1 or sku = any($2) or group_code = any($3) or category_codes && $4::text[]
     ), price as (
       select amount from target where currency_code = $5 and amount > 0
       union all
       select r.amount from pricing.price_rule r join pricing.price_list l on l.code = r.price_list_code
       where r.price_list_code = any($6) and l.currency_code = $5 and r.amount > 0
         and ($1 or r.target_kind <> 'SKU' or r.target_code in (select sku from target))
     ) select min(amount) as lowest, max(amount) as highest from price`,
    [all, codes('SKU'), codes('GROUP'), codes('CATEGORY'), currencyCode, priceListCodes],
  );
  return row?.lowest == null ? null : { lowest: decimal(row.lowest), highest: decimal(row.highest!) };
}

/** What a target names; null: everything. */
export function codeOf(target: PriceTarget): string | null {
  switch (target.kind) {
    case 'SKU':
      return target.sku;
    case 'GROUP':
      return target.groupCode;
    case 'CATEGORY':
      return target.categoryCode;
    case 'ALL':
      return null;
  }
}
