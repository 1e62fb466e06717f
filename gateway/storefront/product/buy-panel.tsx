import { useState } from 'preact/hooks';
import { addToBasket } from '../basket/basket.ts';
import type { VariantView } from '../graph/types.ts';
import { FailureNotice } from '../shell/notice.tsx';
import { QuantityInput, readQuantity } from '../shell/quantity-input.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { PriceBox } from './price-box.tsx';
import { StockPanel } from './stock-panel.tsx';
import { useOffer } from './use-offer.ts';

interface BuyPanelProps {
  readonly variant: VariantView;
  /** Product and options, as the basket will call it. */
  readonly name: string;
}

/** Price, quantity, stock of one variant, and the button that puts it into the basket. */
export function BuyPanel({ variant, name }: BuyPanelProps) {
  const { words, announce } = useShop();
  const [text, setText] = useState('1');
  const [added, setAdded] = useState(false);
  const digits = variant.quantityDigits ?? 0;
  const quantity = readQuantity(text, digits);
  const { offer, failure, reload, pushedAt, repricedAt } = useOffer(variant.sku, quantity);
  const add = (event: Event): void => {
    event.preventDefault();
    if (quantity === null) return;
    addToBasket(variant.sku, quantity);
    setAdded(true);
    announce(words.added(name));
  };
  return (
    <div class="buy">
      {failure && !offer && <FailureNotice failure={failure} onRetry={reload} />}
      <PriceBox offer={offer} unitCode={variant.unitCode} repricedAt={repricedAt} />
      <form class="buy-form" onSubmit={add} noValidate>
        <QuantityInput label={words.quantity} value={text} digits={digits} onChange={setText} />
        <button type="submit" class="button button-main" disabled={variant.sellable === false || quantity === null}>
          {variant.sellable === false ? words.notSold : words.addToBasket}
        </button>
      </form>
      <p class="buy-note">
        {quantity === null && <span class="error">{words.badQuantity}</span>}
        {added && quantity !== null && <a href={links.basket}>{words.toBasket} →</a>}
      </p>
      <StockPanel availability={offer ? offer.availability : undefined} pushedAt={pushedAt} />
    </div>
  );
}
