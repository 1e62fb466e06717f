import type { Money } from './money.ts';

/** Whether a customer may buy for so much more on account. */
export interface CreditQuestion {
  /** ERP customer number of who pays: the company, where there is one. */
  readonly number: string;
  /** What this order adds. */
  readonly amount: Money;
  /** Orders taken here that the ERP does not count yet, and those it has not invoiced: what orders knows. */
  readonly openAmount: Money;
}

/** A limit that could not be asked for is no limit of zero and none of infinity: it is UNVERIFIED. */
export type CreditDecision =
  | { readonly kind: 'APPROVED'; readonly limit: Money | null; readonly exposure: Money }
  | { readonly kind: 'REFUSED'; readonly reason: 'OVER_LIMIT' | 'ON_HOLD'; readonly limit: Money | null; readonly exposure: Money }
  | { readonly kind: 'UNVERIFIED'; readonly detail: string };
