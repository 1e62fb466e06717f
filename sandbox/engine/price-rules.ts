import { decimal } from './decimal.ts';
import { byId, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import type { PriceList, PriceRule } from './rows.ts';
import { dayEnd, dayStart } from './seed-days.ts';
import type { SeedPriceBase, SeedPriceFormula, SeedPriceList, SeedPriceRule } from './seed-types.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

const EMPTY = {
  scope: 'all', variantId: null, itemId: null, categoryId: null, minQuantity: '0', fromMs: null, toMs: null, compute: 'fixed', base: 'listPrice',
  basePriceListId: null, fixedPrice: '0', percentOff: '0', roundTo: '0', surcharge: '0', minMargin: '0', maxMargin: '0',
} as const satisfies Omit<NewRow<PriceRule>, 'priceListId'>;

/** The list first, its rules when all lists are there (a rule may be based on another list). */
export function createPriceList(tables: ErpTables, seed: SeedPriceList): PriceList {
  const currency = tables.currencies.first('code', seed.currency);
  if (currency === undefined) throw new Rejection('invalid', `${seed.code}: no currency ${seed.currency}`);
  return tables.priceLists.insert({ code: seed.code, name: seed.name, currencyId: currency.id });
}

/** A list by ids: `{ name, currencyId }`. */
export function openPriceList(tables: ErpTables, args: { readonly name: string; readonly currencyId: number }): { readonly priceListId: number } {
  return { priceListId: tables.priceLists.insert({ code: args.name, name: args.name, currencyId: byId(tables.currencies, args.currencyId, 'currency').id }).id };
}

export function updatePriceList(tables: ErpTables, args: { readonly priceListId: number; readonly name?: string; readonly active?: boolean }): true {
  const { priceListId, ...patch } = args;
  tables.priceLists.update(byId(tables.priceLists, priceListId, 'price list').id, patch);
  return true;
}

/** Takes a list and its rules away; orders made with it keep their currency. */
export function removePriceList(tables: ErpTables, args: { readonly priceListId: number }): true {
  const list = byId(tables.priceLists, args.priceListId, 'price list');
  for (const rule of tables.priceRules.where('priceListId', list.id)) tables.priceRules.remove(rule.id);
  for (const order of [...tables.orders.all()]) if (order.priceListId === list.id) tables.orders.update(order.id, { priceListId: null });
  tables.priceLists.remove(list.id);
  return true;
}

/** Adds a rule as a person says it: `{ priceList, rule }`. */
export function addPriceRule(tables: ErpTables, args: { readonly priceList?: unknown; readonly rule?: SeedPriceRule }): { readonly ruleId: number } {
  const list = listByCode(tables, args.priceList);
  if (args.rule === undefined) throw new Rejection('invalid', 'rule is missing');
  return createPriceRule(tables, { priceListId: list.id, ...ruleOf(tables, args.rule) });
}

export function listByCode(tables: ErpTables, code: unknown): PriceList {
  const list = typeof code === 'string' ? tables.priceLists.first('code', code) ?? tables.priceLists.first('name', code) : undefined;
  if (list !== undefined) return list;
  throw new Rejection('missing', `There is no price list ${String(code)}. Known: ${[...tables.priceLists.all()].map((row) => row.code).join(', ')}`);
}

/** Adds a rule by ids; what is not said is empty. */
export function createPriceRule(tables: ErpTables, args: Partial<NewRow<PriceRule>> & { readonly priceListId: number }): { readonly ruleId: number } {
  byId(tables.priceLists, args.priceListId, 'price list');
  return { ruleId: tables.priceRules.insert({ ...EMPTY, ...args }).id };
}

export function updatePriceRule(tables: ErpTables, args: Partial<NewRow<PriceRule>> & { readonly ruleId: number }): true {
  const { ruleId, ...patch } = args;
  tables.priceRules.update(byId(tables.priceRules, ruleId, 'price rule').id, patch);
  return true;
}

export function removePriceRule(tables: ErpTables, args: { readonly ruleId: number }): true {
  tables.priceRules.remove(byId(tables.priceRules, args.ruleId, 'price rule').id);
  return true;
}

function ruleOf(tables: ErpTables, rule: SeedPriceRule): Partial<NewRow<PriceRule>> {
  const { nowMs } = tables.database;
  return {
    ...scopeOf(tables, rule), ...formulaOf(tables, rule.price), minQuantity: decimal(rule.minQuantity ?? '0', 'minQuantity'),
    fromMs: rule.from === undefined ? null : dayStart(rule.from, nowMs), toMs: rule.to === undefined ? null : dayEnd(rule.to, nowMs),
  };
}

function scopeOf(tables: ErpTables, { appliesTo }: SeedPriceRule): Partial<NewRow<PriceRule>> {
  if (appliesTo === undefined) return { scope: 'all' };
  if ('sku' in appliesTo) {
    const variant = variantBySku(tables, appliesTo.sku);
    return { scope: 'variant', variantId: variant.id, itemId: variant.itemId };
  }
  if ('item' in appliesTo) {
    const item = tables.items.first('code', appliesTo.item);
    if (item === undefined) throw new Rejection('missing', `There is no item ${appliesTo.item}`);
    return { scope: 'item', itemId: item.id };
  }
  const category = tables.categories.first('name', appliesTo.category);
  if (category === undefined) throw new Rejection('missing', `There is no category ${appliesTo.category}`);
  return { scope: 'category', categoryId: category.id };
}

function formulaOf(tables: ErpTables, price: SeedPriceFormula): Partial<NewRow<PriceRule>> {
  if (price.kind === 'fixed') return { compute: 'fixed', fixedPrice: decimal(price.amount, 'amount') };
  const base = baseOf(tables, price.base ?? 'listPrice');
  if (price.kind === 'percentage') return { compute: 'percentage', ...base, percentOff: decimal(price.percentOff, 'percentOff') };
  return {
    compute: 'formula', ...base, percentOff: decimal(price.percentOff ?? '0', 'percentOff'), roundTo: decimal(price.roundTo ?? '0', 'roundTo'),
    surcharge: decimal(price.surcharge ?? '0', 'surcharge'), minMargin: decimal(price.minMargin ?? '0', 'minMargin'), maxMargin: decimal(price.maxMargin ?? '0', 'maxMargin'),
  };
}

function baseOf(tables: ErpTables, base: SeedPriceBase): Partial<NewRow<PriceRule>> {
  return typeof base === 'string' ? { base } : { base: 'priceList', basePriceListId: listByCode(tables, base.priceList).id };
}
