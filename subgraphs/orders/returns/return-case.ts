import { add, compare, isPositive, negate, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { ErpReturn } from '../../../domain/returns.ts';
import type { Lane, RefundRecord, ReturnCase, ToldReturn } from './records.ts';
import { differenceFrom, type Difference } from './refund-amounts.ts';
import { derivePayment, deriveReturn, type ErpReturnFact, type ReturnFacts, type ReturnPayment, type ReturnProgress } from './return-state.ts';

/* What follows from everything known of one return. */

const TOLD_STATE = { PLANNED: 'EXPECTED', SHIPPED: 'RECEIVED', CANCELLED: 'CANCELLED' } as const;

export const erpStateOf = ({ state }: ToldReturn): ErpReturnFact['state'] => TOLD_STATE[state];

export const receivedHere = ({ receipts }: ReturnCase, lineNumber: number): Decimal =>
  sum(receipts.filter((receipt) => receipt.lineNumber === lineNumber).map(({ quantity }) => quantity));

function factsOf(found: ReturnCase): ReturnFacts {
  const { rma, lines, told } = found;
  return {
    decision: rma.decision,
    closed: rma.closedAt !== null,
    lines: lines.map(({ lineNumber, erpSku, quantity }) => ({ lineNumber, sku: erpSku, quantity, received: receivedHere(found, lineNumber) })),
    answered: rma.erpState === null ? null : { state: rma.erpState, received: Object.entries(rma.erpReceived).map(([sku, quantity]) => ({ sku, quantity })) },
    // Before goods are taken in the ERP tells of what it expects.
    told: told.map((document) => ({ state: erpStateOf(document), received: document.state === 'SHIPPED' ? document.lines : [] })),
  };
}

export const progressOf = (found: ReturnCase): ReturnProgress => deriveReturn(factsOf(found));

/** A credit memo the ERP cancelled gives nothing back: its refund is as if it had not been asked for. */
export const standingRefunds = (found: ReturnCase): readonly RefundRecord[] => found.refunds.filter((refund) => memoOf(found, refund)?.state !== 'CANCELLED');

/** What has come and is covered by none of the return's refunds, by line number. */
export function refundableByLine(found: ReturnCase, received = progressOf(found).received): Map<number, Decimal> {
  const left = new Map(received);
  for (const { lineNumber, quantity } of standingRefunds(found).flatMap(({ lines }) => lines)) left.set(lineNumber, subtract(left.get(lineNumber) ?? ZERO, quantity));
  return left;
}

export const memoOf = ({ memos }: ReturnCase, { reference }: RefundRecord): ReturnCase['memos'][number] | null =>
  memos.find((memo) => memo.reference === reference && memo.state !== 'CANCELLED') ?? memos.find((memo) => memo.reference === reference) ?? null;

/** Null while there is no posted memo, and where nothing is known here to compare it with. */
export function differenceOfRefund(found: ReturnCase, refund: RefundRecord): Difference | null {
  const memo = memoOf(found, refund);
  return memo?.state === 'POSTED' ? differenceFrom(refund, memo) : null;
}

export function paymentOf(found: ReturnCase, { received }: ReturnProgress): ReturnPayment {
  return derivePayment({
    open: [...refundableByLine(found, received).values()].some(isPositive),
    refunds: standingRefunds(found).map((refund) => ({ isPosted: memoOf(found, refund)?.state === 'POSTED', difference: differenceOfRefund(found, refund) })),
  });
}

/** The ERP's document that still waits for goods; null: there is none. */
function openDocument({ rma, told }: ReturnCase): string | null {
  const waiting = told.find(({ state }) => state === 'PLANNED');
  if (waiting) return waiting.id;
  const isTold = told.some(({ id }) => id === rma.erpReturnId);
  return rma.erpState === 'EXPECTED' && !isTold ? rma.erpReturnId : null;
}

export type Step =
  | { readonly kind: 'CREATE_RETURN' }
  /** A create nobody answered, of a return nobody wants any more: what became of it must be known. */
  | { readonly kind: 'SETTLE' }
  | { readonly kind: 'CANCEL_RETURN'; readonly id: string }
  | { readonly kind: 'RECEIVE'; readonly id: string; readonly upTo: string }
  | { readonly kind: 'CREDIT'; readonly refund: RefundRecord }
  | { readonly kind: 'EXCHANGE' };

/** What is to be done next in one lane; null: nothing. Follows from the facts, so it does not matter who asks, or how often. */
export function nextStep(found: ReturnCase, lane: Lane): Step | null {
  if (lane === 'MONEY') return nextCredit(found);
  return lane === 'GOODS' ? nextOfGoods(found) : nextExchange(found);
}

function nextOfGoods(found: ReturnCase): Step | null {
  const { rma, receipts, told, work } = found;
  const { status, received } = progressOf(found);
  const document = rma.erpReturnId ?? told[0]?.id ?? null;
  const isWanted = rma.decision === 'AUTHORISED' && status !== 'CANCELLED' && (rma.closedAt === null || receipts.length > 0);
  if (document === null) {
    if (isWanted) return { kind: 'CREATE_RETURN' };
    return work.GOODS.unsettledUntil === null ? null : { kind: 'SETTLE' };
  }
  const last = receipts.at(-1);
  if (last && BigInt(last.id) > BigInt(rma.toldReceipt)) return { kind: 'RECEIVE', id: document, upTo: last.id };
  const open = rma.cancelTold ? null : openDocument(found);
  const isComplete = found.lines.every(({ lineNumber, quantity }) => compare(received.get(lineNumber) ?? ZERO, quantity) >= 0);
  const isOver = rma.decision === 'CANCELLED' || (rma.closedAt !== null && !isComplete);
  // By the first of its documents: the ERP knows what hangs on it.
  return open !== null && isOver ? { kind: 'CANCEL_RETURN', id: document } : null;
}

function nextCredit(found: ReturnCase): Step | null {
  const refund = found.refunds.find((candidate) => (memoOf(found, candidate)?.state ?? 'DRAFT') === 'DRAFT');
  return refund ? { kind: 'CREDIT', refund } : null;
}

function nextExchange({ rma, ...found }: ReturnCase): Step | null {
  if (rma.wants !== 'EXCHANGE' || rma.exchangeOrderId !== null || rma.decision !== 'AUTHORISED') return null;
  const { status } = progressOf({ rma, ...found });
  const isDue = rma.exchangeMoment === 'AT_RECEIPT' ? status === 'RECEIVED' || status === 'CLOSED' : status !== 'CANCELLED';
  return isDue ? { kind: 'EXCHANGE' } : null;
}

export const erpSkuOf = ({ lines }: ReturnCase, lineNumber: number): Sku => lines.find((line) => line.lineNumber === lineNumber)!.erpSku;

/** Our receipts by the ERP's SKU that it has not taken in, as its answer has it. */
export function missingInErp(found: ReturnCase, answer: ErpReturn): Map<Sku, Decimal> {
  const missing = new Map<Sku, Decimal>();
  const count = (sku: Sku, quantity: Decimal): unknown => missing.set(sku, add(missing.get(sku) ?? ZERO, quantity));
  for (const { lineNumber, quantity } of found.receipts) count(erpSkuOf(found, lineNumber), quantity);
  for (const { sku, received } of answer.lines) count(sku, negate(received));
  return new Map([...missing].filter(([, quantity]) => isPositive(quantity)));
}
