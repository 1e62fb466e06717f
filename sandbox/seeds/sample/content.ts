import type { PimSeed, SeedMediaFile, SeedPimProduct, SeedPimValue, SeedPimValues, SeedProductModel } from '../../engine/seed-types.ts';
import { pictureAttribute, pictureFile, pictureViews } from '../pictures.ts';
import type { PlannedProduct, PlannedVariant } from './plan.ts';
import { kits } from './promises.ts';
import { familyVariantCode, sampleStructure } from './structure.ts';
import type { Words } from './words.ts';

/** The planned products in the PIM's words: simple products, or models with variants on one or two levels. */
export function sampleContent(products: readonly PlannedProduct[]): PimSeed {
  const told = products.map(tellProduct);
  return {
    ...sampleStructure(),
    productModels: told.flatMap((part) => part.models),
    products: [...told.flatMap((part) => part.products), orphan],
    mediaFiles: told.flatMap((part) => part.media),
  };
}

interface Told { readonly models: SeedProductModel[]; readonly products: SeedPimProduct[]; readonly media: SeedMediaFile[] }

function tellProduct(product: PlannedProduct): Told {
  const { type, code, enabled } = product;
  const pictures = pictureViews.map((view) => ({ view, file: pictureFile(code, view, { shape: type.shape, fill: product.fill, hue: product.hue, title: product.name.en_US }) }));
  const shown = Object.fromEntries(pictures.map(({ view, file }) => [pictureAttribute(view), plain(file.code)]));
  const media = pictures.map(({ file }) => file);
  const common = { ...commonValues(product), ...shown };
  const categories = [type.category];
  const variant = product.variants[0];
  if (type.axes === 'none') {
    if (variant === undefined) throw new Error(`${code} has no variant`);
    const values = { ...common, ...ownValues(product, variant) };
    const kit = kits.find(({ sku }) => sku === code);
    const parts = kit === undefined ? {} : { quantified: { PACK: kit.components.map(({ sku, quantity }) => ({ identifier: sku, quantity: Number(quantity) })) } };
    return { models: [], media, products: [{ identifier: variant.sku, enabled, family: type.family, parent: null, categories, values, ...parts }] };
  }
  const familyVariant = familyVariantCode(type.family, type.axes);
  const root: SeedProductModel = { code, family: type.family, familyVariant, parent: null, categories, values: common };
  return type.axes === 'colour-size' ? tellTwoLevels(product, root, media) : tellOneLevel(product, root, media);
}

function tellOneLevel(product: PlannedProduct, root: SeedProductModel, media: SeedMediaFile[]): Told {
  const told: Told = { models: [root], products: [], media };
  for (const variant of product.variants) {
    const picture = colourPicture(product, variant, variant.sku);
    if (picture !== null) told.media.push(picture);
    told.products.push(variantOf(product, variant, root.code, {
      ...(variant.colour && { color: plain(variant.colour.code) }), ...(picture && { variant_picture: plain(picture.code) }), ...(variant.size && { size: plain(variant.size.code) }),
    }));
  }
  return told;
}

function tellTwoLevels(product: PlannedProduct, root: SeedProductModel, media: SeedMediaFile[]): Told {
  const told: Told = { models: [root], products: [], media };
  for (const variant of product.variants) {
    if (variant.colour === null || variant.size === null) throw new Error(`${variant.sku} needs a colour and a size`);
    const code = `${product.code}-${variant.colour.short}`;
    if (!told.models.some((model) => model.code === code)) {
      const picture = colourPicture(product, variant, code);
      if (picture !== null) told.media.push(picture);
      const values = { color: plain(variant.colour.code), ...(picture && { variant_picture: plain(picture.code) }) };
      told.models.push({ ...root, code, parent: root.code, categories: [], values });
    }
    told.products.push(variantOf(product, variant, code, { size: plain(variant.size.code) }));
  }
  return told;
}

function variantOf(product: PlannedProduct, variant: PlannedVariant, parent: string, axes: SeedPimValues): SeedPimProduct {
  const { type, enabled } = product;
  return { identifier: variant.sku, enabled, family: type.family, parent, categories: [], values: { ...axes, ...ownValues(product, variant) } };
}

function colourPicture(product: PlannedProduct, { colour }: PlannedVariant, owner: string): SeedMediaFile | null {
  if (colour === null) return null;
  const title = `${product.name.en_US}, ${colour.labels.en_US}`;
  return pictureFile(`${owner}:colour`, 'front', { shape: product.type.shape, fill: colour.hex, hue: product.hue, title });
}

function commonValues(product: PlannedProduct): SeedPimValues {
  const text = (words: Words, scope: string | null): SeedPimValue[] =>
    Object.entries(words).filter(([locale]) => product.untranslated !== true || locale === 'en_US').map(([locale, data]) => ({ locale, scope, data }));
  return {
    name: text(product.name, null), summary: text(product.summary, null), description: text(product.description, 'ecommerce'),
    brand: plain(product.brand), season: plain(product.season), rating: plain(product.rating), material: plain([product.material]), care: plain(product.care),
    origin: plain(product.origin), waterproof: plain(product.type.traits.includes('waterproof')), warranty_years: plain(product.warrantyYears),
  };
}

/** Akeneo answers a metric's amount as a decimal string when the attribute allows decimals. */
function ownValues(product: PlannedProduct, variant: PlannedVariant): SeedPimValues {
  return {
    sku: plain(variant.sku),
    ...(variant.gtin !== null && { gtin: plain(variant.gtin) }),
    weight: plain({ amount: kilograms(variant.grams), unit: 'KILOGRAM' }),
    msrp: plain([{ amount: product.price, currency: 'USD' }]),
  };
}

/** Grams as kilograms in decimal text, e.g. 1250 -> "1.250". */
export function kilograms(grams: number): string {
  return `${Math.trunc(grams / 1000)}.${String(grams % 1000).padStart(3, '0')}`;
}

function plain(data: unknown): SeedPimValue[] {
  return [{ locale: null, scope: null, data }];
}

/** Known to the PIM alone: no ERP item carries this SKU, so nothing can be sold. */
const orphan: SeedPimProduct = {
  identifier: 'PIM-ONLY-001', enabled: true, family: 'gear', parent: null, categories: ['tents'],
  values: {
    sku: plain('PIM-ONLY-001'),
    name: [{ locale: 'en_US', scope: null, data: 'Announced Dome Tent' }, { locale: 'de_DE', scope: null, data: 'Angekündigtes Kuppelzelt' }, { locale: 'fr_FR', scope: null, data: 'Tente dôme annoncée' }],
    description: [{ locale: 'en_US', scope: 'ecommerce', data: 'In the catalogue before the ERP knows it.' }],
  },
};
