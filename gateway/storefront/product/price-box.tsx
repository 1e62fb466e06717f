import type { VariantOffer } from '../graph/types.ts';
import { formatMoney, formatQuantity } from '../shell/formats.ts';
import { FreshnessLine } from '../shell/freshness-line.tsx';
import { useShop } from '../shell/shop.ts';

interface PriceBoxProps {
  /** Null until the first answer. */
  readonly offer: VariantOffer | null;
  readonly unitCode: string | null;
}

/** Unit price at the chosen quantity, the line's total, and what larger quantities cost. */
export function PriceBox({ offer, unitCode }: PriceBoxProps) {
  const { words, languageTag } = useShop();
  if (!offer) return <div class="price" aria-hidden="true"><span class="skeleton skeleton-title" /><span class="skeleton skeleton-line" /></div>;
  const { price } = offer;
  if (!price) return <div class="price"><p class="price-missing">{words.noPrice}</p></div>;
  const { unitPrice, listPrice, lineTotal } = price;
  const reduced = listPrice.currencyCode === unitPrice.currencyCode && listPrice.amount !== unitPrice.amount;
  return (
    <div class="price">
      <p class="price-line">
        <span class="price-now">{formatMoney(unitPrice, languageTag)}</span>
        {reduced && <s class="price-list"><span class="visually-hidden">{words.listPrice} </span>{formatMoney(listPrice, languageTag)}</s>}
        <span class="muted">{unitCode ? ` / ${unitCode}` : ` ${words.perUnit}`}</span>
      </p>
      {lineTotal.amount !== unitPrice.amount && <p class="price-total">{words.total} <strong>{formatMoney(lineTotal, languageTag)}</strong></p>}
      <Breaks breaks={offer.priceBreaks ?? []} />
      {price.freshness === 'STALE' && <FreshnessLine {...price} />}
    </div>
  );
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
