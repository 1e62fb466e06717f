import type { PimSeed, SeedAttributeType, SeedPimAttribute } from '../../engine/seed-types.ts';
import { pictureAttribute, pictureViews } from '../pictures.ts';
import { localeOfCulture, type Catalogue, type Group } from './catalogue.ts';

/** The PIM's structure for AdventureWorks: a family per category, one more for parts that are not sold. */

const locales = Object.values(localeOfCulture);
const loose = { id: 'parts', name: 'Manufacturing Parts' } as const;

/** Akeneo codes are letters, digits and underscores. */
export function slug(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
}

export function categoryCode(catalogue: Catalogue, group: Group): string {
  return slug(catalogue.subcategories.find((row) => row.id === group.subcategory)?.name ?? loose.name);
}

export function familyOf(catalogue: Catalogue, group: Group): string {
  const categoryId = catalogue.subcategories.find((row) => row.id === group.subcategory)?.categoryId;
  return slug(catalogue.categories.find((row) => row.id === categoryId)?.name ?? loose.id);
}

export function familyVariantOf(family: string, axes: Group['axes']): string {
  return `${family}_by_${axes.map((axis) => axis.toLowerCase()).join('_')}`;
}

const hexes: Readonly<Record<string, string>> = {
  Black: '#26282b', Silver: '#a9b1b8', Red: '#b3262e', Yellow: '#d9a91e', Blue: '#2b5c9e', White: '#eceff1', Grey: '#7d858c', Multi: '#8a5ba6', 'Silver/Black': '#6b7075',
};
export const colourHex = (colour: string | undefined): string => hexes[colour ?? ''] ?? '#78909c';

type Row = readonly [code: string, type: SeedAttributeType, group: string, label: string];
const rows: readonly Row[] = [
  ['sku', 'pim_catalog_identifier', 'general', 'SKU'], ['name', 'pim_catalog_text', 'general', 'Name'], ['description', 'pim_catalog_textarea', 'general', 'Description'],
  ['color', 'pim_catalog_simpleselect', 'general', 'Color'], ['size', 'pim_catalog_simpleselect', 'general', 'Size'], ['weight', 'pim_catalog_metric', 'technical', 'Weight'],
  ['class', 'pim_catalog_simpleselect', 'technical', 'Class'], ['style', 'pim_catalog_simpleselect', 'technical', 'Style'], ['product_line', 'pim_catalog_simpleselect', 'technical', 'Product line'],
  ['variant_picture', 'pim_catalog_image', 'media', 'Picture of the variant'],
  ...pictureViews.map((view): Row => [pictureAttribute(view), 'pim_catalog_image', 'media', `Picture, ${view}`]),
];

/** The letters of the data, spelled out as its documentation does. */
const spelled: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  class: { L: 'Low', M: 'Medium', H: 'High' }, style: { W: 'Women’s', M: 'Men’s', U: 'Universal' }, product_line: { R: 'Road', M: 'Mountain', T: 'Touring', S: 'Standard' },
};

function optionsOf(catalogue: Catalogue, attribute: string): NonNullable<SeedPimAttribute['options']> {
  const letters = spelled[attribute];
  if (letters !== undefined) return Object.entries(letters).map(([letter, label]) => ({ code: slug(letter), labels: { en_US: label } }));
  const column = attribute === 'color' ? 'Color' : 'Size';
  const products = [...catalogue.byId.values()];
  const held = [...new Set(products.map((product) => product[column]).filter((value) => value !== undefined))].sort();
  const inCentimetres = new Set(products.filter((product) => product['SizeUnitMeasureCode'] === 'CM').map((product) => product['Size']));
  return held.map((value) => ({ code: slug(value), labels: { en_US: column === 'Size' && inCentimetres.has(value) ? `${value} cm` : value } }));
}

function attributesOf(catalogue: Catalogue): SeedPimAttribute[] {
  return rows.map(([code, type, group, label]) => ({
    code, type, group, labels: { en_US: label }, localizable: code === 'name' || code === 'description', scopable: code === 'description',
    ...(type === 'pim_catalog_metric' && { metricFamily: 'Weight', defaultMetricUnit: 'POUND' }),
    ...(type === 'pim_catalog_simpleselect' && { options: optionsOf(catalogue, code) }),
  }));
}

export function contentStructure(catalogue: Catalogue): Omit<PimSeed, 'productModels' | 'products' | 'mediaFiles'> {
  const families = [...catalogue.categories.map((row) => ({ code: slug(row.name), name: row.name })), { code: loose.id, name: loose.name }];
  const axesOf = [['Color'], ['Size'], ['Color', 'Size']] as const;
  return {
    locales: locales.map((code) => ({ code, enabled: true })),
    currencies: [{ code: 'USD', enabled: true }],
    channels: [{ code: 'ecommerce', labels: { en_US: 'Web shop' }, locales, currencies: ['USD'], categoryTree: 'adventureworks' }],
    attributeGroups: ['general', 'technical', 'media'].map((code) => ({ code, labels: { en_US: code.charAt(0).toUpperCase() + code.slice(1) } })),
    attributes: attributesOf(catalogue),
    families: families.map(({ code, name }) => ({
      code, labels: { en_US: name }, attributes: rows.map(([attribute]) => attribute), attributeAsLabel: 'name', attributeAsImage: 'picture_front',
      attributeRequirements: { ecommerce: ['sku', 'name', 'description', 'picture_front'] },
    })),
    familyVariants: families.flatMap(({ code }) => axesOf.map((axes) => {
      const codes = axes.map((axis) => axis.toLowerCase());
      return { code: familyVariantOf(code, axes), family: code, labels: { en_US: `By ${codes.join(' and ')}` }, levels: [{ axes: codes, attributes: [...codes, 'sku', 'weight', 'variant_picture'] }] };
    })),
    categories: [
      { code: 'adventureworks', parent: null, labels: { en_US: 'Adventure Works' } },
      ...catalogue.categories.map((row) => ({ code: slug(row.name), parent: 'adventureworks', labels: { en_US: row.name } })),
      ...catalogue.subcategories.map((row) => ({ code: slug(row.name), parent: slug(catalogue.categories.find((above) => above.id === row.categoryId)?.name ?? ''), labels: { en_US: row.name } })),
      { code: slug(loose.name), parent: 'adventureworks', labels: { en_US: loose.name } },
    ],
  };
}
