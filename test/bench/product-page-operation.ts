/** The product page of the figures: name, description, 4 media, 6 attributes, 3 variants with price and availability. */
export const PRODUCT_PAGE = `query ProductPage($handle: String!) {
  product(by: { handle: $handle }) {
    name
    description
    media(first: 4) { url alt mimeType }
    attributes(codes: ["brand", "care", "material", "origin", "rating", "season"]) { code label value unit }
    variants(first: 3) {
      sku
      name
      price { unitPrice { amount currencyCode } }
      availability { status quantity }
    }
  }
}`;

const LISTING = `query ($after: String) {
  products(first: 100, sort: NAME_ASC, after: $after) {
    nodes {
      handle
      media(first: 4) { url }
      attributes(codes: ["brand", "care", "material", "origin", "rating", "season"]) { code }
      variants(first: 3) { sku }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Listing {
  readonly products: {
    readonly nodes: readonly { readonly handle: string; readonly media: readonly object[]; readonly attributes: readonly object[]; readonly variants: readonly object[] }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<{ readonly data?: unknown; readonly errors?: readonly unknown[] | undefined }>;

/** Handles of products that have everything the page asks for, in name order. @throws Error when there is none */
export async function findFullProducts(ask: Ask, count: number): Promise<readonly string[]> {
  const handles: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data, errors } = await ask(LISTING, { after });
    if (!data || errors?.length) throw new Error(`the listing failed: ${JSON.stringify(errors)}`);
    const { nodes, pageInfo } = (data as Listing).products;
    for (const { handle, media, attributes, variants } of nodes) if (media.length === 4 && attributes.length === 6 && variants.length === 3) handles.push(handle);
    if (handles.length >= count || !pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  if (handles.length === 0) throw new Error('no product has 4 media, 6 attributes and 3 variants');
  return handles.slice(0, count);
}
