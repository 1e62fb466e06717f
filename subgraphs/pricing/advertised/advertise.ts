import { compare } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { PriceLayer } from '../../../domain/pricing.ts';

/** What a channel does with a price below the least that may be advertised. SHOW_MAP: shows that instead. HIDE: shows none until it is in the cart. */
export type AdvertisingPolicy = 'SHOW_MAP' | 'HIDE';

/** What may be shown of a price where it is advertised; the cart always has the real one. */
export type Advertised = { readonly kind: 'AS_IS' } | { readonly kind: 'RAISED'; readonly to: Money } | { readonly kind: 'HIDDEN' };

export interface AdvertisedPrice {
  /** Of one. */
  readonly unitPrice: Money;
  readonly layer: PriceLayer;
  /** Null: the SKU may be advertised at any price. */
  readonly minimum: Money | null;
  readonly policy: AdvertisingPolicy;
}

/**
 * An agreed price is shown to those who agreed on it and to nobody else: that is no advertisement. In another currency than the minimum's nobody knows
 * which is lower, so the price is hidden whatever the policy.
 */
export function advertise({ unitPrice, layer, minimum, policy }: AdvertisedPrice): Advertised {
  if (minimum === null || layer === 'CONTRACT' || layer === 'GROUP') return { kind: 'AS_IS' };
  if (minimum.currencyCode !== unitPrice.currencyCode) return { kind: 'HIDDEN' };
  if (compare(unitPrice.amount, minimum.amount) >= 0) return { kind: 'AS_IS' };
  return policy === 'HIDE' ? { kind: 'HIDDEN' } : { kind: 'RAISED', to: minimum };
}
