/** Akeneo's rows (REST "web-api"). Dates are ISO 8601 with offset; what is not translated has null as locale. */
export interface AkeneoValue {
  readonly locale: string | null;
  readonly scope: string | null;
  readonly data: unknown;
}

export type AkeneoValues = Readonly<Record<string, readonly AkeneoValue[]>>;
/** The API answers `[]` instead of `{}` for an empty map (PHP). */
export type AkeneoLabels = Readonly<Record<string, string | null>> | readonly never[];

export interface AkeneoProductRow {
  readonly uuid: string;
  readonly enabled: boolean;
  readonly family: string | null;
  readonly categories: readonly string[];
  readonly parent: string | null;
  /** With the values of the models above. */
  readonly values: AkeneoValues;
  readonly updated: string;
}

export interface AkeneoModelRow {
  readonly code: string;
  readonly family: string | null;
  readonly family_variant: string;
  readonly parent: string | null;
  readonly categories: readonly string[];
  readonly values: AkeneoValues;
  readonly updated: string;
}

export interface AkeneoCategoryRow {
  readonly code: string;
  readonly parent: string | null;
  readonly labels: AkeneoLabels;
  /** From 7.0 on, when asked for. */
  readonly position?: number;
}

export interface AkeneoAttributeRow {
  readonly code: string;
  readonly type: string;
  readonly labels: AkeneoLabels;
  readonly sort_order?: number;
  readonly useable_as_grid_filter?: boolean;
}

export interface AkeneoOptionRow {
  readonly code: string;
  readonly labels: AkeneoLabels;
}

export interface AkeneoFamilyVariantRow {
  readonly code: string;
  readonly variant_attribute_sets: readonly { readonly level: number; readonly axes: readonly string[]; readonly attributes: readonly string[] }[];
}

export interface AkeneoPage<Row> {
  readonly _links: { readonly next?: { readonly href: string } | null };
  readonly items_count?: number;
  readonly _embedded: { readonly items: readonly Row[] };
}
