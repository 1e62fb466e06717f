import { big, decimal, type DecimalText } from './decimal.ts';
import { Rejection } from './part.ts';
import { createPriceRule, listByCode, removePriceRule } from './price-rules.ts';
import type { ErpTables } from './tables.ts';

/**
 * Somebody writes a discount on everything and forgets for whom: `{ percent?, priceLists? }`, 90 percent on every list unless
 * told. As in Odoo it stands behind rules for a product, a category or a larger quantity.
 */
export function discountEverything(tables: ErpTables, args: { readonly percent?: unknown; readonly priceLists?: unknown }): { readonly percent: DecimalText; readonly rules: readonly number[] } {
  const percent = decimal(args.percent ?? '90', 'percent');
  if (big(percent).gt(100)) throw new Rejection('invalid', `percent must not be above 100, got ${percent}`);
  const lists = Array.isArray(args.priceLists) ? args.priceLists.map((code) => listByCode(tables, code)) : [...tables.priceLists.all()];
  const rules = lists.map((list) => createPriceRule(tables, { priceListId: list.id, compute: 'percentage', percentOff: percent }).ruleId);
  return { percent, rules };
}

/** Takes rules back: `{ rules }`, by id. */
export function removePriceRules(tables: ErpTables, args: { readonly rules?: unknown }): { readonly removed: number } {
  if (!Array.isArray(args.rules)) throw new Rejection('invalid', 'rules must be a list of ids');
  for (const ruleId of args.rules as number[]) removePriceRule(tables, { ruleId });
  return { removed: args.rules.length };
}
