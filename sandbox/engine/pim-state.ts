import { createHash } from 'node:crypto';
import type { PimSeed, SeedPimProduct } from './seed-types.ts';
import type { PimAssociations, PimAttribute, PimProduct, PimQuantified, PimState, PimValues } from './pim-types.ts';

/** A PIM with nothing in it. */
export function emptyPim(): PimState {
  return {
    revision: 0, locales: {}, currencies: {}, channels: {}, attributeGroups: {}, attributes: {}, options: {}, families: {},
    familyVariants: {}, categories: {}, associationTypes: {}, productModels: {}, products: {}, media: {},
  };
}

/** Builds the state of a freshly imported catalogue; everything was created and updated at `at` (ISO 8601 UTC). */
export function pimFromSeed(seed: PimSeed, at: string): PimState {
  const stamps = { created: at, updated: at, linkedUpdated: at };
  const given = new Map(seed.products.flatMap((row) => (row.uuid === undefined ? [] : [[row.identifier, row.uuid] as const])));
  const uuid = (identifier: string): string => given.get(identifier) ?? uuidOf(identifier);
  const state: PimState = {
    ...emptyPim(),
    revision: 1,
    locales: keyed(seed.locales, 'code'),
    currencies: keyed(seed.currencies, 'code'),
    channels: keyed(seed.channels, 'code'),
    attributeGroups: keyed(seed.attributeGroups, 'code'),
    attributes: keyed(seed.attributes.map(attributeOf), 'code'),
    families: keyed(seed.families, 'code'),
    familyVariants: keyed(seed.familyVariants, 'code'),
    categories: keyed(seed.categories.map((row, index) => ({ ...row, position: index + 1, updated: at })), 'code'),
    associationTypes: keyed(seed.associationTypes ?? [], 'code'),
    productModels: keyed(seed.productModels.map((row) => ({ ...row, ...stamps })), 'code'),
    products: keyed(seed.products.map((row): PimProduct => ({ ...productOf(row, uuid), ...stamps })), 'uuid'),
    media: keyed(seed.mediaFiles, 'code'),
  };
  for (const attribute of seed.attributes) {
    const rows = (attribute.options ?? []).map((option, index) => ({
      attribute: attribute.code, code: option.code, sortOrder: option.sortOrder ?? index + 1, labels: option.labels,
    }));
    if (rows.length > 0) state.options[attribute.code] = keyed(rows, 'code');
  }
  return state;
}

/** The uuid of a product whose seed gives none: name-based on the SKU, so that every import gives the same one. */
export function uuidOf(identifier: string): string {
  const hex = createHash('sha1').update(`sandbox-pim:${identifier}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function attributeOf(row: PimSeed['attributes'][number], index: number): PimAttribute {
  const { code, type, group, labels, localizable, scopable } = row;
  return {
    code, type, group, labels, localizable, scopable, sortOrder: index + 1,
    metricFamily: row.metricFamily ?? null, defaultMetricUnit: row.defaultMetricUnit ?? null,
  };
}

function productOf(row: SeedPimProduct, uuid: (identifier: string) => string): Omit<PimProduct, 'created' | 'updated' | 'linkedUpdated'> {
  const { identifier, enabled, family, parent, categories } = row;
  // Akeneo keeps the identifier as an ordinary value too; a seed may leave it out.
  const values: PimValues = { sku: [{ scope: null, locale: null, data: identifier }], ...row.values };
  const associations: PimAssociations = {};
  for (const [type, named] of Object.entries(row.associations ?? {})) {
    associations[type] = { products: (named.products ?? []).map(uuid), productModels: named.productModels ?? [], groups: named.groups ?? [] };
  }
  const quantified: PimQuantified = {};
  for (const [type, parts] of Object.entries(row.quantified ?? {})) {
    quantified[type] = { products: parts.map((part) => ({ uuid: uuid(part.identifier), quantity: part.quantity })), productModels: [] };
  }
  return { uuid: uuid(identifier), identifier, enabled, family, parent, categories, values, associations, quantified };
}

function keyed<K extends string, T extends Readonly<Record<K, string>>>(rows: readonly T[], key: K): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row[key], row]));
}
