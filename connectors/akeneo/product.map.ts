import type { ProductContent, VariantContent } from '../../domain/catalog.ts';
import { instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { attributesOf, localized, mediaOf, singleText, type ValueReading } from './values.ts';
import type { AkeneoModelRow, AkeneoProductRow, AkeneoValues } from './wire.ts';

export interface ProductGiven extends ValueReading {
  /** Attributes that tell a root model's variants apart, in order of level. */
  readonly axesOf: (model: Pick<AkeneoModelRow, 'family' | 'family_variant'>) => readonly string[];
}

export interface VariantGiven extends ValueReading {
  /** The root model above a product's parent, and what is set on the levels below it. */
  readonly placeOf: (parent: string) => { readonly rootCode: string; readonly own: ReadonlySet<string> } | undefined;
}

const at = converter('instant', (value: string) => instant(value));
const asIs = <T>(label: string) => converter(label, (value: T) => value);

/** The identifier attribute; products-uuid keeps it among the values. */
function skuOf(values: AkeneoValues, { settings }: ValueReading): string {
  const data = values[settings.attributes.sku]?.[0]?.data;
  if (typeof data !== 'string' || data === '') throw new RangeError(`no value for attribute "${settings.attributes.sku}"`);
  if (data.length > 64) throw new RangeError(`longer than 64 characters (${JSON.stringify(data)})`);
  return data;
}

const name = (values: AkeneoValues, reading: ValueReading, otherwise: string) => localized(values, reading.settings.attributes.name, reading, otherwise);

/** A missing description is empty in no locale: the map has no entries then. */
const description = converter('text per locale of attribute `description`', (values: AkeneoValues, given: ValueReading) => {
  const code = given.settings.attributes.description;
  return values[code] === undefined ? {} : localized(values, code, given, '');
});
const brand = converter('text or label of attribute `brand`', (values: AkeneoValues, given: ValueReading) => singleText(values, given.settings.attributes.brand, given));
const attributes = converter('all other attributes', (values: AkeneoValues, given: ValueReading) => attributesOf(values, given));

/** product-models without parent -> ProductContent */
export const modelMap = mapEntity<AkeneoModelRow, ProductContent, ProductGiven>('ProductContent', ({ from, merge, constant }) => ({
  productCode: from('code', asIs('text')),
  name: merge(['values', 'code'], converter('text per locale of attribute `name`', (row, given: ProductGiven) => name(row.values, given, row.code))),
  description: from('values', description),
  brand: from('values', brand),
  familyCode: from('family', asIs('text or null')),
  categoryCodes: from('categories', asIs('codes')),
  attributes: from('values', attributes),
  media: merge(['values', 'code'], converter('files of the `media` attributes', (row, given: ProductGiven) => mediaOf(row.values, given, name(row.values, given, row.code)))),
  variantAxes: merge(['family', 'family_variant'], converter('axes of the family variant by level', (row, { axesOf }: ProductGiven) => axesOf(row))),
  // Models carry no flag of their own; their variants do.
  enabled: constant(true),
  updatedAt: from('updated', at),
}));

/** products-uuid without parent -> ProductContent: a product that is its own only variant */
export const simpleProductMap = mapEntity<AkeneoProductRow, ProductContent, ProductGiven>('ProductContent', ({ from, constant }) => ({
  productCode: from('values', converter('SKU', skuOf)),
  name: from('values', converter('text per locale of attribute `name`', (values, given: ProductGiven) => name(values, given, skuOf(values, given)))),
  description: from('values', description),
  brand: from('values', brand),
  familyCode: from('family', asIs('text or null')),
  categoryCodes: from('categories', asIs('codes')),
  attributes: from('values', attributes),
  media: from('values', converter('files of the `media` attributes', (values, given: ProductGiven) => mediaOf(values, given, name(values, given, skuOf(values, given))))),
  variantAxes: constant([]),
  enabled: from('enabled', asIs('flag')),
  updatedAt: from('updated', at),
}));

type Placed = Pick<AkeneoProductRow, 'values' | 'parent'>;

/** What the levels above say is the product's; a variant repeats only what is set on its own level or on its sub-model. */
function inherited({ parent }: Placed, given: VariantGiven): (code: string) => boolean {
  const own = parent === null ? undefined : given.placeOf(parent)?.own;
  return (code) => own !== undefined && !own.has(code);
}

function productCodeOf({ values, parent }: Placed, given: VariantGiven): string {
  if (parent === null) return skuOf(values, given);
  const place = given.placeOf(parent);
  if (place === undefined) throw new RangeError(`no product model ${JSON.stringify(parent)}`);
  return place.rootCode;
}

/** products-uuid -> VariantContent */
export const variantMap = mapEntity<AkeneoProductRow, VariantContent, VariantGiven>('VariantContent', ({ from, merge }) => ({
  sku: from('values', converter('SKU', skuOf)),
  productCode: merge(['values', 'parent'], converter('root model above, else the SKU', productCodeOf)),
  name: from('values', converter('text per locale of attribute `name`', (values, given: VariantGiven) => name(values, given, skuOf(values, given)))),
  attributes: merge(['values', 'parent'], converter('attributes set below the root model', (row, given: VariantGiven) => attributesOf(row.values, given, inherited(row, given)))),
  media: merge(['values', 'parent'], converter('files set below the root model', (row, given: VariantGiven) =>
    mediaOf(row.values, given, name(row.values, given, skuOf(row.values, given)), inherited(row, given)))),
  enabled: from('enabled', asIs('flag')),
  updatedAt: from('updated', at),
}));
