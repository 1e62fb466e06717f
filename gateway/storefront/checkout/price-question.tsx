import { nameOf } from '../basket/basket-row.tsx';
import type { BasketQuote } from '../basket/use-basket-quote.ts';
import type { ChangedPriceView, QuotedPriceView } from '../graph/price-views.ts';
import { formatMoney } from '../shell/formats.ts';
import { useShop } from '../shell/shop.ts';

interface PriceQuestionProps {
  readonly changes: readonly ChangedPriceView[];
  readonly basket: BasketQuote;
}

/** Both prices of every line that costs something else than the buyer saw, and whether that is agreed to. */
export function PriceQuestion({ changes, basket }: PriceQuestionProps) {
  const { words, textProps } = useShop();
  if (changes.length === 0) return null;
  return (
    <div class="price-question">
      <p class="notice-title">{words.pricesChanged}</p>
      <ul>
        {changes.map(({ line, sku, quoted, current }) => (
          <li key={line}>
            <span {...textProps}>{nameOf({ sku, quoted: basket.lines.find((one) => one.sku === sku)?.quoted ?? null })}</span>
            <s><span class="visually-hidden">{words.priceBefore} </span><BothPrices {...quoted} /></s>
            <span><span class="visually-hidden">{words.priceNow} </span>{current ? <strong><BothPrices {...current} /></strong> : words.noPriceAnyMore}</span>
          </li>
        ))}
      </ul>
      <p>{words.pricesAccept}</p>
    </div>
  );
}

/** Of the line, and of one where that is another figure. */
function BothPrices({ unitPrice, net }: QuotedPriceView) {
  const { words, languageTag } = useShop();
  const each = words.unitPrice(formatMoney(unitPrice, languageTag));
  if (!net) return <>{each}</>;
  return <>{formatMoney(net, languageTag)}{net.amount !== unitPrice.amount && <small> {each}</small>}</>;
}
