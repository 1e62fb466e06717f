import { scaleOf } from '../../domain/decimal.ts';
import type { Item, ItemKind, ItemOption } from '../../domain/catalog.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, flag, idOf, instantOf, lookUp, optionalText, reference, requiredText, textOf } from './convert.ts';
import type { Recipe } from './recipe.ts';
import { unitsBeside, type Units } from './units.ts';
import type { OdooMany2One, OdooProductRow, OdooText } from './wire.ts';

export interface ItemGiven {
  readonly system: string;
  readonly units: Units;
  readonly wholeUnits: ReadonlySet<string>;
  readonly categoryPaths: ReadonlyMap<number, readonly string[]>;
  readonly options: ReadonlyMap<number, ItemOption>;
  /** SKUs carried by more than one product: nobody can tell them apart. */
  readonly sharedSkus: ReadonlySet<string>;
  /** Of the products that are kits. */
  readonly recipes: ReadonlyMap<number, Recipe>;
}

const KINDS: Readonly<Record<string, ItemKind>> = { consu: 'GOODS', product: 'GOODS', service: 'SERVICE', combo: 'KIT' };

const uniqueSku = converter('text, unique', (value: OdooText, { sharedSkus }: Pick<ItemGiven, 'sharedSkus'>) => {
  const sku = textOf(value);
  if (sku.length > 64) throw new RangeError(`longer than 64 characters (${JSON.stringify(sku)})`);
  if (sharedSkus.has(sku)) throw new RangeError(`several products carry it (${JSON.stringify(sku)})`);
  return sku;
});

const kindOf = converter('GOODS, SERVICE, KIT (combo, or with a phantom BoM)', ({ id, type }: Pick<OdooProductRow, 'id' | 'type'>, { recipes }: ItemGiven) => {
  const kind = recipes.has(id) ? 'KIT' : KINDS[type];
  if (kind === undefined) throw new RangeError(`unknown product type (${JSON.stringify(type)})`);
  return kind;
});

const digitsOf = converter('0 for `wholeUnits`, else digits of the unit\'s rounding', (unit: OdooMany2One, given: ItemGiven) => {
  const { name, rounding } = lookUp(given.units, unit, 'unit');
  return given.wholeUnits.has(name) ? 0 : scaleOf(decimalOf(rounding));
});

const componentsOf = converter('mrp.bom (phantom), nested ones flattened', (id: number, { recipes }: ItemGiven) => {
  const recipe = recipes.get(id);
  if (recipe === undefined) return [];
  if ('reason' in recipe) throw new RangeError(recipe.reason);
  return recipe.components;
});

/** Kilograms in every database unless the pound setting is on; 0 is Odoo's way of saying "not given". */
const weight = converter('decimal, 0 = null', (value: number) => (value === 0 ? null : decimalOf(value)));

/** product.product -> Item */
export const itemMap = mapEntity<OdooProductRow, Item, ItemGiven>('Item', ({ from, merge }) => ({
  sku: from('default_code', uniqueSku),
  groupCode: from('product_tmpl_id', reference),
  name: from('name', requiredText),
  kind: merge(['id', 'type'], kindOf),
  gtin: from('barcode', optionalText),
  unitCode: from('uom_id', converter('name of the unit', (unit, { units }: ItemGiven) => lookUp(units, unit, 'unit').name)),
  quantityDigits: from('uom_id', digitsOf),
  sellable: from('sale_ok', flag),
  active: from('active', flag),
  options: from('product_template_attribute_value_ids', converter('attribute and value names', (ids, { options }: ItemGiven) =>
    ids.map((id) => options.get(id)).filter((option) => option !== undefined))),
  categoryPath: from('categ_id', converter('category names from the root', (category, { categoryPaths }: ItemGiven) =>
    category === false ? [] : (categoryPaths.get(idOf(category)) ?? []))),
  weightKg: from('weight', weight),
  updatedAt: from('write_date', converter('UTC instant', instantOf)),
  references: merge(['id', 'product_tmpl_id'], converter('product.product and product.template ids', (row, { system }: ItemGiven) => [
    { system, type: 'product.product', value: String(row.id) },
    { system, type: 'product.template', value: String(idOf(row.product_tmpl_id)) },
  ])),
  components: from('id', componentsOf),
  units: merge(['uom_id', 'uom_ids'], converter('packagings; before 19 all units of the category', (row, { units }: ItemGiven) =>
    unitsBeside(lookUp(units, row.uom_id, 'unit'), row.uom_ids, units))),
}));
