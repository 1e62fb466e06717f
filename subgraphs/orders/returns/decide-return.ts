import type { Principal } from '../../../domain/principal.ts';
import { addMs } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { refuse, type Refusal } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { answerForReturn, failOn, type ReturnOutcome } from './keyed-request.ts';
import { progressOf } from './return-case.ts';
import type { ReturnCase } from './records.ts';
import { allows, type ReturnAction } from './return-state.ts';
import { replanWork } from './store-work.ts';
import { writeClosed, writeDecision } from './store-writes.ts';
import { enqueueWork, type ReturnTools } from './tools.ts';

export interface DecisionText {
  readonly idempotencyKey: string;
  /** Global id. */
  readonly returnId: string;
  readonly note?: string | null | undefined;
}

/** @throws Refusal that says where the return is. TOO_LATE where it is past the step. */
export function needAllowed(found: ReturnCase, action: ReturnAction): void {
  const { status } = progressOf(found);
  if (!allows(status, action)) throw tooLate(found.rma.number, status);
}

const tooLate = (number: string, status: string): Refusal => refuse(UserErrorCode.TOO_LATE, ['returnId'], `return ${number} is ${status}`);

const DECISIONS = {
  AUTHORISE: { action: 'return.authorise', decision: 'AUTHORISED', told: 'authorised' },
  DECLINE: { action: 'return.decline', decision: 'DECLINED', told: 'declined' },
  CANCEL: { action: 'return.cancel', decision: 'CANCELLED', told: 'cancelled' },
} as const;

/** Authorises, declines or cancels; a cancelled return's document in the ERP is cancelled by its job. */
export function decideReturn(tools: ReturnTools, kind: keyof typeof DECISIONS, { idempotencyKey, returnId, note }: DecisionText, principal: Principal): Promise<ReturnOutcome> {
  const { action, decision, told } = DECISIONS[kind];
  return answerForReturn(tools, { principal, idempotencyKey, action, payload: { returnId, note }, returnId }, async (tx, at, { found }) => {
    const problems: Problem[] = [];
    const text = checkText(note, ['note'], 500, 'FREE_TEXT', problems);
    failOn(problems);
    needAllowed(found, kind);
    await writeDecision(tx, found.rma.id, decision, { at, by: principal.subject, note: text });
    return { told, detail: { return: found.rma.number, from: progressOf(found).status } };
  });
}

/** Ends a return: what has not come by now is not expected any more. */
export const closeReturn = (tools: ReturnTools, { idempotencyKey, returnId }: DecisionText, principal: Principal): Promise<ReturnOutcome> =>
  answerForReturn(tools, { principal, idempotencyKey, action: 'return.close', payload: { returnId }, returnId }, async (tx, at, { found }) => {
    needAllowed(found, 'CLOSE');
    await writeClosed(tx, found.rma.id, at);
    return { told: 'closed', detail: { return: found.rma.number, from: progressOf(found).status } };
  });

/** Somebody mended what the ERP or the shop refused: it is tried again. */
export const retryReturn = (tools: ReturnTools, { idempotencyKey, returnId }: DecisionText, principal: Principal): Promise<ReturnOutcome> =>
  answerForReturn(tools, { principal, idempotencyKey, action: 'return.retry', payload: { returnId }, returnId }, async (tx, at, { found }) => {
    const dueAt = addMs(at, tools.settings.submission.sweepGraceMs);
    const planned = await replanWork(tx, found.rma.id, { now: at, dueAt });
    if (planned.length === 0) throw refuse(UserErrorCode.CONFLICT, ['returnId'], `nothing of return ${found.rma.number} waits for attention`);
    await enqueueWork(tools, tx, planned);
    return { told: 'tried again', detail: { return: found.rma.number, lanes: planned.map(({ lane }) => lane) } };
  });
