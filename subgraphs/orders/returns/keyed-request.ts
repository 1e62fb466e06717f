import { createHash, randomUUID } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import { keyFromGlobalId } from '../../../domain/ids.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import { Refusal, refuse } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { canSee, visibilityOf } from '../reading/store-reads.ts';
import type { FactKind } from '../reading/timeline-fact.ts';
import type { OrderRecord } from '../records.ts';
import { SCHEMA } from '../schema.sql.ts';
import type { ReturnCase } from './records.ts';
import { readCase } from './store-cases.ts';
import { claimKey, readKey } from './store-writes.ts';
import { lockOrder, nowOf, settleAndEnqueue, type ReturnTools } from './tools.ts';

/** What a mutation of this room answers: the return as it is now, or why nothing was done. */
export interface ReturnOutcome {
  readonly found: ReturnCase | null;
  readonly userErrors: readonly GraphUserError[];
}

export interface KeyedRequest {
  readonly principal: Principal;
  readonly idempotencyKey: string;
  /** "return.request"; in the audit as it is. */
  readonly action: string;
  /** What "the same again" means. */
  readonly payload: unknown;
  /** What it is about, in the audit of a refusal. */
  readonly subject: string;
}

/** What was done, for timeline and audit. */
export interface Done {
  readonly order: OrderRecord;
  readonly told: string;
  readonly kind?: FactKind;
  readonly detail: Readonly<Record<string, unknown>>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const hashOf = (action: string, payload: unknown): string => createHash('sha256').update(JSON.stringify([action, payload])).digest('hex');

/**
 * Does something to a return once per (caller, key), in one transaction with its consequences, its audit entry and the jobs of
 * what comes next; an equal request that runs at the same time waits for it. Of a refused one nothing stays but its audit entry.
 */
export async function answerOnce(
  tools: ReturnTools, request: KeyedRequest, perform: (tx: Sql, planned: { readonly rmaId: string; readonly at: Instant }) => Promise<Done>, rmaId: string = randomUUID(),
): Promise<ReturnOutcome> {
  const at = nowOf(tools);
  try {
    const idempotencyKey = checkKey(request.idempotencyKey);
    const answered = await tools.database.transaction(async (tx) => {
      const key = { actor: request.principal.subject, idempotencyKey, action: request.action, payloadHash: hashOf(request.action, request.payload), rmaId, at };
      if (!(await claimKey(tx, key))) return readEarlier(tx, key);
      const { order, detail, ...touch } = await perform(tx, { rmaId, at });
      await settleAndEnqueue(tools, tx, order.id, { at, source: 'graph', touched: new Map([[rmaId, touch]]) });
      await writeAudit(tx, SCHEMA, { at, actor: request.principal.subject, action: request.action, subject: order.number, detail });
      return rmaId;
    });
    return { found: await readCase(tools.database, answered), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await auditRefusal(tools, request, error, at);
    return { found: null, userErrors: error.userErrors };
  }
}

async function readEarlier(tx: Sql, key: { readonly actor: string; readonly idempotencyKey: string; readonly action: string; readonly payloadHash: string }): Promise<string> {
  const earlier = await readKey(tx, key.actor, key.idempotencyKey);
  if (!earlier) throw new Failure('UPSTREAM_UNAVAILABLE', 'the first request under this key was undone meanwhile; repeat');
  if (earlier.action === key.action && earlier.payloadHash === key.payloadHash) return earlier.rmaId;
  throw refuse(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for something else; send a new key');
}

function checkKey(key: string): string {
  const problems: Problem[] = [];
  const text = checkText(key, ['idempotencyKey'], 200, 'IDENTIFIER', problems);
  if (text === null) problems.push({ field: ['idempotencyKey'], message: 'idempotencyKey must not be empty; send a new UUID per request' });
  failOn(problems);
  return text!;
}

/** @throws Refusal naming every field at fault. */
export function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Refusal(problems.map(({ field, message }) => ({ code: UserErrorCode.INVALID_INPUT, field, message, retryable: false })));
}

/** Fields only: what was typed into them may be what must not be written down. */
const auditRefusal = ({ database }: ReturnTools, { principal, action, subject }: KeyedRequest, { userErrors }: Refusal, at: Instant): Promise<void> =>
  database.transaction((tx) => writeAudit(tx, SCHEMA, {
    at, actor: principal.subject, action: `${action}.refused`, subject: UUID.test(subject) ? subject : 'unknown',
    detail: { errors: userErrors.map(({ code, field }) => ({ code, field })) },
  }));

/** The key inside a return's global id; null where it is none, or of a return the ERP alone knows. */
export function rmaIdOf(globalReturnId: string): string | null {
  const key = keyFromGlobalId('Return', globalReturnId);
  return key !== null && UUID.test(key) ? key : null;
}

/** Does something to a return that is there. Payload and subject of the request are the caller's. */
export async function answerForReturn(
  tools: ReturnTools, request: Omit<KeyedRequest, 'subject'> & { readonly returnId: string }, perform: (tx: Sql, at: Instant, held: HeldReturn) => Promise<Omit<Done, 'order'>>,
): Promise<ReturnOutcome> {
  const { principal, returnId } = request;
  const rmaId = rmaIdOf(returnId);
  // A return nobody knows has no row the key could point to.
  const subject = rmaId ?? 'unknown';
  return answerOnce(tools, { ...request, subject }, async (tx, { at }) => {
    const held = await lockReturn(tx, principal, rmaId);
    return { order: held.order, ...(await perform(tx, at, held)) };
  }, rmaId ?? undefined);
}

export interface HeldReturn {
  readonly order: OrderRecord;
  readonly found: ReturnCase;
}

/** The return and its order, locked, if the caller may see them. @throws Refusal NOT_FOUND */
async function lockReturn(tx: Sql, principal: Principal, id: string | null): Promise<HeldReturn> {
  const known = id === null ? null : await readCase(tx, id);
  const order = known && (await lockOrder(tx, known.rma.orderId));
  if (!order || !canSee(visibilityOf(principal), order)) throw refuse(UserErrorCode.NOT_FOUND, ['returnId'], 'no return has this id');
  // Read again: what was true before the lock may be so no more.
  return { order, found: (await readCase(tx, known.rma.id))! };
}
