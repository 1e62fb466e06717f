import DataLoader from 'dataloader';
import { createSharedRead, type SharedRead } from '../../platform/shared-read.ts';
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

/** Reads that requests running at the same time share; one set a process. */
export interface CatalogReads {
  readonly productByCode: SharedRead<string, ProductRecord | null>;
  readonly productByHandle: SharedRead<string, ProductRecord | null>;
  readonly variantBySku: SharedRead<string, VariantRecord | null>;
  readonly variantsByProduct: SharedRead<string, readonly VariantRecord[]>;
}

export const createReads = (sql: Sql): CatalogReads => ({
  productByCode: sharedByKey((codes) => readProductsByCode(sql, codes), (product) => product.code),
  productByHandle: sharedByKey((handles) => readProductsByHandle(sql, handles), (product) => product.handle),
  variantBySku: sharedByKey((skus) => readVariantsBySku(sql, skus), (variant) => variant.sku),
  variantsByProduct: createSharedRead({
    read: async (codes: readonly string[]) => {
      const byProduct = Map.groupBy(await readVariantsByProduct(sql, codes), (variant) => variant.productCode);
      return codes.map((code) => byProduct.get(code) ?? []);
    },
  }),
});

export function createLoaders(sql: Sql, reads: CatalogReads): CatalogLoaders {
  return {
    productByCode: new DataLoader(reads.productByCode, SIZE),
    productByHandle: new DataLoader(reads.productByHandle, SIZE),
    variantBySku: new DataLoader(reads.variantBySku, SIZE),
    variantByGtin: oneByKey((gtins) => readVariantsByGtin(sql, gtins), (variant) => variant.gtin!),
    variantsByProduct: new DataLoader(reads.variantsByProduct, SIZE),
    categoryPage: new DataLoader((keys) => readCategoryPages(sql, keys), { cacheKeyFn: ({ code, locale, first }) => JSON.stringify([code, locale, first]) }),
  };
}

const SIZE = { maxBatchSize: 1_000 };

const oneByKey = <T>(read: (keys: readonly string[]) => Promise<readonly T[]>, keyOf: (row: T) => string): DataLoader<string, T | null> =>
  new DataLoader(async (keys) => {
    const byKey = new Map((await read(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  }, SIZE);

const sharedByKey = <T>(read: (keys: readonly string[]) => Promise<readonly T[]>, keyOf: (row: T) => string): SharedRead<string, T | null> =>
  createSharedRead({
    read: async (keys) => {
      const byKey = new Map((await read(keys)).map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key) ?? null);
    },
  });
