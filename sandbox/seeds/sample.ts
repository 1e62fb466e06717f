import type { ErpSeed, PimSeed, SeedItem } from '../engine/seed-types.ts';
import { chargeItem } from './charge-item.ts';
import { allCountries } from './countries.ts';
import { kilograms, sampleContent } from './sample/content.ts';
import { sampleCustomers } from './sample/customers.ts';
import { oddProducts } from './sample/oddities.ts';
import { categoryRows, colours, sizes } from './sample/options.ts';
import { planProducts, type PlannedProduct } from './sample/plan.ts';
import { boxOfTwelve, kits, lanternsForTheSeason, restockOfLanterns, soldByBox } from './sample/promises.ts';
import { samplePriceLists } from './sample/prices.ts';
import { samplePurchaseOrders, sampleStock, vendors, warehouses } from './sample/stock.ts';

/** The sample shop: about 550 products and 1,200 SKUs in three languages, the same on every machine and every day. */
export function sampleSeed(): { erp: ErpSeed; pim: PimSeed } {
  const regular = planProducts();
  const products = [...regular, ...oddProducts(regular)];
  return { erp: erpOf(products), pim: sampleContent(products) };
}

function erpOf(products: readonly PlannedProduct[]): ErpSeed {
  const category = new Map(categoryRows.map(([code, name]) => [code, name]));
  return {
    company: { name: 'Northlight Outfitters', currency: 'USD', country: 'US' },
    currencies: [
      { code: 'USD', name: 'US Dollar', symbol: '$', perCompanyCurrency: '1' }, { code: 'EUR', name: 'Euro', symbol: '€', perCompanyCurrency: '0.92' },
    ],
    countries: allCountries(),
    taxPercent: '0',
    paymentTerm: { name: '30 days', days: 30 },
    units: [{ code: 'unit', name: 'Units', rounding: '1' }, { code: 'kg', name: 'kg', rounding: '0.001' }, boxOfTwelve],
    categories: [
      ...categoryRows.filter(([code]) => code !== 'master').map(([, name, , , parent]) => ({ name, ...(parent !== 'master' && parent !== null && { parent: category.get(parent) ?? parent }) })),
      { name: 'Workshop' },
    ],
    attributes: [
      { name: 'Colour', values: colours.map((colour) => colour.labels.en_US) }, { name: 'Size', values: sizes.map((size) => size.labels.en_US) },
    ],
    locations: warehouses,
    items: [...products.map((product) => itemOf(product, category.get(product.type.category) ?? 'Workshop')), ...erpOnly, chargeItem('Workshop', 'unit')],
    stock: sampleStock(products),
    vendors,
    purchaseOrders: [...samplePurchaseOrders(products), restockOfLanterns],
    kits,
    orders: [lanternsForTheSeason],
    priceLists: samplePriceLists(products),
    customers: sampleCustomers(),
  };
}

function itemOf(product: PlannedProduct, category: string): SeedItem {
  const { code, price: listPrice, cost, enabled } = product;
  return {
    code, category, listPrice, cost, kind: 'goods', sellable: true, active: enabled, name: product.name.en_US,
    unit: product.type.family === 'food' ? 'kg' : 'unit', ...(soldByBox.has(code) && { packagings: [boxOfTwelve.code] }),
    variants: product.variants.map(({ sku, gtin, colour, size, grams }) => ({
      sku, barcode: gtin, weight: kilograms(grams),
      options: { ...(colour !== null && { Colour: colour.labels.en_US }), ...(size !== null && { Size: size.labels.en_US }) },
    })),
  };
}

/** Items without content: a spare-parts kit nobody described, and two services. */
const erpOnly: readonly SeedItem[] = [
  ['REP-KIT', 'Repair kit', 'goods', '14.00', '5.50'], ['SRV-RESOLE', 'Boot resoling', 'service', '79.00', '38.00'], ['SRV-GIFT', 'Gift wrapping', 'service', '4.50', '1.20'],
].map(([sku, name, kind, listPrice, cost]) => ({
  code: sku!, name: name!, category: 'Workshop', unit: 'unit', kind: kind as 'goods' | 'service', listPrice: listPrice!, cost: cost!, sellable: true, active: true,
  variants: [{ sku: sku!, barcode: null, options: {} }],
}));
