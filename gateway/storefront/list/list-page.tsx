import { useEffect } from 'preact/hooks';
import { EmptyNotice, FailureNotice } from '../shell/notice.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { links, replaceWith } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { FacetPanel } from './facet-panel.tsx';
import { SORTS, type ListingChoice, type SortChoice } from './listing-choice.ts';
import { ProductCard, SkeletonCards } from './product-card.tsx';
import { useListing, type ListingState } from './use-listing.ts';

/** Products to choose from: search, filters, order, as many pages as wanted. */
export function ListPage({ choice }: { readonly choice: ListingChoice }) {
  const { words } = useShop();
  const state = useListing(choice);
  // Another choice is another list: it is read from its beginning.
  useEffect(() => window.scrollTo(0, 0), [links.list(choice)]);
  const choose = (next: ListingChoice): void => replaceWith(links.list(next));
  return (
    <div class="list-page">
      <FacetPanel facets={state.listing?.facets ?? null} choice={choice} onChoose={choose} />
      <section class="results" aria-busy={state.loading}>
        <div class="results-head">
          <PageTitle text={words.products} />
          <ResultCount state={state} />
          <label class="sort">
            <span>{words.sort}</span>
            <select value={choice.sort} onChange={(event) => choose({ ...choice, sort: event.currentTarget.value as SortChoice })}>
              {SORTS.map((sort) => <option key={sort} value={sort}>{words.sorts[sort]}</option>)}
            </select>
          </label>
        </div>
        {state.failure && <FailureNotice failure={state.failure} onRetry={state.reload} />}
        <Results state={state} />
      </section>
    </div>
  );
}

function ResultCount({ state: { listing, loading } }: { readonly state: ListingState }) {
  const { words, languageTag } = useShop();
  const count = listing?.totalCount ?? 0;
  return <p class="count" role="status">{loading || !listing ? words.loading : words.found(count.toLocaleString(languageTag), count === 1)}</p>;
}

function Results({ state }: { readonly state: ListingState }) {
  const { words, languageTag } = useShop();
  const { listing, loading, loadingMore, failure } = state;
  if (!listing) return failure ? null : <ul class="grid"><SkeletonCards count={12} /></ul>;
  if (listing.products.length === 0 && !loading) return <EmptyNotice title={words.nothingFound} hint={words.nothingFoundHint} link={links.home} linkText={words.clearFilters} />;
  const number = (value: number): string => value.toLocaleString(languageTag);
  return (
    <>
      <ul class={loading ? 'grid grid-dimmed' : 'grid'}>
        {listing.products.map((product, index) => <ProductCard key={product.id} product={product} eager={index < 8} />)}
        {loadingMore && <SkeletonCards count={4} />}
      </ul>
      <div class="more">
        <p class="muted">{words.shown(number(listing.products.length), number(listing.totalCount))}</p>
        {listing.endCursor !== null && <button type="button" class="button button-quiet" disabled={loadingMore} onClick={state.loadMore}>{loadingMore ? words.loading : words.loadMore}</button>}
      </div>
    </>
  );
}
