import type { StockedProduct, StockedVariant } from './types.ts';

/** Entities of the catalogue come with their keys; what we add is loaded by field, in batches. */
export const references = {
  ProductVariant: ({ sku }: StockedVariant): StockedVariant => ({ sku }),
  Product: ({ id, variantSkus }: StockedProduct): StockedProduct => ({ id, variantSkus: variantSkus ?? [] }),
} as const;
