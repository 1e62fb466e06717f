import type { Decimal } from '../../../domain/decimal.ts';
import { extendPrice, type Money } from '../../../domain/money.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import { advertise, type AdvertisingPolicy } from '../advertised/advertise.ts';
import { promotedPrice, type PriceBasis, type PromotedPrice } from './promoted-price.ts';

/** PRICE: what is charged. MINIMUM_ADVERTISED: what is charged is less and must not be advertised. */
export type AdvertisedAs = 'PRICE' | 'MINIMUM_ADVERTISED';

/** A price basis, and what the channel does with prices below the least that may be advertised of the SKU. */
export interface ShownBasis extends PriceBasis {
  /** Null: what is charged is shown, whatever it is. */
  readonly advertising: { readonly policy: AdvertisingPolicy; readonly minimum: Money | null } | null;
}

export interface ShownPrice extends PromotedPrice {
  readonly advertisedAs: AdvertisedAs;
}

/** IN_CART: there is a price, and it may be shown in the cart only. */
export type Shown =
  | { readonly kind: 'SHOWN'; readonly price: ShownPrice }
  | { readonly kind: 'IN_CART' }
  | { readonly kind: 'NONE'; readonly reason: NoPriceReason };

/** What may be shown of the price of so many, in `unitCode`; null: the item's own unit. */
export function shownPrice(basis: ShownBasis, quantity: Decimal, unitCode: string | null): Shown {
  const resolved = promotedPrice(basis, quantity, unitCode);
  if (!resolved.ok) return { kind: 'NONE', reason: resolved.reason };
  const { price } = resolved;
  const { advertising } = basis;
  const advertised = advertising === null ? ({ kind: 'AS_IS' } as const) : advertise({ unitPrice: price.unitPrice, layer: price.layer, ...advertising });
  switch (advertised.kind) {
    case 'AS_IS':
      return { kind: 'SHOWN', price: { ...price, advertisedAs: 'PRICE' } };
    case 'HIDDEN':
      return { kind: 'IN_CART' };
    case 'RAISED':
      return { kind: 'SHOWN', price: raised(price, advertised.to) };
  }
}

/** Promotions would tell what is really charged: they are left out. */
const raised = (price: PromotedPrice, to: Money): ShownPrice =>
  ({ ...price, unitPrice: to, lineTotal: extendPrice(to, price.own, price.rounding.mode), promotions: [], advertisedAs: 'MINIMUM_ADVERTISED' });
