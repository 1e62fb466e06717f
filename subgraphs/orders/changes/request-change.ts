import { asFailure } from '../../../domain/failure.ts';
import { hasScope } from '../../../domain/principal.ts';
import { dayOf, instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { RequestScope } from '../../frame/module.ts';
import { userError, UserErrorCode, userErrorOf, type GraphUserError } from '../../graph/user-error.ts';
import { Refusal, refuse } from '../placing/refusal.ts';
import { takeCredit } from '../placing/step-credit.ts';
import { canSee, readLines, readOrder, visibilityOf } from '../reading/store-reads.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { awaitSettlement } from './await-settlement.ts';
import { planChange, refusedByRule, type ChangePlan } from './plan.ts';
import { amendmentRuleOf, type ChangeStage } from './policy.ts';
import type { ChangeRecord } from './records.ts';
import { enqueueChange, sweepAt } from './settlement.ts';
import { reserveIncrease, type ExtraStock } from './step-increase.ts';
import { findChange, insertChange, lockOrder, readChange, readUnsettled, type NewChange } from './store.ts';
import type { ChangeTools } from './tools.ts';
import { changeUnsent, isUnsent } from './unsent.ts';
import { changeIdOf, checkChange, hashChange, type ChangeKind, type ChangeRequest, type ChangeText } from './validation.ts';

export interface ChangeOutcome {
  readonly change: ChangeRecord | null;
  readonly order: OrderRecord | null;
  readonly userErrors: readonly GraphUserError[];
}

/** `orderId`: the order's own id, or null where the caller's global id is none. */
export type ChangeOrder = (kind: ChangeKind, input: ChangeText, orderId: string | null, scope: RequestScope) => Promise<ChangeOutcome>;

/** One request on its way. */
interface Asked {
  readonly request: ChangeRequest;
  readonly id: string;
  readonly payloadHash: string;
  readonly orderId: string;
  readonly scope: RequestScope;
}

/**
 * Takes a change of an order, one per (owner, key): at once where the order is ours alone, in the ERP otherwise. Answers what
 * became of it, or REQUESTED when that is not known in the caller's time: then it goes on, and `orderUpdated` tells.
 * @throws Failure only for bugs, lost databases and silent subgraphs
 */
export const createChangeOrder = (tools: ChangeTools): ChangeOrder => async (kind, input, orderId, scope) => {
  try {
    const asked = await readRequest(tools, kind, input, orderId, scope);
    const id = await takeChange(tools, asked);
    await awaitSettlement(tools, id, scope);
    return await answer(tools, id);
  } catch (error) {
    if (error instanceof Refusal) return { change: null, order: null, userErrors: error.userErrors };
    const failure = asFailure(error);
    if (failure.retryable) {
      tools.log.warn({ code: failure.code, error: failure.message }, 'a change of an order could not be taken');
      return { change: null, order: null, userErrors: [userError(UserErrorCode.UPSTREAM, [], 'a system behind the shop did not answer; repeat the same request', true)] };
    }
    return { change: null, order: null, userErrors: [userErrorOf(failure)] };
  }
};

const mayDoAnything = ({ principal }: RequestScope): boolean => hasScope(principal, 'operations');

async function readRequest({ database, clock }: ChangeTools, kind: ChangeKind, input: ChangeText, orderId: string | null, scope: RequestScope): Promise<Asked> {
  const checked = checkChange(kind, input, dayOf(instant(clock.now())));
  if ('problems' in checked) throw new Refusal(checked.problems.map(({ field, message }) => userError(UserErrorCode.INVALID_INPUT, field, message)));
  const order = orderId === null ? null : await readOrder(database, orderId);
  if (!order || !(mayDoAnything(scope) || canSee(visibilityOf(scope.principal), order))) {
    throw refuse(UserErrorCode.NOT_FOUND, ['orderId'], 'orderId names no order you may see');
  }
  const { request } = checked;
  return { request, id: changeIdOf(scope.principal.subject, request.idempotencyKey), payloadHash: hashChange(order.id, request), orderId: order.id, scope };
}

/** The change of this key, taken now or before. @throws Refusal */
async function takeChange(tools: ChangeTools, asked: Asked): Promise<string> {
  const { database, clients: { inventory } } = tools;
  const owner = asked.scope.principal.subject;
  const earlier = await findEarlier(database, asked);
  if (earlier !== null) return earlier;
  const order = (await readOrder(database, asked.orderId))!;
  const lines = await readLines(database, [order.id]);
  const extra = await reserveIncrease({ tools, order, lines, plan: await planOrAnswer(tools, asked, order, lines), changeId: asked.id, owner });
  try {
    return await database.transaction((tx) => writeChange(tx, tools, asked, extra));
  } catch (error) {
    // Whoever has taken the key meanwhile has the same hold.
    if (error instanceof Refusal && extra.holdId !== null && (await findChange(database, owner, asked.request.idempotencyKey)) === null) {
      await inventory.releaseHold({ holdId: extra.holdId, owner });
    }
    throw error;
  }
}

/** @throws Refusal CONFLICT when the key was used for something else */
async function findEarlier(sql: Sql, { request, payloadHash, scope }: Asked): Promise<string | null> {
  const earlier = await findChange(sql, scope.principal.subject, request.idempotencyKey);
  if (earlier && earlier.payloadHash !== payloadHash) {
    throw refuse(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for another change; send a new key for a new change');
  }
  return earlier?.id ?? null;
}

/** @throws Refusal naming what speaks against it: the order, the lines, the channel's rule */
function planOrRefuse({ settings }: ChangeTools, { request, scope }: Asked, order: OrderRecord, lines: readonly LineRecord[]): ChangePlan {
  const planned = planChange(order, lines, request);
  if ('errors' in planned) throw new Refusal(planned.errors);
  const forbidden = mayDoAnything(scope) ? null : refusedByRule(amendmentRuleOf(settings.policy, order.channel), planned.plan, order.erpOrderId === null);
  if (forbidden !== null) throw new Refusal([forbidden]);
  return planned.plan;
}

/** Whoever repeats a request may find the order already changed by it: then that is the answer, not a refusal. */
async function planOrAnswer(tools: ChangeTools, asked: Asked, order: OrderRecord, lines: readonly LineRecord[]): Promise<ChangePlan> {
  try {
    return planOrRefuse(tools, asked, order, lines);
  } catch (error) {
    if (error instanceof Refusal && (await findEarlier(tools.database, asked)) !== null) return { lines: [], shipTo: null, requestedDay: null, operations: new Set(), cancelsAll: false };
    throw error;
  }
}

/** One transaction, the order locked: nobody sends or changes it meanwhile. */
async function writeChange(tx: Sql, tools: ChangeTools, asked: Asked, extra: ExtraStock): Promise<string> {
  const { clock, settings } = tools;
  const order = (await lockOrder(tx, asked.orderId))!;
  const earlier = await findEarlier(tx, asked);
  if (earlier !== null) return earlier;
  const plan = planOrRefuse(tools, asked, order, await readLines(tx, [order.id]));
  const unsettled = await readUnsettled(tx, order.id);
  if (unsettled !== null && Date.parse(unsettled) > clock.now()) throw busy('an earlier change of this order may still arrive at the ERP; try again in a few minutes');
  if (extra.credit !== null) await takeCredit(tx, extra.credit);
  const now = instant(clock.now());
  const written = await insertChange(tx, newChangeOf(asked, order, plan, extra, untilStageOf(tools, asked, order), { requestedAt: now, dueAt: sweepAt(now, settings) }));
  // The key may have been taken at this moment for another order, which this order's lock does not keep out.
  if (!written) return (await findEarlier(tx, asked)) ?? Promise.reject(busy('another change of this order is under way; try again when it is settled'));
  const change = (await readChange(tx, asked.id))!;
  if (!(isUnsent(order) && (await changeUnsent(tx, tools, order, change)))) await enqueueChange(tools, tx, { changeId: change.id, attempt: 0 }, 0);
  return change.id;
}

const busy = (message: string): Refusal => refuse(UserErrorCode.CONFLICT, ['orderId'], message, true);

const untilStageOf = ({ settings }: ChangeTools, { scope }: Asked, { channel }: OrderRecord): ChangeStage =>
  mayDoAnything(scope) ? 'BEFORE_PICKING' : amendmentRuleOf(settings.policy, channel).until;

function newChangeOf({ request, id, payloadHash, scope }: Asked, order: OrderRecord, plan: ChangePlan, extra: ExtraStock, untilStage: ChangeStage, times: Pick<NewChange, 'requestedAt' | 'dueAt'>): NewChange {
  const { idempotencyKey, kind, reason } = request;
  const { lines, shipTo, requestedDay } = plan;
  return { id, orderId: order.id, owner: scope.principal.subject, idempotencyKey, payloadHash, kind, reason, lines, shipTo, requestedDay, untilStage, ...extra, ...times };
}

async function answer({ database }: ChangeTools, id: string): Promise<ChangeOutcome> {
  const change = (await readChange(database, id))!;
  const order = await readOrder(database, change.orderId);
  return { change, order, userErrors: refusalOf(change) };
}

/** A change the ERP refused is told twice: as what became of it, and as an error a program acts on. */
function refusalOf({ state, refusal, explanation }: ChangeRecord): readonly GraphUserError[] {
  if (state !== 'REFUSED' && state !== 'WITHDRAWN') return [];
  const code = refusal === 'UNSUPPORTED' ? UserErrorCode.UNSUPPORTED : refusal === 'OTHER' ? UserErrorCode.UPSTREAM : UserErrorCode.TOO_LATE;
  return [userError(code, ['orderId'], explanation ?? 'the order could not be changed')];
}
