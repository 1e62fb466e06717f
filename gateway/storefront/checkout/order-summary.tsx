import { nameOf } from '../basket/basket-row.tsx';
import type { BasketQuote } from '../basket/use-basket-quote.ts';
import { formatMoney, formatQuantity } from '../shell/formats.ts';
import { FreshnessLine } from '../shell/freshness-line.tsx';
import { PromotionList } from '../shell/promotion-list.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { Totals } from '../shell/totals.tsx';

/** What is about to be ordered, and for how much. */
export function OrderSummary({ basket: { lines, quote } }: { readonly basket: BasketQuote }) {
  const { words, languageTag, textProps } = useShop();
  return (
    <section class="summary">
      <div class="summary-head"><h2>{words.yourOrder}</h2><a href={links.basket}>{words.backToBasket}</a></div>
      <ul>
        {lines.map((line) => (
          <li key={line.sku}>
            <div>
              <span {...textProps}>{`${formatQuantity(line.quantity, languageTag)} × ${nameOf(line)}`}</span>
              {line.quoted && <PromotionList promotions={line.quoted.promotions} />}
              {line.quoted?.reason && <p class="error">{words.noPriceReasons[line.quoted.reason]}</p>}
            </div>
            <span>{quote && line.quoted?.net ? formatMoney(line.quoted.net, languageTag) : '…'}</span>
          </li>
        ))}
      </ul>
      <Totals subtotal={quote?.subtotal} discount={quote?.discount} total={quote?.total} />
      {quote?.freshness === 'STALE' && <FreshnessLine {...quote} />}
    </section>
  );
}
