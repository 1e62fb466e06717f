import type { BasketLine } from '../basket/basket.ts';
import { RequestFailure, type GraphClient } from '../graph/client.ts';
import { PLACE_ORDER } from '../graph/operations.ts';
import type { PlaceOrderAnswer } from '../graph/types.ts';
import { stored } from '../shell/stored.ts';
import { randomKey } from './random-key.ts';

/** What is sent; its idempotency key is added once and kept until the graph has given a definite answer. */
export interface OrderDraft {
  readonly lines: readonly BasketLine[];
  /** What the buyer was shown: nothing else is charged. */
  readonly quoteToken: string;
  readonly contact: Readonly<Record<string, string | null>>;
  readonly shipTo: Readonly<Record<string, string | null>>;
  readonly note: string | null;
  readonly holdId: string | null;
}

export interface OrderAttempt extends OrderDraft {
  readonly idempotencyKey: string;
}

/** An order whose answer was not heard yet: survives a reload, so that asking again sends the same key and content. */
const open = stored<OrderAttempt>('localStorage', 'shop.order-attempt');

export const readOpenAttempt = (): OrderAttempt | null => open.read();
export const startAttempt = (draft: OrderDraft): OrderAttempt => ({ ...draft, idempotencyKey: randomKey() });

export type AttemptOutcome =
  | { readonly kind: 'ANSWERED'; readonly answer: PlaceOrderAnswer }
  | { readonly kind: 'REFUSED'; readonly failure: RequestFailure }
  /** Silence: it may have been placed. */
  | { readonly kind: 'UNKNOWN' };

/** Sends an attempt, the first time or again. */
export async function sendAttempt(client: GraphClient, attempt: OrderAttempt): Promise<AttemptOutcome> {
  open.write(attempt);
  try {
    const { data } = await client.request(PLACE_ORDER, { input: attempt });
    open.write(null);
    return { kind: 'ANSWERED', answer: data.placeOrder };
  } catch (error) {
    if (!(error instanceof RequestFailure) || !error.definite) return { kind: 'UNKNOWN' };
    open.write(null);
    return { kind: 'REFUSED', failure: error };
  }
}
