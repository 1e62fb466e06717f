import type { PriceBoundsView, PriceRangeView } from '../graph/price-views.ts';
import type { ListedProduct } from '../graph/types.ts';
import { formatMoney } from '../shell/formats.ts';
import { Badge } from '../shell/notice.tsx';
import { PictureFrame } from '../shell/picture-frame.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';

/** One product in a listing: the whole card is one link. */
export function ProductCard({ product, eager }: { readonly product: ListedProduct; readonly eager: boolean }) {
  const { words, textProps } = useShop();
  const { handle, name, brand, inStock, media, priceRange } = product;
  return (
    <li class="card">
      <a href={links.product(handle)}>
        <PictureFrame picture={media[0]} decorative eager={eager} />
        {priceRange?.onSale && <span class="badge card-sale">{words.sale}</span>}
        <span class="card-brand">{brand ?? ' '}</span>
        <span class="card-name" {...textProps}>{name}</span>
        <span class="card-price">{priceRange ? <CardPrice {...priceRange} /> : <span class="muted">{words.noPrice}</span>}</span>
        <StockFlag inStock={inStock} />
      </a>
    </li>
  );
}

/** What everybody pays is struck through where the shopper pays less. */
function CardPrice({ min, max, listPrices, onSale }: PriceRangeView) {
  const { words } = useShop();
  return (
    <>
      <PriceSpan min={min} max={max} />
      {onSale && listPrices && <>{' '}<s class="price-list"><span class="visually-hidden">{words.listPrice} </span><PriceSpan {...listPrices} /></s></>}
    </>
  );
}

function PriceSpan({ min, max }: PriceBoundsView) {
  const { languageTag } = useShop();
  const lowest = formatMoney(min, languageTag);
  return <>{min.amount === max.amount && min.currencyCode === max.currencyCode ? lowest : `${lowest} – ${formatMoney(max, languageTag)}`}</>;
}

function StockFlag({ inStock }: { readonly inStock: boolean | null }) {
  const { words } = useShop();
  if (inStock === null) return <Badge tone="calm">{words.stockUnknown}</Badge>;
  return inStock ? <Badge tone="good">{words.inStock}</Badge> : <Badge tone="calm">{words.notInStock}</Badge>;
}

/** Cards to come, of the same size. */
export function SkeletonCards({ count }: { readonly count: number }) {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <li key={index} class="card" aria-hidden="true">
          <div class="frame skeleton" />
          <span class="skeleton skeleton-short" />
          <span class="skeleton skeleton-line" />
          <span class="skeleton skeleton-short" />
        </li>
      ))}
    </>
  );
}
