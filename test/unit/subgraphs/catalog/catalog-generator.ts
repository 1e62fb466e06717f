import type { AttributeValue } from '../../../../domain/catalog.ts';
import { emptySources, item, productContent, variantContent, type ShopSources } from './catalog-shop.ts';

const ADJECTIVES = ['Mountain', 'Road', 'Touring', 'City', 'Light', 'Heavy', 'Classic', 'Modern', 'Racing', 'Comfort'];
const NOUNS = ['Bike', 'Frame', 'Wheel', 'Helmet', 'Jersey', 'Glove', 'Pump', 'Saddle', 'Chain', 'Bottle'];
const NOUNS_DE = ['Fahrrad', 'Rahmen', 'Rad', 'Helm', 'Trikot', 'Handschuh', 'Pumpe', 'Sattel', 'Kette', 'Flasche'];
const COLOURS = ['red', 'blue', 'green', 'black', 'white', 'silver', 'yellow', 'orange'];
const PROSE = 'Built for riders who want comfort on every surface, with carefully chosen materials, sealed bearings and a finish that lasts for years of use in any weather.';

const of = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const choice = (code: string, value: string): AttributeValue => ({ code, values: [value], unit: null, text: { en_US: value, de_DE: `${value} (de)`, fr_FR: `${value} (fr)` } });

/** A deterministic catalogue: 3 locales, a tree of 111 categories, 20 brands, 6 attributes, 2 variants a product. */
export function generateSources(products: number): ShopSources {
  const sources = emptySources();
  for (const code of ['colour', 'material', 'season', 'gender', 'size', 'year']) {
    sources.attributes.push({ code, label: { en_US: code.toUpperCase() }, kind: 'OPTION', filterable: code !== 'year' });
  }
  sources.categories.push({ code: 'root', parentCode: null, name: { en_US: 'Everything' }, position: 0 });
  for (let c = 0; c < 110; c += 1) sources.categories.push({ code: `c${c}`, parentCode: c < 10 ? 'root' : `c${c % 10}`, name: { en_US: `Category ${c}` }, position: c });
  for (let n = 0; n < products; n += 1) addProduct(sources, n);
  return sources;
}

function addProduct(sources: ShopSources, n: number): void {
  const code = `p${String(n).padStart(6, '0')}`;
  const tens = Math.floor(n / 10);
  sources.products.push(productContent(code, {
    name: { en_US: `${of(ADJECTIVES, tens)} ${of(NOUNS, n)} ${n}`, de_DE: `${of(ADJECTIVES, tens)} ${of(NOUNS_DE, n)} ${n}`, fr_FR: `${of(NOUNS, n)} ${of(ADJECTIVES, tens)} ${n}` },
    description: { en_US: `${PROSE} ${of(NOUNS, n * 7)}`, de_DE: `Für Fahrer. ${PROSE}`, fr_FR: `Pour tous. ${PROSE}` },
    brand: `Brand ${(n * 7) % 20}`,
    categoryCodes: [`c${10 + (n % 100)}`],
    attributes: [choice('material', of(['steel', 'carbon', 'aluminium', 'titanium'], n * 3)), choice('season', of(['summer', 'winter'], tens)), choice('gender', of(['women', 'men', 'all'], n)), choice('year', String(2000 + (n % 25)))],
    media: Array.from({ length: 4 }, (_, position) => ({ code: `${code}-${position}`, url: `/media/${code}-${position}.jpg`, mimeType: 'image/jpeg', alt: { en_US: `Picture ${position}` }, position })),
    variantAxes: ['colour', 'size'],
  }));
  for (const [index, size] of ['S', 'M'].entries()) {
    const sku = `SKU-${n}-${size}`;
    sources.items.push(item(sku, { groupCode: `t${n}`, gtin: String(4_000_000_000_000 + n * 2 + index) }));
    sources.variants.push(variantContent(sku, code, { attributes: [choice('colour', of(COLOURS, n + index)), choice('size', size)] }));
  }
}
