import { randomUUID } from 'node:crypto';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Principal } from '../../../domain/principal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { readLines } from '../reading/store-reads.ts';
import { needAllowed } from './decide-return.ts';
import { answerForReturn, failOn, type ReturnOutcome } from './keyed-request.ts';
import { planRefund, type RefundAsked } from './refund-plan.ts';
import { payable } from './refund-amounts.ts';
import { memoReference } from './return-number.ts';
import { readCasesOfOrder } from './store-cases.ts';
import { insertRefund } from './store-writes.ts';
import type { ReturnTools } from './tools.ts';

export interface RefundText {
  readonly idempotencyKey: string;
  /** Global id. */
  readonly returnId: string;
  readonly lines?: readonly { readonly lineNumber: number; readonly quantity?: Decimal | null | undefined; readonly amount?: Decimal | null | undefined }[] | null | undefined;
  readonly shippingRefund?: Decimal | null | undefined;
  readonly restockingFee?: Decimal | null | undefined;
  readonly reason?: string | null | undefined;
}

/** Gives money back for what came: reckons it to the penny and has the ERP make the credit memo. May be called again for what comes later. */
export const refundReturn = (tools: ReturnTools, { idempotencyKey, ...input }: RefundText, principal: Principal): Promise<ReturnOutcome> =>
  answerForReturn(tools, { principal, idempotencyKey, action: 'return.refund', payload: input, returnId: input.returnId }, async (tx, at, { order, found }) => {
    needAllowed(found, 'REFUND');
    const problems: Problem[] = [];
    const reason = checkText(input.reason, ['reason'], 200, 'FREE_TEXT', problems) ?? `Return ${found.rma.number}`;
    const context = { order, orderLines: await readLines(tx, [order.id]), found, all: await readCasesOfOrder(tx, order.id) };
    const plan = planRefund(askedOf(input), context, problems);
    failOn(problems);
    const reference = memoReference(found.rma.number, found.refunds.length + 1);
    await insertRefund(tx, { id: randomUUID(), rmaId: found.rma.id, reference, reason, ...plan, currencyCode: order.currencyCode, requestedBy: principal.subject, requestedAt: at });
    const amount = plan.net === null && plan.total === null ? 'an amount only the ERP knows' : `${payable(plan)} ${order.currencyCode ?? ''}`.trim();
    return { told: `refund of ${amount} asked for as ${reference}`, detail: { return: found.rma.number, reference, net: plan.net, tax: plan.tax, total: plan.total, lines: plan.lines.length } };
  });

const askedOf = ({ lines, shippingRefund, restockingFee }: Omit<RefundText, 'idempotencyKey'>): RefundAsked => ({
  lines: lines?.map(({ lineNumber, quantity, amount }) => ({ lineNumber, quantity: quantity ?? null, amount: amount ?? null })) ?? null,
  shippingRefund: shippingRefund ?? null,
  restockingFee: restockingFee ?? null,
});
