import { ancestors } from './pim-reads.ts';
import { checkPlace, checkValues, PimRejection } from './pim-checks.ts';
import { uuidOf } from './pim-state.ts';
import type { PimAssociations, PimProduct, PimProductModel, PimQuantified, PimState, PimValue, PimValues } from './pim-types.ts';

/** The part of a product a write names; what is absent stays, values are merged, lists are replaced (Akeneo's PATCH). */
export interface ProductPatch {
  readonly uuid?: string;
  readonly identifier?: string;
  readonly enabled?: boolean;
  readonly family?: string | null;
  readonly parent?: string | null;
  readonly categories?: readonly string[];
  readonly values?: PimValues;
  readonly associations?: PimAssociations;
  readonly quantified?: PimQuantified;
}

export interface ProductModelPatch {
  readonly code: string;
  readonly family?: string;
  readonly familyVariant?: string;
  readonly parent?: string | null;
  readonly categories?: readonly string[];
  readonly values?: PimValues;
}

/** Creates or changes one product. `at` is ISO 8601 UTC. Throws PimRejection and changes nothing. */
export function patchProduct(state: PimState, patch: ProductPatch, at: string): { uuid: string; created: boolean } {
  const said = patch.identifier ?? skuOf(patch.values);
  const uuid = patch.uuid ?? (said === undefined ? undefined : uuidOf(said));
  if (uuid === undefined) throw new PimRejection('Property "uuid" or an identifier is required.');
  const before = state.products[uuid];
  const identifier = said ?? before?.identifier ?? '';
  checkValues(state, patch.values ?? {});
  checkIdentifier(state, identifier, uuid);
  const parent = patch.parent === undefined ? before?.parent ?? null : patch.parent;
  const values = mergeValues({ ...before?.values, ...(identifier !== '' && { sku: [{ scope: null, locale: null, data: identifier }] }) }, patch.values ?? {});
  const after: PimProduct = {
    uuid, identifier, parent, values,
    enabled: patch.enabled ?? before?.enabled ?? true,
    family: patch.family === undefined ? before?.family ?? (parent === null ? null : state.productModels[parent]?.family ?? null) : patch.family,
    categories: patch.categories ?? before?.categories ?? [],
    associations: { ...before?.associations, ...patch.associations },
    quantified: { ...before?.quantified, ...patch.quantified },
    created: before?.created ?? at, updated: at, linkedUpdated: at,
  };
  checkPlace(state, after);
  state.products[uuid] = after;
  state.revision += 1;
  return { uuid, created: before === undefined };
}

/** Creates or changes one product model; everything below it is "updated including linked entities" at `at`. */
export function patchProductModel(state: PimState, patch: ProductModelPatch, at: string): { code: string; created: boolean } {
  const before = state.productModels[patch.code];
  const variantCode = patch.familyVariant ?? before?.familyVariant;
  const variant = variantCode === undefined ? undefined : state.familyVariants[variantCode];
  if (variant === undefined) throw new PimRejection('Property "family_variant" expects a valid family variant code.');
  checkValues(state, patch.values ?? {});
  const after: PimProductModel = {
    code: patch.code, family: variant.family, familyVariant: variant.code,
    parent: patch.parent === undefined ? before?.parent ?? null : patch.parent,
    categories: patch.categories ?? before?.categories ?? [],
    values: mergeValues(before?.values ?? {}, patch.values ?? {}),
    created: before?.created ?? at, updated: at, linkedUpdated: at,
  };
  checkPlace(state, after);
  state.productModels[patch.code] = after;
  touchBelow(state, patch.code, at);
  state.revision += 1;
  return { code: patch.code, created: before === undefined };
}

/** Takes a product out of the catalogue. Throws PimRejection when there is none. */
export function removeProduct(state: PimState, args: { readonly uuid: string }): { uuid: string } {
  if (state.products[args.uuid] === undefined) throw new PimRejection(`Product "${args.uuid}" does not exist.`);
  delete state.products[args.uuid];
  state.revision += 1;
  return { uuid: args.uuid };
}

function touchBelow(state: PimState, code: string, at: string): void {
  const below = (row: { readonly parent: string | null }): boolean => ancestors(state, row.parent).some((model) => model.code === code);
  for (const model of Object.values(state.productModels)) if (below(model)) state.productModels[model.code] = { ...model, linkedUpdated: at };
  for (const product of Object.values(state.products)) if (below(product)) state.products[product.uuid] = { ...product, linkedUpdated: at };
}

function checkIdentifier(state: PimState, identifier: string, uuid: string): void {
  const taken = Object.values(state.products).some((product) => product.identifier === identifier && product.uuid !== uuid);
  if (identifier !== '' && taken) {
    throw new PimRejection(`The ${identifier} identifier is already used for another product.`);
  }
}

function skuOf(values: PimValues | undefined): string | undefined {
  const data = values?.['sku']?.[0]?.data;
  return typeof data === 'string' ? data : undefined;
}

/** Per attribute, channel and locale the newer wins; null data takes the value away. */
function mergeValues(before: PimValues, patch: PimValues): PimValues {
  const merged: PimValues = { ...before };
  for (const [code, rows] of Object.entries(patch)) {
    const same = (a: PimValue, b: PimValue): boolean => a.scope === b.scope && a.locale === b.locale;
    const kept = (before[code] ?? []).filter((old) => !rows.some((row) => same(row, old)));
    const next = [...kept, ...rows.filter((row) => row.data !== null)];
    if (next.length === 0) delete merged[code];
    else merged[code] = next;
  }
  return merged;
}
