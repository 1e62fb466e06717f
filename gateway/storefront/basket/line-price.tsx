import type { QuoteLineView } from '../graph/offer-views.ts';
import { formatMoney } from '../shell/formats.ts';
import { ListPrice } from '../shell/list-price.tsx';
import { useShop } from '../shell/shop.ts';

/** What a line comes to; what it would without promotions struck through; and the price of one. */
export function LinePrice({ unitPrice, listPrice, lineTotal, net }: QuoteLineView) {
  const { words, languageTag } = useShop();
  if (!unitPrice || !lineTotal || !net) return null;
  const reduced = net.amount !== lineTotal.amount;
  return (
    <>
      <span>
        {reduced && <><s class="price-list"><span class="visually-hidden">{words.priceBefore} </span>{formatMoney(lineTotal, languageTag)}</s> </>}
        <strong>{formatMoney(net, languageTag)}</strong>
      </span>
      <span class="muted"><ListPrice unitPrice={unitPrice} listPrice={listPrice} /> {words.unitPrice(formatMoney(unitPrice, languageTag))}</span>
    </>
  );
}
