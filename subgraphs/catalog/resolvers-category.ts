import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { CategoryContent } from '../../domain/catalog.ts';
import { globalId } from '../../domain/ids.ts';
import { KeptFor, tagAnswer } from '../graph/cache-tags.ts';
import { checkPageSize } from '../graph/paging.ts';
import { CATALOG_SECONDS, CATALOG_TAG } from './cache-lifetimes.ts';
import type { CatalogContext } from './context.ts';
import { categoryName, listingLocale } from './directory.ts';
import { NO_FILTER } from './listing.ts';
import { readListingPage } from './listing-page.ts';
import { openListing, type ListingRoot } from './resolvers-listing.ts';
import { CatalogCategory, CatalogProductConnection } from './types-listing.ts';

@Resolver(() => CatalogCategory)
export class CategoryResolver {
  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => ID, { description: 'Opaque global id.' })
  id(@Root() { code }: CategoryContent): string {
    return globalId('Category', code);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => String, { description: "Name in the request's locale. Source: the PIM." })
  name(@Root() category: CategoryContent, @Ctx() { locale }: CatalogContext): string {
    return categoryName(category, locale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => CatalogCategory, { nullable: true })
  async parent(@Root() { parentCode }: CategoryContent, @Ctx() { directory }: CatalogContext): Promise<CategoryContent | null> {
    return parentCode === null ? null : ((await directory()).categories.get(parentCode) ?? null);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogCategory], { description: 'In their order.' })
  async children(@Root() { code }: CategoryContent, @Ctx() { directory }: CatalogContext): Promise<readonly CategoryContent[]> {
    return (await directory()).children.get(code) ?? [];
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => CatalogProductConnection, { description: 'Products in it or below it, by name.' })
  async products(
    @Root() { code }: CategoryContent,
    @Arg('first', () => Int, { defaultValue: 24, description: '1 to 250.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { sql, directory, locale, loaders, scope }: CatalogContext,
  ): Promise<ListingRoot> {
    tagAnswer(scope, [CATALOG_TAG]);
    const listing = { locale: listingLocale(await directory(), locale), search: null, filter: { ...NO_FILTER, categoryCodes: [code] } };
    const range = { first: checkPageSize(first), after: after ?? null };
    return openListing(listing, () =>
      range.after === null ? loaders.categoryPage.load({ code, locale: listing.locale, first }) : readListingPage(sql, listing, 'NAME_ASC', range));
  }
}
