import type { PostalAddress } from '../../../domain/customers.ts';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { ChangeRefusal } from '../../../domain/order-changes.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import type { ChangeStage } from './policy.ts';

/** WITHDRAWN: the order ended otherwise before the change could be tried. */
export type ChangeState = 'REQUESTED' | 'APPLIED' | 'PARTLY_APPLIED' | 'REFUSED' | 'WITHDRAWN';

/** IN_ERP: the policy allowed it only while the order was with us. */
export type RefusalCode = ChangeRefusal | 'IN_ERP' | 'UNSUPPORTED';

/** A line as it was and as it shall be. */
export interface ChangedLine {
  readonly lineNumber: number;
  readonly sku: Sku;
  readonly from: Decimal;
  /** 0: cancelled. */
  readonly to: Decimal;
}

/** What a line is, by the word that settled the change. */
export interface LineOutcome {
  readonly lineNumber: number;
  readonly quantity: Decimal;
}

/** What is asked of an order: absolute, so that asking twice is asking once. */
export interface RequestedChange {
  readonly lines: readonly ChangedLine[];
  /** Null: the address stays. */
  readonly shipTo: PostalAddress | null;
  /** Null: the day stays; `on` null: no day asked for. */
  readonly requestedDay: { readonly on: CalendarDate | null } | null;
}

export interface ChangeRecord extends RequestedChange {
  readonly id: string;
  readonly orderId: string;
  readonly owner: string;
  readonly payloadHash: string;
  readonly kind: 'CANCEL' | 'AMEND';
  readonly state: ChangeState;
  readonly reason: string | null;
  readonly untilStage: ChangeStage;
  readonly holdId: string | null;
  readonly holdLines: readonly BasketLine[];
  readonly outcome: readonly LineOutcome[];
  readonly appliedAddress: boolean;
  readonly appliedDay: boolean;
  readonly refusal: RefusalCode | null;
  readonly explanation: string | null;
  /** In the order's currency: new total less the one before. */
  readonly amountDifference: Decimal | null;
  readonly requestedAt: Instant;
  readonly settledAt: Instant | null;
  readonly stock: 'NONE' | 'PENDING' | 'DONE';
  readonly attempts: number;
  readonly unsettledUntil: Instant | null;
}

const COLUMN_OF = {
  id: 'id', orderId: 'order_id', owner: 'owner', payloadHash: 'payload_hash', kind: 'kind', state: 'state', lines: 'lines', shipTo: 'ship_to',
  requestedDay: 'requested_day', reason: 'reason', untilStage: 'until_stage', holdId: 'hold_id', holdLines: 'hold_lines', outcome: 'outcome',
  appliedAddress: 'applied_address', appliedDay: 'applied_day', refusal: 'refusal', explanation: 'explanation', amountDifference: 'amount_difference',
  requestedAt: 'requested_at', settledAt: 'settled_at', stock: 'stock', attempts: 'attempts', unsettledUntil: 'unsettled_until',
} satisfies Record<keyof ChangeRecord, string>;

/** Select list of `orders.order_change c`. */
export const CHANGE_COLUMNS = Object.entries(COLUMN_OF).map(([name, column]) => `c.${column} as "${name}"`).join(', ');
