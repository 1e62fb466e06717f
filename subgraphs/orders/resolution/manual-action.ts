import { createHash } from 'node:crypto';
import { asFailure } from '../../../domain/failure.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import { UserErrorCode, userErrorOf, type GraphUserError } from '../../graph/user-error.ts';
import { Refusal, refuse } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { SCHEMA } from '../schema.sql.ts';
import type { OrdersSettings } from '../settings.ts';
import { claimAction, keepResult, readAction } from './store.ts';

export interface OperatorTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
}

/** Something somebody does by hand, and answers for. */
export interface ManualAction {
  readonly actor: string;
  readonly idempotencyKey: string;
  /** "order.retry"; in the audit as it is. */
  readonly action: string;
  /** What "the same again" means. */
  readonly payload: unknown;
  /** What it is done to: an order's number, a code, a window. */
  readonly subject: string;
}

export interface Performed<Result> {
  /** Answered again to the same request. */
  readonly result: Result;
  /** Why, and what was before and after; null: nothing was changed. */
  readonly audit: Readonly<Record<string, unknown>> | null;
}

const hashOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(payload)).digest('hex');

/**
 * Does it once per (actor, key), with its audit entry in the same transaction; the same request again, also at the same time,
 * gets the first one's answer. @throws Refusal CONFLICT when the key was used for something else; whatever `perform` throws,
 * and then nothing of it stays
 */
export async function performOnce<Result extends object>(tools: OperatorTools, action: ManualAction, perform: (tx: Sql, at: Instant) => Promise<Performed<Result>>): Promise<Result> {
  const key = { actor: action.actor, idempotencyKey: readKey(action.idempotencyKey), action: action.action, payloadHash: hashOf(action.payload), subject: action.subject };
  return tools.database.transaction(async (tx) => {
    const at = instant(tools.clock.now());
    if (!(await claimAction(tx, { ...key, at }))) return (await answered<Result>(tx, action))!;
    const { result, audit } = await perform(tx, at);
    await keepResult(tx, key, result);
    if (audit !== null) await writeAudit(tx, SCHEMA, { at, actor: action.actor, action: action.action, subject: action.subject, detail: audit });
    return result;
  });
}

/** What the same request was answered; null: it is a new one. @throws Refusal CONFLICT when its key was used for something else */
export async function answered<Result>(sql: Sql, { actor, idempotencyKey, action, payload }: ManualAction): Promise<Result | null> {
  const earlier = await readAction(sql, actor, readKey(idempotencyKey));
  if (earlier === null) return null;
  if (earlier.action === action && earlier.payloadHash === hashOf(payload)) return earlier.result as Result;
  throw refuse(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for another request; send a new key for a new one');
}

function readKey(idempotencyKey: string): string {
  const problems: Problem[] = [];
  const key = checkText(idempotencyKey, ['idempotencyKey'], 128, 'IDENTIFIER', problems);
  if (key === null) throw refuse(UserErrorCode.INVALID_INPUT, ['idempotencyKey'], 'idempotencyKey must not be empty');
  throwProblems(problems);
  return key;
}

/** Why somebody does it: part of the audit, so it is asked for. */
export function readReason(reason: string): string {
  const problems: Problem[] = [];
  const text = checkText(reason, ['reason'], 1_000, 'FREE_TEXT', problems);
  if (text === null) throw refuse(UserErrorCode.INVALID_INPUT, ['reason'], 'reason must not be empty: the audit keeps it');
  throwProblems(problems);
  return text;
}

/** @throws Refusal INVALID_INPUT naming every field at fault */
export function throwProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new Refusal(problems.map(({ field, message }) => ({ code: UserErrorCode.INVALID_INPUT, field, message, retryable: false })));
}

/** The errors of a payload; every other failure is thrown on. */
export function userErrorsOf(error: unknown): readonly GraphUserError[] {
  if (error instanceof Refusal) return error.userErrors;
  const failure = asFailure(error);
  // The ERP's silence is for the caller to wait out.
  if (failure.retryable) return [{ code: UserErrorCode.UPSTREAM, field: [], message: failure.message, retryable: true }];
  return [userErrorOf(failure)];
}
