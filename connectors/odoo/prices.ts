import type { PricePort } from '../../domain/connector.ts';
import { readCategories } from './categories.ts';
import type { OdooClient } from './client.ts';
import { readCurrencies } from './currencies.ts';
import { ARCHIVED_TOO, mapPage, readPage } from './paging.ts';
import { listPriceMap, priceListMap } from './price.map.ts';
import { quotePrices } from './quote.ts';
import { ruleMap } from './rule.map.ts';
import { readSkus } from './skus.ts';
import type { OdooPricedProductRow, OdooPriceListRow, OdooPriceRuleRow } from './wire.ts';

/** The variant's price is the template's plus its attribute values' extras: any of the three may have been written. */
const PRICED_PRODUCTS = {
  model: 'product.product',
  columns: listPriceMap.reads,
  domain: [ARCHIVED_TOO],
  writtenBy: ['write_date', 'product_tmpl_id.write_date', 'product_template_attribute_value_ids.write_date'],
};
const PRICE_LISTS = { model: 'product.pricelist', columns: priceListMap.reads, domain: [ARCHIVED_TOO], writtenBy: ['write_date'] };
const PRICE_RULES = { model: 'product.pricelist.item', columns: ruleMap.reads, domain: [], writtenBy: ['write_date'] };

export function pricePort(client: OdooClient): PricePort {
  return {
    listPrices: async (page, call) => {
      const found = await readPage<OdooPricedProductRow>(client, PRICED_PRODUCTS, page, call);
      const [currencies, categories] = await Promise.all([
        readCurrencies(client, found.rows.flatMap((row) => [row.currency_id, row.cost_currency_id ?? false]), call),
        readCategories(client, call),
      ]);
      return mapPage(found, PRICED_PRODUCTS.model, listPriceMap, { currencies, lineage: categories.lineage });
    },
    listPriceLists: async (page, call) => {
      const found = await readPage<OdooPriceListRow>(client, PRICE_LISTS, page, call);
      const currencies = await readCurrencies(client, found.rows.map((row) => row.currency_id), call);
      return mapPage(found, PRICE_LISTS.model, priceListMap, { currencies });
    },
    listPriceRules: async (page, call) => {
      const found = await readPage<OdooPriceRuleRow>(client, PRICE_RULES, page, call);
      const skus = await readSkus(client, found.rows.map((row) => row.product_id), call);
      return mapPage(found, PRICE_RULES.model, ruleMap, { skus });
    },
    quotePrices: (questions, call) => quotePrices(client, questions, call),
  };
}
