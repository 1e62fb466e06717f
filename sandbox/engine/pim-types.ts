import type { PimSeed, SeedAttributeType, SeedMediaFile } from './seed-types.ts';

/**
 * What the PIM holds, in the words Akeneo made common: families say which attributes a product has, family variants say
 * on which level (model, sub-model, variant) an attribute is filled, values are addressed by attribute, channel, locale.
 */

/** Locale code (`en_US`) to text. */
export type PimLabels = Record<string, string>;

/** One value of one attribute. `scope` is a channel code, `locale` a locale code; null means "the same everywhere". */
export interface PimValue {
  readonly scope: string | null;
  readonly locale: string | null;
  readonly data: unknown;
}
export type PimValues = Record<string, readonly PimValue[]>;

export interface PimAttribute {
  readonly code: string;
  readonly type: SeedAttributeType;
  readonly group: string;
  readonly labels: PimLabels;
  readonly localizable: boolean;
  readonly scopable: boolean;
  readonly sortOrder: number;
  readonly metricFamily: string | null;
  readonly defaultMetricUnit: string | null;
}

export interface PimOption { readonly attribute: string; readonly code: string; readonly sortOrder: number; readonly labels: PimLabels }
export interface PimCategory { readonly code: string; readonly parent: string | null; readonly labels: PimLabels; readonly position: number; readonly updated: string }

export interface PimAssociation { readonly products: readonly string[]; readonly productModels: readonly string[]; readonly groups: readonly string[] }
export type PimAssociations = Record<string, PimAssociation>;
/** Quantified association type to the products (by uuid) and models (by code) it counts. */
export type PimQuantified = Record<string, {
  readonly products: readonly { readonly uuid: string; readonly quantity: number }[];
  readonly productModels: readonly { readonly code: string; readonly quantity: number }[];
}>;

/** Instants are ISO 8601 UTC. `linkedUpdated` also moves when a parent model changes (Akeneo: updated_including_linked_entities). */
interface Stamps { readonly created: string; readonly updated: string; readonly linkedUpdated: string }

export interface PimProductModel extends Stamps {
  readonly code: string;
  readonly family: string;
  readonly familyVariant: string;
  readonly parent: string | null;
  readonly categories: readonly string[];
  readonly values: PimValues;
}

/** `values` hold only what is filled on the product's own level; see `inheritedValues`. */
export interface PimProduct extends Stamps {
  readonly uuid: string;
  readonly identifier: string;
  readonly family: string | null;
  readonly parent: string | null;
  readonly categories: readonly string[];
  readonly enabled: boolean;
  readonly values: PimValues;
  readonly associations: PimAssociations;
  readonly quantified: PimQuantified;
}

export type PimFamily = PimSeed['families'][number];
export type PimFamilyVariant = PimSeed['familyVariants'][number];
export type PimChannel = PimSeed['channels'][number];
export type PimAssociationType = NonNullable<PimSeed['associationTypes']>[number];

/** The whole PIM, plain JSON so that it can be snapshotted; tables are keyed by code (products by uuid). */
export interface PimState {
  /** Counts the mutations; derived indexes are rebuilt when it moves. */
  revision: number;
  locales: Record<string, { readonly code: string; readonly enabled: boolean }>;
  currencies: Record<string, { readonly code: string; readonly enabled: boolean }>;
  channels: Record<string, PimChannel>;
  attributeGroups: Record<string, { readonly code: string; readonly labels: PimLabels }>;
  attributes: Record<string, PimAttribute>;
  /** Keyed by attribute, then option code. */
  options: Record<string, Record<string, PimOption>>;
  families: Record<string, PimFamily>;
  /** Keyed by family variant code, unique across families as in Akeneo. */
  familyVariants: Record<string, PimFamilyVariant>;
  categories: Record<string, PimCategory>;
  associationTypes: Record<string, PimAssociationType>;
  productModels: Record<string, PimProductModel>;
  products: Record<string, PimProduct>;
  media: Record<string, SeedMediaFile>;
}
