import { useEffect, useState } from 'preact/hooks';
import type { Decimal } from '../../../domain/decimal.ts';
import type { RequestFailure } from '../graph/client.ts';
import { STOCK_CHANGED, VARIANT_OFFER } from '../graph/operations.ts';
import type { VariantOffer } from '../graph/offer-views.ts';
import type { AvailabilityView } from '../graph/types.ts';
import { useQuery } from '../graph/use-query.ts';
import { useSubscription } from '../graph/use-subscription.ts';
import { useShop } from '../shell/shop.ts';
import { describeStock } from './stock-panel.tsx';
import { usePriceChanges } from './use-price-changes.ts';

interface Push {
  readonly at: string;
  readonly availability: AvailabilityView | null;
}

export interface OfferState {
  /** Null until the first answer. */
  readonly offer: VariantOffer | null;
  readonly failure: RequestFailure | null;
  readonly reload: () => void;
  /** When the last pushed stock change was made; null before any. */
  readonly pushedAt: string | null;
  /** When the price that is shown was changed, by a push; null where it was asked for. */
  readonly repricedAt: string | null;
}

/** Price at a quantity and stock of one variant; both follow the ERP by subscription. */
export function useOffer(sku: string, quantity: Decimal | null): OfferState {
  const { words, languageTag, announce } = useShop();
  const [asked, setAsked] = useState<Decimal>(quantity ?? ('1' as Decimal));
  const [push, setPush] = useState<Push | null>(null);
  useEffect(() => {
    if (quantity === null) return;
    const pause = setTimeout(() => setAsked(quantity), 200);
    return () => clearTimeout(pause);
  }, [quantity]);
  const { data, failure, reload } = useQuery(VARIANT_OFFER, { sku, quantity: asked });
  useSubscription(STOCK_CHANGED, { skus: [sku] }, {
    onReconnect: reload,
    onData: ({ stockChanged: { at, availability } }) => {
      setPush({ at, availability });
      announce(words.stockChanged(describeStock(availability, words, languageTag)));
    },
  });
  const asOf = data?.productVariant?.availability?.asOf;
  const known = data?.productVariant ?? null;
  const repricedAt = usePriceChanges(sku, known?.price ?? null, reload);
  // An answer read after the push is the newer one.
  const pushed = push !== null && (asOf == null || push.availability?.asOf == null || push.availability.asOf >= asOf) ? push : null;
  return { offer: known && pushed ? { ...known, availability: pushed.availability } : known, failure, reload, pushedAt: push?.at ?? null, repricedAt };
}
