import DataLoader from 'dataloader';
import type { Sql } from '../../platform/stores/sql.ts';
import { readCategoryPages, type CategoryPageKey } from './category-pages.ts';
import type { ListedPage } from './listing-page.ts';
import {
  readProductsByCode, readProductsByHandle, readVariantsByGtin, readVariantsByProduct, readVariantsBySku, type ProductRecord, type VariantRecord,
} from './records.ts';

/** One set of a request: each turn of the resolvers costs one statement a loader, however many keys. */
export interface CatalogLoaders {
  readonly productByCode: DataLoader<string, ProductRecord | null>;
  readonly productByHandle: DataLoader<string, ProductRecord | null>;
  readonly variantBySku: DataLoader<string, VariantRecord | null>;
  readonly variantByGtin: DataLoader<string, VariantRecord | null>;
  readonly variantsByProduct: DataLoader<string, readonly VariantRecord[]>;
  /** First pages of categories, by name. */
  readonly categoryPage: DataLoader<CategoryPageKey, ListedPage, string>;
}

export function createLoaders(sql: Sql): CatalogLoaders {
  return {
    productByCode: oneByKey((codes) => readProductsByCode(sql, codes), (product) => product.code),
    productByHandle: oneByKey((handles) => readProductsByHandle(sql, handles), (product) => product.handle),
    variantBySku: oneByKey((skus) => readVariantsBySku(sql, skus), (variant) => variant.sku),
    variantByGtin: oneByKey((gtins) => readVariantsByGtin(sql, gtins), (variant) => variant.gtin!),
    variantsByProduct: new DataLoader(async (codes) => {
      const byProduct = Map.groupBy(await readVariantsByProduct(sql, codes), (variant) => variant.productCode);
      return codes.map((code) => byProduct.get(code) ?? []);
    }, SIZE),
    categoryPage: new DataLoader((keys) => readCategoryPages(sql, keys), { cacheKeyFn: ({ code, locale, first }) => JSON.stringify([code, locale, first]) }),
  };
}

const SIZE = { maxBatchSize: 1_000 };

const oneByKey = <T>(read: (keys: readonly string[]) => Promise<readonly T[]>, keyOf: (row: T) => string): DataLoader<string, T | null> =>
  new DataLoader(async (keys) => {
    const byKey = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  }, SIZE);
