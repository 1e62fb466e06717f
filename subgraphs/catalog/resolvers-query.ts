import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { CategoryContent } from '../../domain/catalog.ts';
import { NeedsScopes } from '../graph/access.ts';
import { ChangesWith, KeptFor, tagAnswer } from '../graph/cache-tags.ts';
import { checkPageSize } from '../graph/paging.ts';
import { CATALOG_SECONDS, CATALOG_TAG, DIRECTORY_TAG, productTag } from './cache-lifetimes.ts';
import type { CatalogContext } from './context.ts';
import { listingLocale } from './directory.ts';
import type { ListingFilter } from './listing.ts';
import { readListingPage } from './listing-page.ts';
import type { ProductRecord, VariantRecord } from './records.ts';
import { categoryByCode, categoryById, onlyKey, productById, tagVariant, variantById } from './references.ts';
import { openListing, type ListingRoot } from './resolvers-listing.ts';
import { CatalogCategory, CatalogProductConnection, CatalogProductFilter, ProductSort } from './types-listing.ts';
import { CatalogCategoryReference, CatalogProduct, CatalogProductReference, CatalogProductVariant, CatalogVariantReference } from './types-product.ts';

@Resolver()
export class CatalogQueryResolver {
  @NeedsScopes(['catalog:read'])
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => CatalogProduct, { nullable: true, description: 'One product, or null when there is none of that name.' })
  async product(@Arg('by', () => CatalogProductReference) by: CatalogProductReference, @Ctx() context: CatalogContext): Promise<ProductRecord | null> {
    const product = await findProduct(by, context);
    tagAnswer(context.scope, [product ? productTag(product.code) : CATALOG_TAG]);
    return product;
  }

  @NeedsScopes(['catalog:read'])
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => CatalogProductVariant, { nullable: true, description: 'One variant, or null when there is none of that name.' })
  async productVariant(@Arg('by', () => CatalogVariantReference) by: CatalogVariantReference, @Ctx() context: CatalogContext): Promise<VariantRecord | null> {
    const { key, value } = onlyKey(by, ['id', 'sku', 'gtin']);
    if (key === 'id') return variantById(value, context);
    const variant = await (key === 'sku' ? context.loaders.variantBySku.load(value) : context.loaders.variantByGtin.load(value));
    return tagVariant(variant, context);
  }

  @NeedsScopes(['catalog:read'])
  @ChangesWith(CATALOG_TAG)
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => CatalogProductConnection, { description: 'Products by words, filters and order, in the request\'s locale.' })
  async products(
    @Arg('search', () => String, { nullable: true, description: 'Words of name, brand, SKU, GTIN or description; all must occur, the last may be a beginning. At most 200 characters.' }) search: string | null,
    @Arg('filter', () => CatalogProductFilter, { nullable: true }) filter: CatalogProductFilter | null,
    @Arg('sort', () => ProductSort, { defaultValue: ProductSort.RELEVANCE }) sort: ProductSort,
    @Arg('first', () => Int, { defaultValue: 24, description: '1 to 250.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { sql, directory, locale }: CatalogContext,
  ): Promise<ListingRoot> {
    const listing = { locale: listingLocale(await directory(), locale), search: search ?? null, filter: listingFilter(filter) };
    const range = { first: checkPageSize(first), after: after ?? null };
    return openListing(listing, () => readListingPage(sql, listing, sort, range));
  }

  @NeedsScopes(['catalog:read'])
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => CatalogCategory, { nullable: true })
  async category(@Arg('by', () => CatalogCategoryReference) by: CatalogCategoryReference, @Ctx() context: CatalogContext): Promise<CategoryContent | null> {
    const { key, value } = onlyKey(by, ['id', 'code']);
    return key === 'id' ? categoryById(value, context) : categoryByCode(value, context);
  }

  @NeedsScopes(['catalog:read'])
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => [CatalogCategory], { description: 'Children of a category in their order; the roots by default.' })
  async categories(@Arg('parentCode', () => String, { nullable: true }) parentCode: string | null, @Ctx() { directory }: CatalogContext): Promise<readonly CategoryContent[]> {
    return (await directory()).children.get(parentCode ?? '') ?? [];
  }

  @NeedsScopes(['catalog:read'])
  @ChangesWith(DIRECTORY_TAG)
  @KeptFor(CATALOG_SECONDS)
  @Query(() => [String], { description: 'Locales that texts exist in, the default first. Source: the PIM; what x-locale and `locale` arguments take.' })
  async locales(@Ctx() { directory }: CatalogContext): Promise<readonly string[]> {
    return (await directory()).locales;
  }
}

async function findProduct(by: CatalogProductReference, context: CatalogContext): Promise<ProductRecord | null> {
  const { key, value } = onlyKey(by, ['id', 'sku', 'handle', 'code']);
  const { loaders } = context;
  if (key === 'id') return productById(value, context);
  if (key === 'handle') return loaders.productByHandle.load(value);
  if (key === 'code') return loaders.productByCode.load(value);
  const variant = await loaders.variantBySku.load(value);
  return variant && loaders.productByCode.load(variant.productCode);
}

/** An empty list of attribute values is no wish; an empty list of codes, brands or SKUs is one nothing fulfils. */
const listingFilter = (filter: CatalogProductFilter | null | undefined): ListingFilter => ({
  categoryCodes: filter?.categoryCodes ?? null,
  attributes: (filter?.attributes ?? []).filter(({ values }) => values.length > 0),
  brands: filter?.brand ?? null,
  skus: filter?.skus ?? null,
});
