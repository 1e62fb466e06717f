import { add, compare, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Disposition } from '../../../domain/returns.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { needAllowed } from './decide-return.ts';
import { answerForReturn, failOn, type ReturnOutcome } from './keyed-request.ts';
import type { ReturnCase } from './records.ts';
import { checkQuantity } from './request-return.ts';
import { receivedHere } from './return-case.ts';
import { insertReceipts, type NewReceipt } from './store-writes.ts';
import type { ReturnTools } from './tools.ts';

export interface ReceiptText {
  readonly idempotencyKey: string;
  /** Global id. */
  readonly returnId: string;
  readonly lines: readonly { readonly lineNumber: number; readonly quantity: Decimal; readonly disposition: Disposition; readonly note?: string | null | undefined }[];
}

/** Notes what came and where it goes; may be called again for what comes later. A line may be parted: some sold again, some scrapped. */
export const receiveReturn = (tools: ReturnTools, { idempotencyKey, returnId, lines }: ReceiptText, principal: Principal): Promise<ReturnOutcome> =>
  answerForReturn(tools, { principal, idempotencyKey, action: 'return.receive', payload: { returnId, lines }, returnId }, async (tx, at, { found }) => {
    needAllowed(found, 'RECEIVE');
    const receipts = checkReceipts(found, lines);
    await insertReceipts(tx, found.rma.id, receipts, { at, by: principal.subject });
    const came = receipts.map(({ lineNumber, quantity, disposition }) => ({ lineNumber, quantity, disposition }));
    return { told: came.map(({ lineNumber, quantity, disposition }) => `${quantity} of line ${lineNumber} came, ${disposition}`).join('; '), detail: { return: found.rma.number, lines: came } };
  });

function checkReceipts(found: ReturnCase, lines: ReceiptText['lines']): NewReceipt[] {
  const problems: Problem[] = [];
  if (lines.length === 0 || lines.length > 500) problems.push({ field: ['lines'], message: 'a receipt has 1 to 500 lines' });
  const left = new Map(found.lines.map(({ lineNumber, quantity }) => [lineNumber, subtract(quantity, receivedHere(found, lineNumber))]));
  const receipts = lines.flatMap(({ lineNumber, quantity, disposition, note }, index): NewReceipt[] => {
    const path = ['lines', String(index)];
    const line = found.lines.find((asked) => asked.lineNumber === lineNumber);
    const text = checkText(note, [...path, 'note'], 500, 'FREE_TEXT', problems);
    const before = problems.length;
    checkQuantity(quantity, [...path, 'quantity'], problems);
    if (!line) problems.push({ field: [...path, 'lineNumber'], message: `the return has no line ${lineNumber}` });
    else if (problems.length === before && compare(quantity, left.get(lineNumber)!) > 0) {
      problems.push({ field: [...path, 'quantity'], message: `of line ${lineNumber} only ${left.get(lineNumber)} are still to come; ask for a return of what else there is` });
    }
    if (!line || problems.length > before) return [];
    left.set(lineNumber, subtract(left.get(lineNumber)!, quantity));
    return [{ lineNumber, sku: line.sku, quantity, disposition, note: text }];
  });
  failOn(problems);
  return receipts;
}

/** Dispositions of a line, added up. */
export function dispositionsOf({ receipts }: ReturnCase, lineNumber: number): { readonly disposition: Disposition; readonly quantity: Decimal }[] {
  const bySort = new Map<Disposition, Decimal>();
  for (const receipt of receipts) {
    if (receipt.lineNumber !== lineNumber) continue;
    const sofar = bySort.get(receipt.disposition);
    bySort.set(receipt.disposition, sofar === undefined ? receipt.quantity : add(sofar, receipt.quantity));
  }
  return [...bySort].map(([disposition, quantity]) => ({ disposition, quantity }));
}
