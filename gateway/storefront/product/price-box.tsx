import type { VariantOffer } from '../graph/offer-views.ts';
import { formatMoney, formatQuantity, formatTime } from '../shell/formats.ts';
import { FreshnessLine } from '../shell/freshness-line.tsx';
import { ListPrice } from '../shell/list-price.tsx';
import { PromotionList } from '../shell/promotion-list.tsx';
import { useShop } from '../shell/shop.ts';

interface PriceBoxProps {
  /** Null until the first answer. */
  readonly offer: VariantOffer | null;
  readonly unitCode: string | null;
  /** When a push changed what is shown; null: none did. */
  readonly repricedAt: string | null;
}

/** Unit price at the chosen quantity, the line's total, and what larger quantities cost. */
export function PriceBox({ offer, unitCode, repricedAt }: PriceBoxProps) {
  const { words, languageTag } = useShop();
  if (!offer) return <div class="price" aria-hidden="true"><span class="skeleton skeleton-title" /><span class="skeleton skeleton-line" /></div>;
  const { price } = offer;
  if (!price) return <div class="price"><MissingPrice offer={offer} /></div>;
  const { unitPrice, lineTotal } = price;
  return (
    <div class="price">
      <p class="price-line" key={repricedAt ?? ''} data-pushed={repricedAt !== null}>
        <span class="price-now">{formatMoney(unitPrice, languageTag)}</span>
        <ListPrice {...price} />
        <span class="muted">{unitCode ? ` / ${unitCode}` : ` ${words.perUnit}`}</span>
        {repricedAt !== null && <span class="price-pushed">{words.pushed(formatTime(repricedAt, languageTag))}</span>}
      </p>
      {price.advertisedAs === 'MINIMUM_ADVERTISED' && <p class="price-note">{words.priceRaised}</p>}
      <PromotionList promotions={price.promotions} />
      {lineTotal.amount !== unitPrice.amount && <p class="price-total">{words.total} <strong>{formatMoney(lineTotal, languageTag)}</strong></p>}
      <Breaks breaks={offer.priceBreaks ?? []} />
      {price.freshness === 'STALE' && <FreshnessLine {...price} />}
    </div>
  );
}

/** No price is told with its reason; one that only the basket may show is no missing one. */
function MissingPrice({ offer: { priceShownInCart, priceUnavailableReason } }: { readonly offer: VariantOffer }) {
  const { words } = useShop();
  if (priceShownInCart === true) return <p class="price-note">{words.priceInBasket}</p>;
  return <p class="price-missing">{priceUnavailableReason === null ? words.noPrice : words.noPriceReasons[priceUnavailableReason]}</p>;
}

function Breaks({ breaks }: { readonly breaks: NonNullable<VariantOffer['priceBreaks']> }) {
  const { words, languageTag } = useShop();
  if (breaks.length < 2) return null;
  return (
    <table class="breaks">
      <caption>{words.breaks}</caption>
      <tbody>
        {breaks.map(({ minQuantity, unitPrice }) => (
          <tr key={minQuantity}>
            <th scope="row">{words.from} {formatQuantity(minQuantity === '0' ? ('1' as typeof minQuantity) : minQuantity, languageTag)}</th>
            <td>{words.unitPrice(formatMoney(unitPrice, languageTag))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
