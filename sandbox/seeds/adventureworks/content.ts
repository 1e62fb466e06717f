import type { PimSeed, SeedMediaFile, SeedPimProduct, SeedPimValue, SeedPimValues, SeedProductModel } from '../../engine/seed-types.ts';
import { pictureAttribute, pictureFile, pictureViews } from '../pictures.ts';
import { text, type Catalogue, type Group } from './catalogue.ts';
import { categoryCode, colourHex, contentStructure, familyOf, familyVariantOf, slug } from './structure.ts';
import type { Row } from './tables.ts';

/** The catalogue in the PIM's words. Names exist in English only in the data; descriptions in up to six languages. */
export function contentOf(catalogue: Catalogue): PimSeed {
  const told = catalogue.groups.map((group) => tell(catalogue, group));
  return {
    ...contentStructure(catalogue),
    productModels: told.flatMap((part) => part.models),
    products: told.flatMap((part) => part.products),
    mediaFiles: told.flatMap((part) => part.media),
  };
}

interface Told { readonly models: SeedProductModel[]; readonly products: SeedPimProduct[]; readonly media: SeedMediaFile[] }

function tell(catalogue: Catalogue, group: Group): Told {
  const family = familyOf(catalogue, group);
  const categories = [categoryCode(catalogue, group)];
  const first = group.products[0]!;
  const look = lookOf(group, family);
  const pictures = pictureViews.map((view) => ({ view, file: pictureFile(group.code, view, { ...look, fill: colourHex(first['Color']), title: group.name }) }));
  const common: SeedPimValues = {
    name: [{ locale: 'en_US', scope: null, data: group.name }],
    ...describe(catalogue, group),
    ...select('class', first['Class']), ...select('style', first['Style']), ...select('product_line', first['ProductLine']),
    ...Object.fromEntries(pictures.map(({ view, file }) => [pictureAttribute(view), plain(file.code)])),
  };
  const media = pictures.map(({ file }) => file);
  if (group.axes.length === 0) {
    const values = { ...common, ...select('color', first['Color']), ...select('size', first['Size']), ...ownValues(first) };
    return { models: [], media, products: [{ identifier: text(first, 'ProductNumber'), enabled: true, family, parent: null, categories, values }] };
  }
  const fixed = (['Color', 'Size'] as const).filter((axis) => !group.axes.includes(axis));
  const values = { ...common, ...Object.assign({}, ...fixed.map((axis) => select(axis.toLowerCase(), first[axis]))) as SeedPimValues };
  const told: Told = { models: [{ code: group.code, family, familyVariant: familyVariantOf(family, group.axes), parent: null, categories, values }], products: [], media };
  for (const product of group.products) {
    const sku = text(product, 'ProductNumber');
    const picture = pictureFile(`${sku}:own`, 'front', { ...look, fill: colourHex(product['Color']), title: text(product, 'Name') });
    const axes = Object.assign({}, ...group.axes.map((axis) => select(axis.toLowerCase(), product[axis]))) as SeedPimValues;
    told.media.push(picture);
    told.products.push({ identifier: sku, enabled: true, family, parent: group.code, categories: [], values: { ...axes, ...ownValues(product), variant_picture: plain(picture.code) } });
  }
  return told;
}

function describe(catalogue: Catalogue, group: Group): SeedPimValues {
  const found = group.modelId === undefined ? undefined : catalogue.descriptions.get(group.modelId);
  return found === undefined ? {} : { description: Object.entries(found).map(([locale, data]) => ({ locale, scope: 'ecommerce', data })) };
}

const weightUnits: Readonly<Record<string, string>> = { LB: 'POUND', G: 'GRAM' };

function ownValues(product: Row): SeedPimValues {
  const unit = weightUnits[product['WeightUnitMeasureCode'] ?? ''];
  return {
    sku: plain(text(product, 'ProductNumber')),
    ...(product['Weight'] !== undefined && unit !== undefined && { weight: plain({ amount: product['Weight'], unit }) }),
  };
}

function select(attribute: string, value: string | undefined): SeedPimValues {
  return value === undefined ? {} : { [attribute]: plain(slug(value)) };
}

const plain = (data: unknown): SeedPimValue[] => [{ locale: null, scope: null, data }];

const shapes: readonly (readonly [RegExp, string])[] = [
  [/tire|wheel|tube/i, 'wheel'], [/helmet/i, 'helmet'], [/frame/i, 'frame'], [/bottle|cage/i, 'bottle'], [/jersey|vest/i, 'tee'], [/short|bib/i, 'shorts'], [/tights/i, 'trousers'],
  [/sock/i, 'socks'], [/cap/i, 'beanie'], [/light/i, 'lamp'], [/pannier|pack/i, 'backpack'],
];

function lookOf(group: Group, family: string): { shape: string; hue: number } {
  const shape = family === 'bikes' ? 'bike' : (shapes.find(([pattern]) => pattern.test(group.name))?.[1] ?? 'part');
  return { shape, hue: [...group.code].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7) };
}
