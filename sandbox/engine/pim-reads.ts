import type { PimFamilyVariant, PimProduct, PimProductModel, PimState, PimValues } from './pim-types.ts';

interface PimIndex {
  readonly revision: number;
  /** Products in uuid order: the order of Akeneo's search_after paging. */
  readonly products: readonly PimProduct[];
  /** Models in code order. */
  readonly productModels: readonly PimProductModel[];
  readonly byIdentifier: ReadonlyMap<string, PimProduct>;
}
const indexes = new WeakMap<PimState, PimIndex>();

/** Ordered lists over the state; rebuilt after a mutation, shared until the next. */
export function pimIndex(state: PimState): PimIndex {
  const known = indexes.get(state);
  if (known?.revision === state.revision) return known;
  const products = Object.values(state.products).sort((a, b) => order(a.uuid, b.uuid));
  const productModels = Object.values(state.productModels).sort((a, b) => order(a.code, b.code));
  const index = {
    revision: state.revision, products, productModels,
    byIdentifier: new Map(products.map((product) => [product.identifier, product])),
  };
  indexes.set(state, index);
  return index;
}

/** The models above a product or model, nearest first; at most two. */
export function ancestors(state: PimState, parent: string | null): PimProductModel[] {
  const found: PimProductModel[] = [];
  for (let code = parent; code !== null; ) {
    const model = state.productModels[code];
    if (model === undefined || found.length === 2) break;
    found.push(model);
    code = model.parent;
  }
  return found;
}

/** All values a product or model shows: its own and those of the models above it, as Akeneo's API answers them. */
export function inheritedValues(state: PimState, row: { readonly parent: string | null; readonly values: PimValues }): PimValues {
  if (row.parent === null) return row.values;
  return Object.assign({}, ...ancestors(state, row.parent).map((model) => model.values).reverse(), row.values) as PimValues;
}

/** Own categories and those of the models above, without repeats. */
export function inheritedCategories(state: PimState, row: { readonly parent: string | null; readonly categories: readonly string[] }): string[] {
  return [...new Set([...ancestors(state, row.parent).reverse().flatMap((model) => model.categories), ...row.categories])];
}

/** 0 for a root model or simple product, 1 and 2 for what hangs below. */
export function levelOf(state: PimState, row: { readonly parent: string | null }): 0 | 1 | 2 {
  return Math.min(ancestors(state, row.parent).length, 2) as 0 | 1 | 2;
}

/** The attributes that may be filled on a level of a family variant; undefined: all of the family (simple product). */
export function attributesOfLevel(state: PimState, variant: PimFamilyVariant, level: 0 | 1 | 2): Set<string> {
  const own = variant.levels[level - 1];
  if (own !== undefined) return new Set([...own.attributes, ...own.axes]);
  const below = new Set(variant.levels.flatMap((row) => [...row.attributes, ...row.axes]));
  return new Set((state.families[variant.family]?.attributes ?? []).filter((code) => !below.has(code)));
}

/** Percent of the required attributes filled, per channel and locale; empty without a family. */
export function completenesses(state: PimState, product: PimProduct): { scope: string; locale: string; data: number }[] {
  const family = product.family === null ? undefined : state.families[product.family];
  if (family === undefined) return [];
  const values = inheritedValues(state, product);
  return Object.values(state.channels).flatMap((channel) => {
    const required = family.attributeRequirements[channel.code] ?? [];
    return channel.locales.map((locale) => {
      const filled = required.filter((attribute) =>
        (values[attribute] ?? []).some((value) => (value.scope ?? channel.code) === channel.code && (value.locale ?? locale) === locale && !blank(value.data)));
      return { scope: channel.code, locale, data: required.length === 0 ? 100 : Math.floor((filled.length * 100) / required.length) };
    });
  });
}

function blank(data: unknown): boolean {
  return data === null || data === undefined || data === '' || (Array.isArray(data) && data.length === 0);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
