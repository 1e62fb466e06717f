import { buyerOf } from '../buyer/buyer-terms.ts';
import type { FollowTools } from '../../frame/subscription.ts';
import type { PriceEvent } from './price-events.ts';

/** The lists a subscriber's prices depend on, as contracts and bases come and go. */
export interface FollowedLists {
  has(code: string): boolean;
  close(): void;
}

/** What nobody tells of - a list that is based on another from now on - is known this much later at most. */
const REFRESH_MS = 30_000;

type Tools = Pick<FollowTools, 'pricing' | 'eventLog' | 'log' | 'scope'>;

/** @param onMoved the buyer's lists are others by now: every price may be another */
export async function followLists({ pricing, eventLog, log, scope: { principal, shopping } }: Tools, onMoved: () => void): Promise<FollowedLists> {
  const buyer = buyerOf(principal, shopping.companyLocation);
  const channel = principal.channel ?? shopping.channel;
  const read = async (): Promise<ReadonlySet<string>> => new Set(await pricing.readListsInForce({ buyer, channel }));
  let lists = await read();
  let closed = false;
  let running: Promise<void> | null = null;
  const refresh = (): Promise<void> =>
    (running ??= read()
      .then((now) => {
        const moved = now.size !== lists.size || [...now].some((code) => !lists.has(code));
        lists = now;
        if (moved && !closed) onMoved();
      })
      .catch((error: Error) => log.warn({ error: error.message }, 'the price lists of a subscriber could not be read; those known before are followed'))
      .finally(() => {
        running = null;
      }));
  const own = buyer === null ? [] : [buyer.customerNumber, buyer.companyNumber, buyer.locationNumber];
  const unsubscribe = await eventLog.subscribe('customer', ({ payload }) => {
    if (own.includes((payload as { readonly number?: string }).number ?? '')) void refresh();
  }, () => void refresh());
  // A rule of a list that is followed may base it on one that is not.
  const unsubscribePrices = await eventLog.subscribe('price', ({ payload }) => {
    const { sku, priceListCode } = payload as PriceEvent;
    if (sku === null && priceListCode !== null && lists.has(priceListCode)) void refresh();
  }, () => void refresh());
  const timer = setInterval(() => void refresh(), REFRESH_MS).unref();
  return {
    has: (code) => lists.has(code),
    close: () => {
      closed = true;
      clearInterval(timer);
      unsubscribe();
      unsubscribePrices();
    },
  };
}
