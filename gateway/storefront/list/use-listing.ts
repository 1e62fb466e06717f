import { useCallback, useEffect, useState } from 'preact/hooks';
import type { RequestFailure } from '../graph/client.ts';
import { PRODUCT_LIST } from '../graph/operations.ts';
import type { Facet, ListedProduct } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { filterOf, type ListingChoice } from './listing-choice.ts';

const PAGE_SIZE = 24;

interface Listing {
  readonly products: readonly ListedProduct[];
  readonly facets: readonly Facet[];
  readonly totalCount: number;
  readonly endCursor: string | null;
}

export interface ListingState {
  /** The last complete answer; shown dimmed while the next one is on its way. */
  readonly listing: Listing | null;
  readonly failure: RequestFailure | null;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/** The chosen products page by page: counts and facets come with the first page only. */
export function useListing(choice: ListingChoice): ListingState {
  const { client } = useShop();
  const [round, setRound] = useState(0);
  const [after, setAfter] = useState<{ readonly key: string; readonly cursor: string } | null>(null);
  const [state, setState] = useState<{ listing: Listing | null; failure: RequestFailure | null }>({ listing: null, failure: null });
  const [busy, setBusy] = useState<'FIRST' | 'MORE' | null>('FIRST');
  const key = JSON.stringify(choice);
  const cursor = after?.key === key ? after.cursor : null;
  useEffect(() => {
    const leaving = new AbortController();
    setBusy(cursor === null ? 'FIRST' : 'MORE');
    const variables = { search: choice.search || null, filter: filterOf(choice), sort: choice.sort, first: PAGE_SIZE, after: cursor, wholeListing: cursor === null };
    client.request(PRODUCT_LIST, variables, leaving.signal).then(
      ({ data: { products: page } }) => {
        if (leaving.signal.aborted) return;
        const endCursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        setState(({ listing }) => ({
          failure: null,
          listing: cursor !== null && listing
            ? { ...listing, endCursor, products: [...listing.products, ...page.nodes] }
            : { products: page.nodes, facets: page.facets ?? [], totalCount: page.totalCount ?? page.nodes.length, endCursor },
        }));
        setBusy(null);
      },
      (failure: RequestFailure) => {
        if (leaving.signal.aborted) return;
        setState(({ listing }) => ({ listing, failure }));
        setBusy(null);
      },
    );
    return () => leaving.abort();
  }, [client, key, cursor, round]);
  const next = state.listing?.endCursor ?? null;
  return {
    ...state,
    loading: busy === 'FIRST',
    loadingMore: busy === 'MORE',
    loadMore: useCallback(() => void (next !== null && setAfter({ key, cursor: next })), [key, next]),
    reload: useCallback(() => setRound((current) => current + 1), []),
  };
}
