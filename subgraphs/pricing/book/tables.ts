import { decimal, type RoundingMode } from '../../../domain/decimal.ts';
import { money } from '../../../domain/money.ts';
import type { UnitConversion } from '../../../domain/inventory.ts';
import type { ListPrice, PriceFormula, PriceList, PriceRule, PriceTarget, RoundingPlace } from '../../../domain/pricing.ts';
import { instant } from '../../../domain/time.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import { baseListOf } from '../resolve/price-breaks.ts';
import { PRICING_SCHEMA as schema } from '../schema.sql.ts';

export interface ListPriceRow {
  readonly sku: string;
  readonly amount: string;
  readonly currency_code: string;
  readonly cost_amount: string | null;
  readonly cost_currency_code: string | null;
  readonly group_code: string;
  readonly category_codes: readonly string[];
  readonly reference: string;
  readonly unit_code: string | null;
  readonly units: readonly UnitConversion[];
  readonly tax_codes: readonly string[];
}

export interface PriceListRow {
  readonly code: string;
  readonly name: string;
  readonly currency_code: string;
  readonly rounding_mode: RoundingMode;
  readonly rounding_digits: number | null;
  readonly rounding_place: RoundingPlace;
  readonly tax_included: boolean;
  readonly active: boolean;
}

export interface PriceRuleRow {
  readonly reference: string;
  readonly price_list_code: string;
  readonly precedence: string;
  readonly target_kind: PriceTarget['kind'];
  /** Empty for ALL. */
  readonly target_code: string;
  readonly min_quantity: string | null;
  readonly unit_code: string | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  /** Of FIXED, which most are; null for the others. */
  readonly amount: string | null;
  /** Of the others; null for FIXED. */
  readonly formula: PriceFormula | null;
  readonly base_list_code: string | null;
}

export type Columns<Row> = { readonly [K in keyof Row]: string };

export const LIST_PRICES = {
  schema, name: 'list_price', feed: 'prices', key: 'sku',
  columns: {
    sku: 'text', amount: 'numeric', currency_code: 'text', cost_amount: 'numeric', cost_currency_code: 'text', group_code: 'text', category_codes: 'text[]',
    reference: 'text', unit_code: 'text', units: 'jsonb', tax_codes: 'text[]',
  } satisfies Columns<ListPriceRow>,
} as const satisfies MirrorTable;

export const PRICE_LISTS = {
  schema, name: 'price_list', feed: 'priceLists', key: 'code',
  columns: {
    code: 'text', name: 'text', currency_code: 'text', rounding_mode: 'text', rounding_digits: 'integer', rounding_place: 'text', tax_included: 'boolean', active: 'boolean',
  } satisfies Columns<PriceListRow>,
} as const satisfies MirrorTable;

export const PRICE_RULES = {
  schema, name: 'price_rule', feed: 'priceRules', key: 'reference',
  columns: {
    reference: 'text', price_list_code: 'text', precedence: 'text', target_kind: 'text', target_code: 'text', min_quantity: 'numeric', unit_code: 'text',
    valid_from: 'timestamptz', valid_until: 'timestamptz', amount: 'numeric', formula: 'jsonb', base_list_code: 'text',
  } satisfies Columns<PriceRuleRow>,
} as const satisfies MirrorTable;

/** Rows that wait or contradict; see held-rules.ts and held-prices.ts. */
export const HELD_RULES = { ...PRICE_RULES, name: 'price_rule_held' } as const satisfies MirrorTable;
export const HELD_PRICES = { ...LIST_PRICES, name: 'list_price_held', key: 'reference' } as const satisfies MirrorTable;

export const listPriceRow = ({ sku, reference, price, cost, groupCode, categoryCodes, unitCode, units, taxCodes }: ListPrice): ListPriceRow => ({
  sku, amount: price.amount, currency_code: price.currencyCode, cost_amount: cost?.amount ?? null, cost_currency_code: cost?.currencyCode ?? null,
  group_code: groupCode, category_codes: categoryCodes, reference, unit_code: unitCode, units, tax_codes: taxCodes,
});

export const listPriceOf = (row: ListPriceRow): ListPrice => ({
  sku: row.sku,
  price: money(decimal(row.amount), row.currency_code),
  cost: row.cost_amount === null || row.cost_currency_code === null ? null : money(decimal(row.cost_amount), row.cost_currency_code),
  groupCode: row.group_code,
  categoryCodes: row.category_codes,
  reference: row.reference,
  unitCode: row.unit_code,
  units: row.units,
  taxCodes: row.tax_codes,
  updatedAt: null,
});

export const priceListRow = ({ code, name, currencyCode, roundingMode, roundingDigits, roundingPlace, taxIncluded, active }: PriceList): PriceListRow => ({
  code, name, currency_code: currencyCode, rounding_mode: roundingMode, rounding_digits: roundingDigits, rounding_place: roundingPlace, tax_included: taxIncluded, active,
});

export const priceListOf = (row: PriceListRow): PriceList => ({
  code: row.code, name: row.name, currencyCode: row.currency_code, roundingMode: row.rounding_mode, roundingDigits: row.rounding_digits, roundingPlace: row.rounding_place, taxIncluded: row.tax_included,
  active: row.active, updatedAt: null,
});

export const priceRuleRow = (rule: PriceRule): PriceRuleRow => ({
  reference: rule.reference, price_list_code: rule.priceListCode, precedence: rule.precedence,
  target_kind: rule.target.kind, target_code: targetCodeOf(rule.target), min_quantity: rule.minQuantity,
  unit_code: rule.unitCode, valid_from: rule.validFrom, valid_until: rule.validUntil,
  amount: rule.formula.kind === 'FIXED' ? rule.formula.amount : null, formula: rule.formula.kind === 'FIXED' ? null : rule.formula, base_list_code: baseListOf(rule),
});

export const priceRuleOf = (row: PriceRuleRow): PriceRule => ({
  reference: row.reference, priceListCode: row.price_list_code, precedence: row.precedence, target: targetOf(row),
  minQuantity: row.min_quantity === null ? null : decimal(row.min_quantity),
  unitCode: row.unit_code,
  validFrom: row.valid_from === null ? null : instant(row.valid_from),
  validUntil: row.valid_until === null ? null : instant(row.valid_until),
  formula: row.formula ?? { kind: 'FIXED', amount: decimal(row.amount!) }, updatedAt: null,
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
