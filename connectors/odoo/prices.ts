import type { CallContext, PageRequest, PricePort } from '../../domain/connector.ts';
import { categoriesWrittenSince, readCategories } from './categories.ts';
import type { OdooClient } from './client.ts';
import { readCurrencies } from './currencies.ts';
import { ARCHIVED_TOO, emptyPage, mapPage, readByIds, readPage, type Query } from './paging.ts';
import { settleDoubles, withoutGhosts } from './price-doubles.ts';
import { listPriceMap, priceListMap } from './price.map.ts';
import { quotePrices } from './quote.ts';
import { listCurrencyRates } from './rates.ts';
import { ruleMap } from './rule.map.ts';
import { findRemovedRules } from './rule-removals.ts';
import { taxMap } from './tax.map.ts';
import { readSaleTaxes, SALE_TAXES, whereReadable } from './taxes.ts';
import { readUnits } from './units.ts';
import type { OdooPricedProductRow, OdooPriceListRow, OdooPriceRuleRow, OdooTaxRow } from './wire.ts';

/** The variant's price is the template's plus its attribute values' extras: any of the three may have been written. */
const PRICED_PRODUCTS: Query = {
  model: 'product.product',
  columns: [...listPriceMap.reads, 'active'],
  domain: [ARCHIVED_TOO],
  writtenBy: ['write_date', 'product_tmpl_id.write_date', 'product_template_attribute_value_ids.write_date'],
};
const PRICE_LISTS: Query = { model: 'product.pricelist', columns: priceListMap.reads, domain: [ARCHIVED_TOO], writtenBy: ['write_date'] };
/** Its product may have another SKU by now. */
const PRICE_RULES: Query = { model: 'product.pricelist.item', columns: ruleMap.reads, domain: [], writtenBy: ['write_date', 'product_id.write_date'] };
/** Of a group only its parts have a percentage. */
const TAXES: Query = { model: 'account.tax', columns: taxMap.reads, domain: [['amount_type', '!=', 'group'], ...SALE_TAXES], writtenBy: ['write_date'] };

export function pricePort(client: OdooClient): PricePort {
  return {
    listPrices: (page, call) => listPrices(client, page, call),
    listPriceLists: async (page, call) => {
      const found = await readPage<OdooPriceListRow>(client, PRICE_LISTS, page, call);
      const currencies = await readCurrencies(client, found.rows.map((row) => row.currency_id), call);
      return mapPage(found, PRICE_LISTS.model, priceListMap, { currencies });
    },
    listPriceRules: async (page, call) => {
      const found = await readPage<OdooPriceRuleRow>(client, await alsoBelowMoved(client, PRICE_RULES, page, call), page, call);
      const [{ rows, skus }, lineage] = await Promise.all([withoutGhosts(client, found.rows, call), readLineage(client, found.rows, call)]);
      return mapPage({ ...found, rows }, PRICE_RULES.model, ruleMap, { skus, lineage });
    },
    findRemovedRules: (question, call) => findRemovedRules(client, PRICE_RULES, question, call),
    listCurrencyRates: (page, call) => listCurrencyRates(client, page, call),
    listTaxRates: async (page, call) => {
      const found = await whereReadable(() => readPage<OdooTaxRow>(client, TAXES, page, call));
      // Rights that are missing show no tax, on products either: nothing is wrong then, something is not shown.
      if (found === null) return { records: [], rejected: [], next: null, watermark: null, total: 0 };
      const countries = await readByIds<{ id: number; code: string }>(client, 'res.country', found.rows.flatMap(({ country_id: country }) => (country ? [country[0]] : [])), ['code'], call);
      return mapPage(found, TAXES.model, taxMap, { countries });
    },
    quotePrices: (questions, call) => quotePrices(client, questions, call),
  };
}

async function readLineage(client: OdooClient, rules: readonly OdooPriceRuleRow[], call: CallContext): Promise<ReadonlyMap<number, readonly string[]>> {
  return rules.some((rule) => rule.categ_id !== false) ? (await readCategories(client, call)).lineage : new Map();
}

async function listPrices(client: OdooClient, page: PageRequest, call: CallContext) {
  const taxes = await readSaleTaxes(client, call);
  const columns = PRICED_PRODUCTS.columns.filter((column) => taxes !== null || column !== 'taxes_id');
  const found = await readPage<OdooPricedProductRow>(client, await alsoBelowMoved(client, { ...PRICED_PRODUCTS, columns }, page, call), page, call);
  if (found.rows.length === 0) return emptyPage(found);
  const rows = await settleDoubles(client, found.rows, columns, call);
  const [currencies, { lineage }, units] = await Promise.all([
    readCurrencies(client, rows.flatMap((row) => [row.currency_id, row.cost_currency_id ?? false]), call),
    readCategories(client, call),
    readUnits(client, call),
  ]);
  return mapPage({ ...found, rows }, PRICED_PRODUCTS.model, listPriceMap, { currencies, lineage, units, taxes });
}

/** Which categories a product is in, and in which order rules for them come, changes with the tree and leaves their own rows alone. */
async function alsoBelowMoved(client: OdooClient, query: Query, { since }: PageRequest, call: CallContext): Promise<Query> {
  if (since === null) return query;
  const moved = await categoriesWrittenSince(client, since, call);
  return moved.length === 0 ? query : { ...query, alsoListed: [['categ_id', 'child_of', moved]] };
}
