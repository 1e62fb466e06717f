import type { Sku } from '../../../domain/ids.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';

/** Which orders are asked for; null: of all. Every one given must hold. */
export interface OrderFilter {
  readonly states: readonly OrderState[] | null;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly channel: string | null;
  /** Inclusive. */
  readonly placedAfter: Instant | null;
  /** Exclusive. */
  readonly placedBefore: Instant | null;
  /** Inclusive. */
  readonly updatedAfter: Instant | null;
  /** Some line is of it. */
  readonly sku: Sku | null;
  /** A number as a whole, or how it begins; an ERP's or a channel's number, or an e-mail address, as a whole. */
  readonly search: string | null;
  /** True: somebody must look; false: nobody need. */
  readonly needsAttention: boolean | null;
}

export const EVERY_ORDER: OrderFilter = {
  states: null, customerNumber: null, companyNumber: null, channel: null, placedAfter: null, placedBefore: null, updatedAfter: null, sku: null, search: null, needsAttention: null,
};

export type OrderSort = 'PLACED_NEWEST' | 'PLACED_OLDEST' | 'UPDATED_NEWEST' | 'UPDATED_OLDEST';

/** A row's place in the list. */
export interface OrderPosition {
  readonly at: Instant;
  readonly id: string;
}
