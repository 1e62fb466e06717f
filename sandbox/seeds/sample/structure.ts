import type { PimSeed, SeedAttributeType, SeedPimAttribute } from '../../engine/seed-types.ts';
import { pictureAttribute, pictureViews } from '../pictures.ts';
import { brands, cares, categoryRows, colours, materials, origins, seasons, sizes, type Option } from './options.ts';
import { locales } from './words.ts';

/** The sample shop's catalogue structure: one channel, five families, each with three kinds of variants. */

type Row = readonly [code: string, type: SeedAttributeType, group: string, en: string, de: string, fr: string];
const rows: readonly Row[] = [
  ['sku', 'pim_catalog_identifier', 'general', 'SKU', 'Artikelnummer', 'Référence'],
  ['gtin', 'pim_catalog_text', 'general', 'GTIN', 'GTIN', 'GTIN'],
  ['name', 'pim_catalog_text', 'general', 'Name', 'Name', 'Nom'],
  ['summary', 'pim_catalog_text', 'general', 'Summary', 'Kurzbeschreibung', 'Résumé'],
  ['description', 'pim_catalog_textarea', 'general', 'Description', 'Beschreibung', 'Description'],
  ['brand', 'pim_catalog_simpleselect', 'general', 'Brand', 'Marke', 'Marque'],
  ['season', 'pim_catalog_simpleselect', 'general', 'Season', 'Saison', 'Saison'],
  ['rating', 'pim_catalog_number', 'general', 'Rating', 'Bewertung', 'Évaluation'],
  ['msrp', 'pim_catalog_price_collection', 'general', 'Suggested retail price', 'Unverbindliche Preisempfehlung', 'Prix conseillé'],
  ['material', 'pim_catalog_multiselect', 'technical', 'Material', 'Material', 'Matière'],
  ['weight', 'pim_catalog_metric', 'technical', 'Weight', 'Gewicht', 'Poids'],
  ['care', 'pim_catalog_multiselect', 'technical', 'Care', 'Pflege', 'Entretien'],
  ['origin', 'pim_catalog_simpleselect', 'technical', 'Country of origin', 'Herkunftsland', 'Pays d’origine'],
  ['waterproof', 'pim_catalog_boolean', 'technical', 'Waterproof', 'Wasserdicht', 'Imperméable'],
  ['warranty_years', 'pim_catalog_number', 'technical', 'Warranty in years', 'Garantie in Jahren', 'Garantie en années'],
  ['color', 'pim_catalog_simpleselect', 'variant', 'Color', 'Farbe', 'Couleur'],
  ['size', 'pim_catalog_simpleselect', 'variant', 'Size', 'Größe', 'Taille'],
  ['variant_picture', 'pim_catalog_image', 'media', 'Picture of the variant', 'Bild der Variante', 'Image de la variante'],
  ['picture_front', 'pim_catalog_image', 'media', 'Front', 'Vorderansicht', 'Vue de face'],
  ['picture_back', 'pim_catalog_image', 'media', 'Back', 'Rückansicht', 'Vue de dos'],
  ['picture_detail', 'pim_catalog_image', 'media', 'Detail', 'Detail', 'Détail'],
  ['picture_scene', 'pim_catalog_image', 'media', 'In use', 'Im Einsatz', 'En situation'],
];
const localizable = new Set(['name', 'summary', 'description']);
const optionsOf: Readonly<Record<string, readonly Option[]>> = { brand: brands, season: seasons, material: materials, care: cares, origin: origins, color: colours, size: sizes };

const attributes: SeedPimAttribute[] = rows.map(([code, type, group, en, de, fr]) => ({
  code, type, group,
  localizable: localizable.has(code),
  scopable: code === 'description',
  labels: { en_US: en, de_DE: de, fr_FR: fr },
  ...(type === 'pim_catalog_metric' && { metricFamily: 'Weight', defaultMetricUnit: 'KILOGRAM' }),
  ...(optionsOf[code] !== undefined && { options: optionsOf[code].map((option, index) => ({ code: option.code, sortOrder: index + 1, labels: option.labels })) }),
}));

const families = [
  ['apparel', 'Apparel', 'Bekleidung', 'Vêtements'], ['footwear', 'Footwear', 'Schuhe', 'Chaussures'], ['gear', 'Gear', 'Ausrüstung', 'Équipement'],
  ['home', 'Home', 'Wohnen', 'Maison'], ['food', 'Food', 'Lebensmittel', 'Épicerie'],
] as const;
const ownOfVariant = ['sku', 'gtin', 'weight', 'msrp'];
const levels = {
  colour: [{ axes: ['color'], attributes: ['color', 'variant_picture', ...ownOfVariant] }],
  size: [{ axes: ['size'], attributes: ['size', ...ownOfVariant] }],
  'colour-size': [{ axes: ['color'], attributes: ['color', 'variant_picture'] }, { axes: ['size'], attributes: ['size', ...ownOfVariant] }],
} as const;
const variantLabels = {
  colour: { en_US: 'By color', de_DE: 'Nach Farbe', fr_FR: 'Par couleur' },
  size: { en_US: 'By size', de_DE: 'Nach Größe', fr_FR: 'Par taille' },
  'colour-size': { en_US: 'By color and size', de_DE: 'Nach Farbe und Größe', fr_FR: 'Par couleur et taille' },
} as const;

/** Code of the family variant that tells a family's products apart along `axes`. */
export function familyVariantCode(family: string, axes: 'colour' | 'size' | 'colour-size'): string {
  return `${family}_by_${axes.replace('-', '_')}`;
}

/** Everything of the PIM but the products. */
export function sampleStructure(): Omit<PimSeed, 'productModels' | 'products' | 'mediaFiles'> {
  const required = ['sku', 'name', 'description', 'brand', 'material', pictureAttribute(pictureViews[0])];
  return {
    locales: [...locales.map((code) => ({ code, enabled: true })), { code: 'es_ES', enabled: false }],
    currencies: [{ code: 'USD', enabled: true }, { code: 'EUR', enabled: true }, { code: 'GBP', enabled: false }],
    channels: [{ code: 'ecommerce', labels: { en_US: 'Web shop', de_DE: 'Webshop', fr_FR: 'Boutique en ligne' }, locales, currencies: ['USD', 'EUR'], categoryTree: 'master' }],
    attributeGroups: [
      { code: 'general', labels: { en_US: 'General', de_DE: 'Allgemein', fr_FR: 'Général' } },
      { code: 'technical', labels: { en_US: 'Technical', de_DE: 'Technisch', fr_FR: 'Technique' } },
      { code: 'variant', labels: { en_US: 'Variant', de_DE: 'Variante', fr_FR: 'Variante' } },
      { code: 'media', labels: { en_US: 'Media', de_DE: 'Medien', fr_FR: 'Médias' } },
    ],
    attributes,
    associationTypes: [
      { code: 'X_SELL', labels: { en_US: 'Goes well with', de_DE: 'Passt dazu', fr_FR: 'S’accorde avec' }, quantified: false },
      { code: 'PACK', labels: { en_US: 'Set contents', de_DE: 'Inhalt des Sets', fr_FR: 'Contenu du set' }, quantified: true },
    ],
    families: families.map(([code, en, de, fr]) => ({
      code, labels: { en_US: en, de_DE: de, fr_FR: fr }, attributes: rows.map(([attribute]) => attribute), attributeAsLabel: 'name',
      attributeAsImage: 'picture_front', attributeRequirements: { ecommerce: required },
    })),
    familyVariants: families.flatMap(([family]) => (['colour', 'size', 'colour-size'] as const).map((axes) => ({
      code: familyVariantCode(family, axes), family, labels: variantLabels[axes], levels: levels[axes],
    }))),
    categories: categoryRows.map(([code, en, de, fr, parent]) => ({ code, parent, labels: { en_US: en, de_DE: de, fr_FR: fr } })),
  };
}
