/** A listing of 24 as a storefront asks for it: names, pictures, price ranges, what is in stock. */
export const LISTING = `query Listing($sort: ProductSort!, $after: String) {
  products(first: 24, sort: $sort, after: $after) {
    nodes {
      id
      handle
      name
      brand
      inStock
      media(first: 1) { url alt }
      priceRange {
        min { amount currencyCode }
        max { amount currencyCode }
      }
      variants(first: 1) { sku availability { status } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

const SORTS = ['NAME_ASC', 'NAME_DESC'] as const;

export interface ListingVariables {
  readonly sort: string;
  readonly after: string | null;
}

interface Page {
  readonly products: { readonly nodes: readonly { readonly priceRange: unknown; readonly inStock: unknown }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } } | null;
}

type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<{ readonly data?: unknown; readonly errors?: readonly unknown[] | undefined }>;

/** Full pages, in both directions. @throws Error when a page fails */
export async function findListings(ask: Ask, count: number): Promise<readonly ListingVariables[]> {
  const found: ListingVariables[] = [];
  for (const sort of SORTS) {
    for (let after: string | null = null; found.length < count; ) {
      const { data, errors } = await ask(LISTING, { sort, after });
      if (!data || errors?.length) throw new Error(`the listing failed: ${JSON.stringify(errors)}`);
      const { nodes, pageInfo } = (data as Page).products!;
      if (nodes.length === 24) found.push({ sort, after });
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
  }
  return found;
}

/** A listing of nulls would be quick and equal everywhere. */
export const isFullListing = (data: unknown): boolean =>
  (data as Page | null)?.products?.nodes.some(({ priceRange }) => priceRange !== null) === true && (data as Page).products!.nodes.length === 24;
