import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { KeptAsPart } from '../graph/cache-tags.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import type { CatalogContext } from './context.ts';
import { readFacets } from './facets.ts';
import { checkListing, type Listing } from './listing.ts';
import { countListing, type ListedPage } from './listing-page.ts';
import type { ProductRecord } from './records.ts';
import { CatalogFacet, CatalogProductConnection, CatalogProductEdge } from './types-listing.ts';
import { CatalogProduct } from './types-product.ts';

/** A listing that has been asked for; what is selected decides what is read. */
export interface ListingRoot {
  readonly locale: string;
  readonly listing: Listing;
  /** Reads the page once, however many fields want it. */
  readonly page: () => Promise<ListedPage>;
}

/** @throws Failure INVALID_INPUT when the listing asks for too much. */
export function openListing(listing: Listing, readPage: () => Promise<ListedPage>): ListingRoot {
  checkListing(listing);
  let page: Promise<ListedPage> | null = null;
  return { locale: listing.locale, listing, page: () => (page ??= readPage()) };
}

interface LoadedEdge {
  readonly cursor: string;
  readonly node: ProductRecord;
}

/** A product that was taken down between the two statements is left out rather than failing the page. */
async function loadEdges({ page }: ListingRoot, { loaders }: CatalogContext): Promise<LoadedEdge[]> {
  const { entries } = await page();
  const products = await Promise.all(entries.map(({ code }) => loaders.productByCode.load(code)));
  return entries.flatMap(({ cursor }, index) => (products[index] ? [{ cursor, node: products[index] }] : []));
}

@Resolver(() => CatalogProductConnection)
export class ProductConnectionResolver {
  @FieldResolver(() => [CatalogProductEdge])
  edges(@Root() root: ListingRoot, @Ctx() context: CatalogContext): Promise<LoadedEdge[]> {
    return loadEdges(root, context);
  }

  @KeptAsPart()
  @FieldResolver(() => [CatalogProduct])
  async nodes(@Root() root: ListingRoot, @Ctx() context: CatalogContext): Promise<ProductRecord[]> {
    return (await loadEdges(root, context)).map(({ node }) => node);
  }

  @FieldResolver(() => GraphPageInfo)
  async pageInfo(@Root() { page }: ListingRoot): Promise<GraphPageInfo> {
    const { entries, hasNextPage } = await page();
    return { hasNextPage, endCursor: entries.at(-1)?.cursor ?? null };
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Products in the whole listing, exact. Counted only when asked for.' })
  totalCount(@Root() { listing }: ListingRoot, @Ctx() { sql }: CatalogContext): Promise<number> {
    return countListing(sql, listing);
  }

  @FieldResolver(() => [CatalogFacet], { description: 'Counts over the whole listing. A facet is not narrowed by its own filter.' })
  async facets(@Root() { listing }: ListingRoot, @Ctx() { sql, directory }: CatalogContext): Promise<CatalogFacet[]> {
    return (await readFacets(sql, listing, await directory())) as CatalogFacet[];
  }
}
