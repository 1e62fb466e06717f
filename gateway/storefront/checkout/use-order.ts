import { useRef, useState } from 'preact/hooks';
import { emptyBasket } from '../basket/basket.ts';
import type { RequestFailure } from '../graph/client.ts';
import type { ChangedPriceView } from '../graph/price-views.ts';
import type { UserErrorView } from '../graph/types.ts';
import { goTo, links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { elementId, fieldOf } from './form-fields.ts';
import { readOpenAttempt, sendAttempt, startAttempt, type OrderAttempt, type OrderDraft } from './order-attempt.ts';
import { forgetHold } from './use-hold.ts';

export interface OrderPlacing {
  readonly busy: boolean;
  readonly errors: readonly UserErrorView[];
  /** Both prices of every line that is refused with PRICE_CHANGED. */
  readonly priceChanges: readonly ChangedPriceView[];
  /** There is another quote to agree to. */
  readonly quoteEnded: boolean;
  readonly failure: RequestFailure | null;
  /** Sent, but no answer heard: only this very order may be sent again. */
  readonly unknown: OrderAttempt | null;
  readonly place: (draft: OrderDraft) => void;
  readonly askAgain: () => void;
}

const ENDED_QUOTE: ReadonlySet<string> = new Set(['PRICE_CHANGED', 'QUOTE_EXPIRED', 'QUOTE_REFUSED']);

/** Places one order, however often the button is pressed and whatever the network does. */
export function useOrder(): OrderPlacing {
  const { client, words, announce } = useShop();
  const [unknown, setUnknown] = useState<OrderAttempt | null>(readOpenAttempt);
  const [refusal, setRefusal] = useState<Pick<OrderPlacing, 'errors' | 'priceChanges'>>({ errors: [], priceChanges: [] });
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [busy, setBusy] = useState(false);
  // State arrives a frame late; a double click does not wait for it.
  const sending = useRef(false);
  const send = async (attempt: OrderAttempt): Promise<void> => {
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    const outcome = await sendAttempt(client, attempt);
    setUnknown(outcome.kind === 'UNKNOWN' ? attempt : null);
    setFailure(outcome.kind === 'REFUSED' ? outcome.failure : null);
    const order = outcome.kind === 'ANSWERED' ? outcome.answer.order : null;
    if (order) return leave(order.id);
    sending.current = false;
    setBusy(false);
    const { userErrors: errors, priceChanges } = outcome.kind === 'ANSWERED' ? outcome.answer : { userErrors: [], priceChanges: [] };
    setRefusal({ errors, priceChanges });
    if (errors.length > 0) focusFirst(errors);
  };
  // The button stays shut: the page is being left.
  const leave = (orderId: string): void => {
    forgetHold();
    emptyBasket();
    announce(words.placed);
    goTo(links.order(orderId));
  };
  return { busy, ...refusal, quoteEnded: refusal.errors.some(({ code }) => ENDED_QUOTE.has(code)), failure, unknown, place: (draft) => void send(startAttempt(draft)), askAgain: () => void (unknown && send(unknown)) };
}

/** The first field at fault, once its message is there. */
function focusFirst(errors: readonly UserErrorView[]): void {
  const path = errors.map(fieldOf).find((one) => one !== null);
  requestAnimationFrame(() => document.getElementById(path ? elementId(path) : 'order-refusals')?.focus());
}
