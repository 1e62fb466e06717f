import type { ErpSeed, SeedItem, SeedVariant } from '../../engine/seed-types.ts';
import { chargeItem } from '../charge-item.ts';
import { text, type Catalogue, type Group } from './catalogue.ts';
import type { Tally } from './report.ts';
import type { Row, Tables } from './tables.ts';

/** ERP items, their stock and their places. Goods whose selling ended, or that never had a list price, are kept but not sellable. */

const unsold = 'Manufacturing Parts';

export function itemsOf(catalogue: Catalogue): Pick<ErpSeed, 'items' | 'categories' | 'attributes' | 'units'> {
  const axes = (['Color', 'Size'] as const).map((name) => ({
    name, values: [...new Set([...catalogue.byId.values()].map((product) => product[name]).filter((value) => value !== undefined))].sort(),
  }));
  const above = new Map(catalogue.categories.map((row) => [row.id, row.name]));
  return {
    items: [...catalogue.groups.map((group) => itemOf(catalogue, group)), chargeItem(unsold, 'EA')],
    attributes: axes,
    units: [{ code: 'EA', name: 'Each', rounding: '1' }],
    categories: [
      ...catalogue.categories.map(({ name }) => ({ name })),
      ...catalogue.subcategories.map(({ name, categoryId }) => ({ name, parent: above.get(categoryId) ?? unsold })),
      { name: unsold },
    ],
  };
}

function itemOf(catalogue: Catalogue, group: Group): SeedItem {
  const first = group.products[0]!;
  return {
    code: group.code, name: group.name, unit: 'EA', kind: 'goods', active: true, sellable: group.products.some(isSold),
    category: catalogue.subcategories.find((row) => row.id === group.subcategory)?.name ?? unsold,
    listPrice: text(first, 'ListPrice'), cost: text(first, 'StandardCost'),
    variants: group.products.map((product): SeedVariant => ({
      sku: text(product, 'ProductNumber'), barcode: null,
      options: Object.fromEntries(group.axes.map((axis) => [axis, text(product, axis)])),
      ...(product['Weight'] !== undefined && { weight: kilograms(product['Weight'], product['WeightUnitMeasureCode']) }),
      ...(product['ListPrice'] !== first['ListPrice'] && { listPrice: text(product, 'ListPrice') }),
      ...(product['StandardCost'] !== first['StandardCost'] && { cost: text(product, 'StandardCost') }),
    })),
  };
}

/** Has a list price and its selling has not ended. */
function isSold(product: Row): boolean {
  return product['SellEndDate'] === undefined && Number.parseFloat(text(product, 'ListPrice')) > 0;
}

/** Pounds or grams as kilograms, three decimals. */
function kilograms(weight: string, unit: string | undefined): string {
  return (Number.parseFloat(weight) * (unit === 'LB' ? 0.45359237 : 0.001)).toFixed(3);
}

/** A location of the data as a warehouse of the ERP. */
const locationCode = (id: string): string => `L${id.padStart(2, '0')}`;

/** One figure per product and location: shelves and bins of one location are added up. */
export function stockOf(tables: Tables, tally: Tally, catalogue: Catalogue): Pick<ErpSeed, 'stock' | 'locations'> & { readonly firstLocation: ReadonlyMap<string, string> } {
  const sums = new Map<string, { readonly sku: string; readonly location: string; onHand: string }>();
  const firstLocation = new Map<string, string>();
  for (const row of tally.read('ProductInventory', tables.read('Production.ProductInventory'))) {
    const [productId, locationId, quantity] = [text(row, 'ProductID'), text(row, 'LocationID'), text(row, 'Quantity')];
    const product = catalogue.byId.get(productId);
    const key = `${productId}/${locationId}/${row['Shelf'] ?? ''}/${row['Bin'] ?? ''}`;
    if (product === undefined) {
      tally.reject('ProductInventory', key, 'the product does not exist');
      continue;
    }
    if (!firstLocation.has(productId)) firstLocation.set(productId, locationCode(locationId));
    const held = sums.get(`${productId}/${locationId}`);
    if (held === undefined) sums.set(`${productId}/${locationId}`, { sku: text(product, 'ProductNumber'), location: locationCode(locationId), onHand: quantity });
    else {
      held.onHand = String(Number.parseInt(held.onHand, 10) + Number.parseInt(quantity, 10));
      tally.merge('ProductInventory', key, 'added to the same product and location: the ERP keeps one figure for all bins');
    }
  }
  const locations = tally.read('Location', tables.read('Production.Location')).map((row) => ({ code: locationCode(text(row, 'LocationID')), name: text(row, 'Name') }));
  return { stock: [...sums.values()], locations, firstLocation };
}
