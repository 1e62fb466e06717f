import { keyFromGlobalId } from '../../domain/ids.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { CategoryContent } from '../../domain/catalog.ts';
import { tagAnswer } from '../graph/cache-tags.ts';
import { CATALOG_TAG, productTag } from './cache-lifetimes.ts';
import type { CatalogContext } from './context.ts';
import type { ProductRecord, VariantRecord } from './records.ts';

type Found<T> = T | null | Promise<T | null>;

const keyed = <T>(key: string | null, load: (key: string) => Found<T>): Found<T> => (key === null ? null : load(key));

export const productById = (id: string, { loaders }: CatalogContext): Found<ProductRecord> =>
  keyed(keyFromGlobalId('Product', id), (code) => loaders.productByCode.load(code));

export const variantById = (id: string, context: CatalogContext): Found<VariantRecord> =>
  keyed(keyFromGlobalId('ProductVariant', id), async (sku) => tagVariant(await context.loaders.variantBySku.load(sku), context));

export const categoryById = (id: string, context: CatalogContext): Found<CategoryContent> =>
  keyed(keyFromGlobalId('Category', id), (code) => categoryByCode(code, context));

export const categoryByCode = async (code: string, { directory }: CatalogContext): Promise<CategoryContent | null> =>
  (await directory()).categories.get(code) ?? null;

/** Changes of a variant are told of its product; one that is not there may come with any. */
export function tagVariant(variant: VariantRecord | null, { scope }: CatalogContext): VariantRecord | null {
  tagAnswer(scope, [variant ? productTag(variant.productCode) : CATALOG_TAG]);
  return variant;
}

/** `__resolveReference` by type name. */
export const references = {
  Product: ({ id }: { readonly id: string }, context: CatalogContext) => productById(id, context),
  ProductVariant: async ({ id, sku }: { readonly id?: string; readonly sku?: string }, context: CatalogContext) =>
    sku === undefined ? variantById(id!, context) : tagVariant(await context.loaders.variantBySku.load(sku), context),
  Category: ({ id }: { readonly id: string }, context: CatalogContext) => categoryById(id, context),
};

/**
 * The one field of a reference input that is given, with its value.
 * @throws Failure INVALID_INPUT when none or several are: composition knows no @oneOf.
 */
export function onlyKey<Key extends string>(reference: { readonly [K in Key]?: string | null }, keys: readonly Key[]): { readonly key: Key; readonly value: string } {
  const given = keys.flatMap((key) => (reference[key] == null ? [] : [{ key, value: reference[key] }]));
  const [only] = given;
  if (only === undefined || given.length > 1) throw invalidInput(['by'], `by takes exactly one of ${keys.join(', ')}`);
  if (only.value.length > MAX_KEY_LENGTH) throw invalidInput(['by', only.key], `${only.key} is longer than ${MAX_KEY_LENGTH} characters`);
  return only;
}

const MAX_KEY_LENGTH = 512;
