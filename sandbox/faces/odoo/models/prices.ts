import { text, big } from '../../../engine/decimal.ts';
import { compareRules } from '../../../engine/prices.ts';
import type { PriceList, PriceRule } from '../../../engine/rows.ts';
import { labelOf } from '../../../engine/sales.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, datetime, float, integer, many, many2one, model, selection, type Model } from '../field.ts';
import { given, idOf, momentOf, numberText, readCommands, type Columns } from '../writing.ts';

const APPLIED_ON = { variant: '0_product_variant', item: '1_product', category: '2_product_category', all: '3_global' } as const;
const BASE = { listPrice: 'list_price', cost: 'standard_price', priceList: 'pricelist' } as const;

const keyOf = <K extends string>(names: Readonly<Record<K, string>>, fallback: K) => (value: unknown): K =>
  (Object.entries(names) as [K, string][]).find(([, name]) => name === value)?.[0] ?? fallback;

const WRITTEN: Columns = {
  pricelist_id: ['priceListId', idOf], applied_on: ['scope', keyOf(APPLIED_ON, 'all')], product_id: ['variantId', idOf], product_tmpl_id: ['itemId', idOf],
  categ_id: ['categoryId', idOf], min_quantity: ['minQuantity', numberText], date_start: ['fromMs', momentOf], date_end: ['toMs', momentOf], compute_price: ['compute', String],
  base: ['base', keyOf(BASE, 'listPrice')], base_pricelist_id: ['basePriceListId', idOf], fixed_price: ['fixedPrice', numberText], percent_price: ['percentOff', numberText],
  price_discount: ['percentOff', numberText], price_markup: ['percentOff', (value) => text(big(0).minus(Number(value)))], price_round: ['roundTo', numberText], price_surcharge: ['surcharge', numberText], price_min_margin: ['minMargin', numberText], price_max_margin: ['maxMargin', numberText],
};

const LIST_WRITTEN: Columns = { name: ['name', String], active: ['active', Boolean] };

export function priceModels(tables: ErpTables): Model[] {
  return [listModel(tables), ruleModel(tables)];
}

function listModel(tables: ErpTables): Model {
  return model<PriceList>({
    name: 'product.pricelist', table: tables.priceLists, order: 'sequence, id, name', displayName: (row) => `${row.name} (${tables.currencies.get(row.currencyId)!.code})`,
    fields: {
      name: char((row) => row.name, 'name'), active: boolean((row) => row.active ?? true), sequence: integer(() => 16), currency_id: many2one('res.currency', (row) => row.currencyId), company_id: many2one('res.company', () => 1),
      item_ids: many('one2many', 'product.pricelist.item', (row) => tables.priceRules.where('priceListId', row.id).sort(compareRules(tables)).map((rule) => rule.id)),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-price-list', { name: String(values['name']), currencyId: Number(values['currency_id']) }) as { priceListId: number }).priceListId,
    unlink: ({ engine }, priceListId) => void engine.execute('erp/remove-price-list', { priceListId }),
    write: ({ engine }, priceListId, values) => {
      const own = given(values, LIST_WRITTEN);
      if (Object.keys(own).length > 0) engine.execute('erp/update-price-list', { priceListId, ...own });
      for (const command of readCommands(values['item_ids'])) {
        if (command.kind === 'create') engine.execute('erp/create-price-rule', { ...given(command.values, WRITTEN), priceListId });
        if (command.kind === 'update') engine.execute('erp/update-price-rule', { ruleId: command.id, ...given(command.values, WRITTEN) });
        if (command.kind === 'unlink') engine.execute('erp/remove-price-rule', { ruleId: command.id });
      }
    },
  });
}

function nameOf(tables: ErpTables, row: PriceRule): string {
  if (row.scope === 'variant') return `Variant: ${labelOf(tables, tables.variants.get(row.variantId!)!)}`;
  if (row.scope === 'item') return tables.items.get(row.itemId!)!.name;
  return row.scope === 'category' ? `Category: ${tables.categories.get(row.categoryId!)!.name}` : 'All Products';
}

function ruleModel(tables: ErpTables): Model {
  const only = (row: PriceRule, compute: PriceRule['compute'], value: string): string => (row.compute === compute ? value : '0');
  const discount = (row: PriceRule): string => only(row, 'formula', row.percentOff);
  const ruleName = (row: PriceRule): string => nameOf(tables, row);
  return model<PriceRule>({
    name: 'product.pricelist.item', table: tables.priceRules, order: 'applied_on, min_quantity desc, categ_id desc, id desc', displayName: ruleName,
    fields: {
      name: char(ruleName), pricelist_id: many2one('product.pricelist', (row) => row.priceListId, 'priceListId'), currency_id: many2one('res.currency', (row) => tables.priceLists.get(row.priceListId)!.currencyId),
      company_id: many2one('res.company', () => 1), applied_on: selection((row) => APPLIED_ON[row.scope]), product_id: many2one('product.product', (row) => row.variantId, 'variantId'),
      product_tmpl_id: many2one('product.template', (row) => row.itemId), categ_id: many2one('product.category', (row) => row.categoryId),
      min_quantity: float((row) => row.minQuantity), date_start: datetime((row) => row.fromMs), date_end: datetime((row) => row.toMs),
      compute_price: selection((row) => row.compute), base: selection((row) => BASE[row.base]), base_pricelist_id: many2one('product.pricelist', (row) => row.basePriceListId),
      fixed_price: float((row) => row.fixedPrice), percent_price: float((row) => only(row, 'percentage', row.percentOff)), price_discount: float(discount),
      price_markup: float((row) => text(big(0).minus(discount(row)))), price_round: float((row) => row.roundTo), price_surcharge: float((row) => row.surcharge),
      price_min_margin: float((row) => row.minMargin), price_max_margin: float((row) => row.maxMargin),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-price-rule', given(values, WRITTEN)) as { ruleId: number }).ruleId,
    write: ({ engine }, ruleId, values) => void engine.execute('erp/update-price-rule', { ruleId, ...given(values, WRITTEN) }),
    unlink: ({ engine }, ruleId) => void engine.execute('erp/remove-price-rule', { ruleId }),
  });
}
