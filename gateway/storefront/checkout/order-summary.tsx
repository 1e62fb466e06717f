import { Total } from '../basket/basket-page.tsx';
import { nameOf } from '../basket/basket-row.tsx';
import type { PricedBasket } from '../basket/use-basket-variants.ts';
import { formatMoney, formatQuantity } from '../shell/formats.ts';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';

/** What is about to be ordered, and for how much. */
export function OrderSummary({ basket }: { readonly basket: PricedBasket }) {
  const { words, languageTag, textProps } = useShop();
  return (
    <section class="summary">
      <div class="summary-head"><h2>{words.yourOrder}</h2><a href={links.basket}>{words.backToBasket}</a></div>
      <ul>
        {basket.lines.map(({ sku, quantity, variant }) => (
          <li key={sku}>
            <span {...textProps}>{`${formatQuantity(quantity, languageTag)} × ${nameOf(variant) ?? sku}`}</span>
            <span>{variant?.price ? formatMoney(variant.price.lineTotal, languageTag) : '…'}</span>
          </li>
        ))}
      </ul>
      <p class="summary-total"><span>{words.total}</span><strong><Total lines={basket.lines} complete={basket.complete} /></strong></p>
    </section>
  );
}
