import { add, compare, greatest, isPositive, isZero, least, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Difference } from './refund-amounts.ts';

/** What people decided here; how far the goods have come is another matter. */
export type ReturnDecision = 'REQUESTED' | 'AUTHORISED' | 'DECLINED' | 'CANCELLED';

export type ReturnStatus = ReturnDecision | 'EXPECTED' | 'PARTLY_RECEIVED' | 'RECEIVED' | 'CLOSED';

export type ReturnPayment = 'NOT_DUE' | 'DUE' | 'REFUND_REQUESTED' | 'REFUNDED' | 'DIFFERENT';

/** The ERP's own documents of the return, as its answers and its shipment feed tell. */
export interface ErpReturnFact {
  readonly state: 'EXPECTED' | 'RECEIVED' | 'CANCELLED';
  readonly received: readonly { readonly sku: Sku; readonly quantity: Decimal }[];
}

/**
 * What is known of a return. Every fact is the latest of its kind, so that status and payment follow from the facts alone:
 * repeated, late and reordered messages cannot change them.
 */
export interface ReturnFacts {
  readonly decision: ReturnDecision;
  readonly closed: boolean;
  readonly lines: readonly { readonly lineNumber: number; readonly sku: Sku; readonly quantity: Decimal; /** By our own receipts. */ readonly received: Decimal }[];
  /** What the ERP answered us; null: nothing yet. */
  readonly answered: ErpReturnFact | null;
  /** What its feed told of documents under our reference. */
  readonly told: readonly ErpReturnFact[];
}

export interface ReturnProgress {
  readonly status: ReturnStatus;
  /** By line number: what has come, by our receipts or the ERP's, whichever is ahead. */
  readonly received: ReadonlyMap<number, Decimal>;
}

/**
 * REQUESTED -> AUTHORISED -> EXPECTED (the ERP has a document) -> PARTLY_RECEIVED -> RECEIVED -> CLOSED, or DECLINED, or
 * CANCELLED. Goods that came all the same count more than a cancellation they crossed.
 */
export function deriveReturn(facts: ReturnFacts): ReturnProgress {
  const received = receivedByLine(facts);
  return { status: statusOf(facts, received), received };
}

function statusOf({ decision, closed, lines, answered, told }: ReturnFacts, received: ReadonlyMap<number, Decimal>): ReturnStatus {
  const came = (lineNumber: number): Decimal => received.get(lineNumber) ?? ZERO;
  if (closed) return 'CLOSED';
  if (lines.some((line) => isPositive(came(line.lineNumber)))) {
    return lines.every((line) => compare(came(line.lineNumber), line.quantity) >= 0) ? 'RECEIVED' : 'PARTLY_RECEIVED';
  }
  if (decision === 'DECLINED' || decision === 'CANCELLED' || decision === 'REQUESTED') return decision;
  const documents = [...told, ...(answered ? [answered] : [])];
  if (answered?.state === 'CANCELLED' || (told.length > 0 && told.every(({ state }) => state === 'CANCELLED'))) return 'CANCELLED';
  return documents.length > 0 ? 'EXPECTED' : 'AUTHORISED';
}

/** Answers and feed tell the same thing, each when it can: whichever is ahead counts. More than was expected is not ours to count. */
function receivedByLine({ lines, answered, told }: ReturnFacts): Map<number, Decimal> {
  const [byAnswer, byFeed] = [answered ? [answered] : [], told].map(receivedBySku) as [Map<Sku, Decimal>, Map<Sku, Decimal>];
  const ours = new Map<Sku, Decimal>();
  for (const { sku, received } of lines) ours.set(sku, add(ours.get(sku) ?? ZERO, received));
  const result = new Map<number, Decimal>();
  const ahead = new Map([...ours].map(([sku, quantity]) => [sku, greatest(ZERO, subtract(greatest(byAnswer.get(sku) ?? ZERO, byFeed.get(sku) ?? ZERO), quantity))]));
  for (const { lineNumber, sku, quantity, received } of [...lines].sort((a, b) => a.lineNumber - b.lineNumber)) {
    const more = least(ahead.get(sku)!, greatest(ZERO, subtract(quantity, received)));
    ahead.set(sku, subtract(ahead.get(sku)!, more));
    result.set(lineNumber, add(received, more));
  }
  return result;
}

function receivedBySku(facts: readonly ErpReturnFact[]): Map<Sku, Decimal> {
  const bySku = new Map<Sku, Decimal>();
  for (const { sku, quantity } of facts.flatMap(({ received }) => received)) bySku.set(sku, add(bySku.get(sku) ?? ZERO, quantity));
  return bySku;
}

export interface PaymentFacts {
  /** What has come and no refund covers yet. */
  readonly open: boolean;
  readonly refunds: readonly { /** Its credit memo. */ readonly isPosted: boolean; /** Null: nothing to compare with. */ readonly difference: Difference | null }[];
}

/** NOT_DUE -> DUE -> REFUND_REQUESTED -> REFUNDED or DIFFERENT, whatever becomes of the goods. */
export function derivePayment({ open, refunds }: PaymentFacts): ReturnPayment {
  if (refunds.some(({ difference }) => difference !== null && isDifferent(difference))) return 'DIFFERENT';
  if (refunds.some(({ isPosted }) => !isPosted)) return 'REFUND_REQUESTED';
  if (open) return 'DUE';
  return refunds.length > 0 ? 'REFUNDED' : 'NOT_DUE';
}

const isDifferent = ({ total, tax }: Difference): boolean => [total, tax].some((amount) => amount !== null && !isZero(amount));

export type ReturnAction = 'AUTHORISE' | 'DECLINE' | 'CANCEL' | 'RECEIVE' | 'REFUND' | 'CLOSE';

const ALLOWED: Readonly<Record<ReturnAction, readonly ReturnStatus[]>> = {
  AUTHORISE: ['REQUESTED'],
  DECLINE: ['REQUESTED'],
  CANCEL: ['REQUESTED', 'AUTHORISED', 'EXPECTED'],
  // Also what the ERP has taken in already: where each piece went is still to be said.
  RECEIVE: ['AUTHORISED', 'EXPECTED', 'PARTLY_RECEIVED', 'RECEIVED'],
  REFUND: ['PARTLY_RECEIVED', 'RECEIVED', 'CLOSED'],
  CLOSE: ['PARTLY_RECEIVED', 'RECEIVED'],
};

/** Which steps people may take from where the return is. */
export const allows = (status: ReturnStatus, action: ReturnAction): boolean => ALLOWED[action].includes(status);
