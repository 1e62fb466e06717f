import { decimal, type RoundingMode } from '../../domain/decimal.ts';
import { money } from '../../domain/money.ts';
import type { ListPrice, PriceFormula, PriceList, PriceRule, PriceTarget } from '../../domain/pricing.ts';
import { instant } from '../../domain/time.ts';
import type { MirrorTable } from '../frame/mirror-table.ts';
import { baseListOf } from './price-breaks.ts';
import { PRICING_SCHEMA as schema } from './schema.sql.ts';

export interface ListPriceRow {
  readonly sku: string;
  readonly amount: string;
  readonly currency_code: string;
  readonly cost_amount: string | null;
  readonly cost_currency_code: string | null;
  readonly group_code: string;
  readonly category_codes: readonly string[];
}

export interface PriceListRow {
  readonly code: string;
  readonly name: string;
  readonly currency_code: string;
  readonly rounding_mode: RoundingMode;
  readonly rounding_digits: number | null;
  readonly active: boolean;
}

export interface PriceRuleRow {
  readonly reference: string;
  readonly price_list_code: string;
  readonly precedence: string;
  readonly target_kind: PriceTarget['kind'];
  /** Empty for ALL. */
  readonly target_code: string;
  readonly min_quantity: string;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly formula: PriceFormula;
  readonly base_list_code: string | null;
}

type Columns<Row> = { readonly [K in keyof Row]: string };

export const LIST_PRICES = {
  schema, name: 'list_price', feed: 'prices', key: 'sku',
  columns: {
    sku: 'text', amount: 'numeric', currency_code: 'text', cost_amount: 'numeric', cost_currency_code: 'text', group_code: 'text', category_codes: 'text[]',
  } satisfies Columns<ListPriceRow>,
} as const satisfies MirrorTable;

export const PRICE_LISTS = {
  schema, name: 'price_list', feed: 'priceLists', key: 'code',
  columns: {
    code: 'text', name: 'text', currency_code: 'text', rounding_mode: 'text', rounding_digits: 'integer', active: 'boolean',
  } satisfies Columns<PriceListRow>,
} as const satisfies MirrorTable;

export const PRICE_RULES = {
  schema, name: 'price_rule', feed: 'priceRules', key: 'reference',
  columns: {
    reference: 'text', price_list_code: 'text', precedence: 'text', target_kind: 'text', target_code: 'text', min_quantity: 'numeric',
    valid_from: 'timestamptz', valid_until: 'timestamptz', formula: 'jsonb', base_list_code: 'text',
  } satisfies Columns<PriceRuleRow>,
} as const satisfies MirrorTable;

export const listPriceRow = ({ sku, price, cost, groupCode, categoryCodes }: ListPrice): ListPriceRow => ({
  sku, amount: price.amount, currency_code: price.currencyCode, cost_amount: cost?.amount ?? null, cost_currency_code: cost?.currencyCode ?? null,
  group_code: groupCode, category_codes: categoryCodes,
});

export const listPriceOf = (row: ListPriceRow): ListPrice => ({
  sku: row.sku,
  price: money(decimal(row.amount), row.currency_code),
  cost: row.cost_amount === null || row.cost_currency_code === null ? null : money(decimal(row.cost_amount), row.cost_currency_code),
  groupCode: row.group_code,
  categoryCodes: row.category_codes,
  updatedAt: null,
});

export const priceListRow = ({ code, name, currencyCode, roundingMode, roundingDigits, active }: PriceList): PriceListRow => ({
  code, name, currency_code: currencyCode, rounding_mode: roundingMode, rounding_digits: roundingDigits, active,
});

export const priceListOf = (row: PriceListRow): PriceList => ({
  code: row.code, name: row.name, currencyCode: row.currency_code, roundingMode: row.rounding_mode, roundingDigits: row.rounding_digits,
  active: row.active, updatedAt: null,
});

export const priceRuleRow = (rule: PriceRule): PriceRuleRow => ({
  reference: rule.reference, price_list_code: rule.priceListCode, precedence: rule.precedence,
  target_kind: rule.target.kind, target_code: targetCodeOf(rule.target), min_quantity: rule.minQuantity,
  valid_from: rule.validFrom, valid_until: rule.validUntil, formula: rule.formula, base_list_code: baseListOf(rule),
});

export const priceRuleOf = (row: PriceRuleRow): PriceRule => ({
  reference: row.reference, priceListCode: row.price_list_code, precedence: row.precedence, target: targetOf(row),
  minQuantity: decimal(row.min_quantity),
  validFrom: row.valid_from === null ? null : instant(row.valid_from),
  validUntil: row.valid_until === null ? null : instant(row.valid_until),
  formula: row.formula, updatedAt: null,
});

function targetCodeOf(target: PriceTarget): string {
  switch (target.kind) {
    case 'SKU':
      return target.sku;
    case 'GROUP':
      return target.groupCode;
    case 'CATEGORY':
      return target.categoryCode;
    case 'ALL':
      return '';
  }
}

function targetOf({ target_kind: kind, target_code: code }: PriceRuleRow): PriceTarget {
  switch (kind) {
    case 'SKU':
      return { kind, sku: code };
    case 'GROUP':
      return { kind, groupCode: code };
    case 'CATEGORY':
      return { kind, categoryCode: code };
    case 'ALL':
      return { kind };
  }
}
