import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';

/** How one SKU is shared out among channels. */
export interface ChannelAllocation {
  readonly shares: readonly ChannelShare[];
}

export interface ChannelShare {
  readonly channel: ChannelCode;
  /** Of what there is to share out; percentage or fixed quantity. */
  readonly share: { readonly kind: 'PERCENT'; readonly percent: Decimal } | { readonly kind: 'FIXED'; readonly quantity: Decimal };
  /** Moved to (+) or from (-) this channel since, by rule or by hand. */
  readonly moved: Decimal;
  /** Held or sold through this channel since the period began. */
  readonly used: Decimal;
  /** Never shown or sold on this channel: what its listings may be late by. */
  readonly buffer: Decimal;
}
