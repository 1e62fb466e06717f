import { decimal, subtract, type DecimalText } from './decimal.ts';
import { byId, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Item, Variant } from './rows.ts';
import type { SeedItem, SeedVariant } from './seed-types.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

/** An item with its variants, attributes made as needed. SKUs and barcodes are unique in this ERP. */
export function createItem(tables: ErpTables, seed: SeedItem): { readonly itemId: number } {
  const category = tables.categories.first('name', seed.category);
  const unit = tables.units.first('code', seed.unit);
  if (category === undefined) throw new Rejection('invalid', `${seed.code}: no category ${seed.category}`);
  if (unit === undefined) throw new Rejection('invalid', `${seed.code}: no unit ${seed.unit}`);
  const item = tables.items.insert({
    code: seed.code, name: seed.name, categoryId: category.id, unitId: unit.id, kind: seed.kind, listPrice: decimal(seed.listPrice, 'listPrice'),
    sellable: seed.sellable, active: seed.active, packagingIds: (seed.packagings ?? []).map((code) => packaging(tables, seed.code, code)),
  });
  for (const name of new Set(seed.variants.flatMap((variant) => Object.keys(variant.options)))) offerAttribute(tables, item, name, seed.variants);
  for (const variant of seed.variants) addVariant(tables, item, seed, variant);
  return { itemId: item.id };
}

function packaging(tables: ErpTables, item: string, code: string): number {
  const unit = tables.units.first('code', code);
  if (unit === undefined) throw new Rejection('invalid', `${item}: no unit ${code}`);
  return unit.id;
}

function offerAttribute(tables: ErpTables, item: Item, name: string, variants: readonly SeedVariant[]): void {
  const attribute = tables.attributes.first('name', name) ?? tables.attributes.insert({ name });
  const offered = tables.itemAttributes.insert({ itemId: item.id, attributeId: attribute.id });
  const used = new Set(variants.map((variant) => variant.options[name]).filter((value) => value !== undefined));
  for (const value of used) ensureValue(tables, attribute.id, value);
  const values = tables.attributeValues.where('attributeId', attribute.id).filter((value) => used.has(value.name));
  for (const value of values) tables.itemOptions.insert({ itemId: item.id, itemAttributeId: offered.id, attributeId: attribute.id, attributeValueId: value.id });
}

/** Makes a value of an attribute unless it is there. */
export function ensureValue(tables: ErpTables, attributeId: number, name: string): void {
  const values = tables.attributeValues.where('attributeId', attributeId);
  if (!values.some((value) => value.name === name)) tables.attributeValues.insert({ attributeId, name, sequence: values.length });
}

function addVariant(tables: ErpTables, item: Item, seed: SeedItem, given: SeedVariant): void {
  if (tables.variants.first('sku', given.sku) !== undefined) throw new Rejection('invalid', `The SKU ${given.sku} is there already`);
  if (given.barcode !== null) checkBarcode(tables, given.barcode, null);
  const options = tables.itemOptions.where('itemId', item.id);
  const optionIds = options
    .filter((option) => given.options[tables.attributes.get(option.attributeId)!.name] === tables.attributeValues.get(option.attributeValueId)!.name)
    .map((option) => option.id);
  tables.variants.insert({
    itemId: item.id, sku: given.sku, barcode: given.barcode, optionIds, weight: decimal(given.weight ?? '0', 'weight'),
    cost: decimal(given.cost ?? seed.cost, 'cost'), active: seed.active && (given.active ?? true),
    extraPrice: given.listPrice === undefined ? '0' : subtract(decimal(given.listPrice, 'listPrice'), item.listPrice),
  });
}

function checkBarcode(tables: ErpTables, barcode: string, ownId: number | null): void {
  const other = tables.variants.first('barcode', barcode);
  if (other !== undefined && other.id !== ownId) throw new Rejection('invalid', `Barcode(s) already assigned:\n\n- Barcode "${barcode}" already assigned to product(s): ${other.sku}`);
}

/** Changes a variant: `{ variantId, ... }`; `listPrice` is this variant's own price (kept as an extra over the item's). */
export function updateVariant(tables: ErpTables, args: Partial<NewRow<Variant>> & { readonly variantId: number; readonly listPrice?: DecimalText }): true {
  const { variantId, listPrice, ...patch } = args;
  const variant = byId(tables.variants, variantId, 'product');
  const item = byId(tables.items, variant.itemId, 'item');
  if (patch.barcode != null) checkBarcode(tables, patch.barcode, variant.id);
  const extra = listPrice === undefined ? {} : { extraPrice: subtract(decimal(listPrice, 'lst_price'), item.listPrice) };
  const alone = tables.variants.where('itemId', item.id).length === 1;
  if (listPrice !== undefined && alone) tables.items.update(item.id, { listPrice: subtract(listPrice, variant.extraPrice) });
  tables.variants.update(variant.id, { ...patch, ...(alone ? {} : extra) });
  return true;
}

/** Changes an item; archiving it archives its variants, and a changed price or name touches them too. */
export function updateItem(tables: ErpTables, args: Partial<NewRow<Item>> & { readonly itemId: number }): true {
  const { itemId, ...patch } = args;
  const item = byId(tables.items, itemId, 'item');
  if (patch.listPrice !== undefined) decimal(patch.listPrice, 'list_price');
  tables.items.update(item.id, patch);
  for (const variant of tables.variants.where('itemId', item.id)) tables.variants.update(variant.id, patch.active === undefined ? {} : { active: patch.active });
  return true;
}

/** Takes a SKU out of the catalogue or brings it back: `{ sku, active }`. */
export function setActive(tables: ErpTables, args: { readonly sku?: unknown; readonly active?: unknown }): { readonly sku: string; readonly active: boolean } {
  const variant = variantBySku(tables, args.sku);
  if (typeof args.active !== 'boolean') throw new Rejection('invalid', 'active must be true or false');
  tables.variants.update(variant.id, { active: args.active });
  return { sku: variant.sku, active: args.active };
}
