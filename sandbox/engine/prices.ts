import { add, big, decimal, isZero, roundTo, subtract, text, type DecimalText } from './decimal.ts';
import { lineageOf } from './categories.ts';
import { itemOf, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import { rateAt } from './rates.ts';
import type { PriceList, PriceRule, Variant } from './rows.ts';
import type { ErpTables } from './tables.ts';

export interface PriceQuestion {
  readonly variant: Variant;
  readonly priceList: PriceList | null;
  readonly quantity: DecimalText;
  readonly atMs: number;
}

export interface PriceAnswer {
  /** Not rounded, in the price list's currency (the company's without a list). */
  readonly price: DecimalText;
  /** What the price was before a percentage rule took off its share. */
  readonly beforeDiscount: DecimalText;
  readonly rule: PriceRule | null;
  readonly currencyId: number;
}

const SCOPE_ORDER = ['variant', 'item', 'category', 'all'] as const;

/**
 * Odoo's order: applied_on, min_quantity desc, categ_id desc, id desc; the first rule that fits gives the price. Categories sort by
 * complete name, so that of those one product is in the deepest comes first.
 */
export const compareRules = (tables: ErpTables) => (a: PriceRule, b: PriceRule): number => {
  const scope = SCOPE_ORDER.indexOf(a.scope) - SCOPE_ORDER.indexOf(b.scope);
  if (scope !== 0) return scope;
  const depth = ({ categoryId }: PriceRule): number => lineageOf(tables, categoryId).length;
  return big(b.minQuantity).cmp(a.minQuantity) || depth(b) - depth(a) || b.id - a.id;
};

export function priceOf(tables: ErpTables, question: PriceQuestion, depth = 0): PriceAnswer {
  if (depth > 10) throw new Rejection('refused', `The price list ${question.priceList?.name ?? ''} is based on itself`);
  const { variant, priceList } = question;
  const company = tables.companies.get(1)!;
  const currencyId = priceList?.currencyId ?? company.currencyId;
  const listPrice = convert(tables, listPriceOf(tables, variant), [company.currencyId, currencyId], question.atMs);
  const rule = priceList === null ? undefined : tables.priceRules.where('priceListId', priceList.id).filter((row) => fits(tables, row, question)).sort(compareRules(tables))[0];
  if (rule === undefined) return { price: listPrice, beforeDiscount: listPrice, rule: null, currencyId };
  if (rule.compute === 'fixed') return { price: rule.fixedPrice, beforeDiscount: rule.fixedPrice, rule, currencyId };
  const base = basePrice(tables, question, rule, currencyId, depth);
  const price = rule.compute === 'percentage' ? percentOff(base, rule.percentOff) : formula(base, rule);
  return { price, beforeDiscount: rule.compute === 'percentage' ? base : price, rule, currencyId };
}

export const listPriceOf = (tables: ErpTables, variant: Variant): DecimalText => add(itemOf(tables, variant).listPrice, variant.extraPrice);

const percentOff = (base: DecimalText, percent: DecimalText): DecimalText => text(big(base).minus(big(base).times(percent).div(100)));

/** As Odoo computes it: discount, rounding, surcharge, then the margins around the undiscounted base. */
function formula(base: DecimalText, rule: PriceRule): DecimalText {
  let price = add(roundTo(percentOff(base, rule.percentOff), rule.roundTo), rule.surcharge);
  if (!isZero(rule.minMargin) && big(price).lt(add(base, rule.minMargin))) price = add(base, rule.minMargin);
  if (!isZero(rule.maxMargin) && big(price).gt(add(base, rule.maxMargin))) price = add(base, rule.maxMargin);
  return price;
}

function basePrice(tables: ErpTables, question: PriceQuestion, rule: PriceRule, currencyId: number, depth: number): DecimalText {
  const company = tables.companies.get(1)!;
  if (rule.base === 'priceList' && rule.basePriceListId !== null) {
    const answer = priceOf(tables, { ...question, priceList: tables.priceLists.get(rule.basePriceListId)! }, depth + 1);
    return convert(tables, answer.price, [answer.currencyId, currencyId], question.atMs);
  }
  const own = rule.base === 'cost' ? question.variant.cost : listPriceOf(tables, question.variant);
  return convert(tables, own, [company.currencyId, currencyId], question.atMs);
}

/** At the rates of the day, in UTC. */
function convert(tables: ErpTables, amount: DecimalText, [fromId, toId]: readonly [number, number], atMs: number): DecimalText {
  if (fromId === toId) return amount;
  return text(big(amount).times(rateAt(tables, toId, atMs)).div(rateAt(tables, fromId, atMs)).round(10));
}

function fits(tables: ErpTables, rule: PriceRule, { variant, quantity, atMs }: PriceQuestion): boolean {
  if (big(quantity).lt(rule.minQuantity)) return false;
  if ((rule.fromMs !== null && atMs < rule.fromMs) || (rule.toMs !== null && atMs > rule.toMs)) return false;
  if (rule.scope === 'variant') return rule.variantId === variant.id;
  if (rule.scope === 'item') return rule.itemId === variant.itemId;
  return rule.scope === 'all' || (rule.categoryId !== null && lineageOf(tables, itemOf(tables, variant).categoryId).includes(rule.categoryId));
}

/** Sets the list price of one SKU: `{ sku, price }`. A variant among several gets its own extra over the item's price. */
export function setPrice(tables: ErpTables, args: { readonly sku?: unknown; readonly price?: unknown }): { readonly sku: string; readonly price: DecimalText } {
  const variant = variantBySku(tables, args.sku);
  const price = decimal(args.price, 'price');
  if (big(price).lt(0)) throw new Rejection('invalid', `price must not be negative, got ${price}`);
  const item = itemOf(tables, variant);
  if (tables.variants.where('itemId', item.id).length > 1) {
    tables.variants.update(variant.id, { extraPrice: subtract(price, item.listPrice) });
  } else {
    tables.items.update(item.id, { listPrice: subtract(price, variant.extraPrice) });
    tables.variants.update(variant.id, {});
  }
  return { sku: variant.sku, price };
}
