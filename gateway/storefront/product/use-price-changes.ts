import { useEffect, useRef, useState } from 'preact/hooks';
import type { Decimal } from '../../../domain/decimal.ts';
import { PRICE_CHANGED } from '../graph/operations.ts';
import type { PriceView } from '../graph/offer-views.ts';
import { useSubscription } from '../graph/use-subscription.ts';
import { formatMoney } from '../shell/formats.ts';
import { useShop } from '../shell/shop.ts';

/**
 * Asks for the price again whenever it may be another. A push is about all that could change it: only a figure that
 * differs from the one before, at the same quantity, is news.
 *
 * @param price as it was last answered; null: none
 * @returns when the price that is shown was changed by a push; null where it was not
 */
export function usePriceChanges(sku: string, price: PriceView | null, reload: () => void): string | null {
  const { words, languageTag, announce } = useShop();
  const seen = useRef(price);
  const pushedAt = useRef<string | null>(null);
  const [news, setNews] = useState<{ readonly at: string; readonly quantity: Decimal } | null>(null);
  useSubscription(PRICE_CHANGED, { skus: [sku] }, {
    // Who follows the stock beside it asks again for both.
    onReconnect: () => undefined,
    onData: ({ priceChanged: { at } }) => {
      pushedAt.current = at;
      reload();
    },
  });
  useEffect(() => {
    const before = seen.current;
    seen.current = price;
    if (!price || !before || pushedAt.current === null || before.quantity !== price.quantity || before.unitPrice.amount === price.unitPrice.amount) return;
    setNews({ at: pushedAt.current, quantity: price.quantity });
    announce(words.priceChanged(formatMoney(price.unitPrice, languageTag)));
  }, [price]);
  return news !== null && news.quantity === price?.quantity ? news.at : null;
}
