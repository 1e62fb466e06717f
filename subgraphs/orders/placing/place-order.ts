import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure } from '../../../domain/failure.ts';
import { dayOf, instant } from '../../../domain/time.ts';
import type { RequestScope, SubgraphDependencies } from '../../frame/module.ts';
import { userError, UserErrorCode, userErrorOf, type GraphUserError } from '../../graph/user-error.ts';
import { confirmHold } from './hold-confirmation.ts';
import { newOrderNumber } from './order-number.ts';
import { hashPlacement } from './placement.ts';
import { attemptPlacement } from './placement-attempt.ts';
import type { PlacementRequest, PlacementTools } from './placement-request.ts';
import type { OrderRecord, OrderWarning } from '../records.ts';
import { Refusal, refuse } from './refusal.ts';
import { createRefusalJournal } from './refusal-journal.ts';
import type { OrdersSettings } from '../settings.ts';
import { customerNumberFor } from './step-buyer.ts';
import { endLease, readClaim, settleRefused, takeClaim, type ClaimRow, type TakenClaim } from './store-claims.ts';
import { readOrder } from '../reading/store-reads.ts';
import { checkPlacement, type PlacementText } from './validation.ts';

export interface PlaceOrderOutcome {
  readonly order: OrderRecord | null;
  readonly userErrors: readonly GraphUserError[];
  readonly warnings: readonly OrderWarning[];
}

export type PlaceOrder = (input: PlacementText, scope: RequestScope) => Promise<PlaceOrderOutcome>;

/**
 * Places orders, one per (owner, idempotency key). Equal requests get the first one's answer, also while it is running;
 * a claimant that dies is taken over when its lease ends. Of a refusal nothing is kept but its codes and fields in the audit
 * trail, and the answer to the key. @throws Failure only for bugs and lost databases.
 */
export function createPlaceOrder(dependencies: SubgraphDependencies, settings: OrdersSettings): PlaceOrder {
  const tools: PlacementTools = { ...dependencies, settings, holdTtlSeconds: settings.holdTtlSeconds };
  const journal = createRefusalJournal(dependencies);
  return async (input, scope) => {
    try {
      const request = readRequest(tools, input, scope);
      return await answerClaimed(tools, request);
    } catch (error) {
      // INVALID_INPUT and CONFLICT of another subgraph belong into the payload; userErrorOf throws every other.
      const { userErrors, traits } = error instanceof Refusal ? error : new Refusal([userErrorOf(asFailure(error))]);
      if (!traits.repeated) journal({ owner: scope.principal.subject, idempotencyKey: traits.secret ? null : input.idempotencyKey, userErrors });
      return { order: null, userErrors, warnings: [] };
    }
  };
}

function readRequest({ clock, ports, settings }: PlacementTools, input: PlacementText, scope: RequestScope): PlacementRequest {
  const { principal, shopping } = scope;
  const checked = checkPlacement(input, {
    // Who is bound to a channel orders in it; who is bound to none, a storefront, names one.
    channel: principal.channel ?? shopping.channel,
    currencyCode: shopping.currencyCode,
    today: dayOf(instant(clock.now())),
    maxQuantity: settings.policy.maxLineQuantity,
    lineShipTo: ports.port('orders')?.capabilities.lineShipTo ?? false,
    companyLocation: shopping.companyLocation,
  });
  if ('problems' in checked) {
    const userErrors = checked.problems.map(({ code = 'INVALID_INPUT', field, message }) => userError(UserErrorCode[code], field, message));
    throw new Refusal(userErrors, { secret: checked.problems.some((problem) => problem.card) });
  }
  const { placement } = checked;
  return { placement, customerNumber: customerNumberFor(placement, principal), payloadHash: hashPlacement(placement), scope };
}

/** Places the order if the key is ours to answer, else waits for whoever has it. */
async function answerClaimed(tools: PlacementTools, request: PlacementRequest): Promise<PlaceOrderOutcome> {
  const { database, clock, settings } = tools;
  const { placement: { idempotencyKey }, payloadHash, scope } = request;
  const owner = scope.principal.subject;
  let waitedFor: string | null = null;
  for (;;) {
    const plan = { orderId: randomUUID(), orderNumber: newOrderNumber(), claimant: randomUUID() };
    const claim = await takeClaim(database, { owner, idempotencyKey, payloadHash, leaseMs: settings.leaseMs, waitedFor, ...plan });
    const outcome = claim ? await runClaim(tools, request, claim) : await readAnswer(tools, request, await readClaim(database, owner, idempotencyKey), waitedFor);
    if (outcome !== 'RUNNING') return outcome;
    if (!claim) waitedFor = (await readClaim(database, owner, idempotencyKey))?.claimant ?? null;
    if (clock.now() + settings.waitPollMs >= scope.deadlineAtMs || scope.signal.aborted) {
      throw refuse(UserErrorCode.UPSTREAM, [], 'the order is still being placed; repeat the same request for its answer', true);
    }
    await sleep(settings.waitPollMs);
  }
}

/** What the key's row answers, or RUNNING. */
async function readAnswer(tools: PlacementTools, request: PlacementRequest, row: ClaimRow | null, waitedFor: string | null): Promise<PlaceOrderOutcome | 'RUNNING'> {
  if (!row) return 'RUNNING';
  if (row.payloadHash !== request.payloadHash) {
    throw refuse(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for another order; send a new key for a new order');
  }
  if (row.state === 'PLACED') return answerOrder(tools, row.orderId);
  const passing = row.refusal?.[0]?.retryable === true && row.claimant !== waitedFor;
  if (row.state === 'REFUSED' && !passing) throw new Refusal(row.refusal ?? [], { repeated: true });
  return 'RUNNING';
}

async function runClaim(tools: PlacementTools, request: PlacementRequest, claim: TakenClaim): Promise<PlaceOrderOutcome | 'RUNNING'> {
  try {
    const orderId = await attemptPlacement(tools, request, claim);
    return orderId === null ? 'RUNNING' : await answerOrder(tools, orderId);
  } catch (error) {
    if (error instanceof Refusal) {
      // Whose claim was lost has no answer to give: the other's is the key's.
      if (!(await settleRefused(tools.database, claim, error.userErrors))) return 'RUNNING';
      throw error;
    }
    await endLease(tools.database, claim).catch(() => undefined);
    const failure = asFailure(error);
    tools.log.warn({ order: claim.orderNumber, code: failure.code, error: failure.message }, 'a placement broke off; its key is free for a repetition');
    if (failure.retryable) throw refuse(UserErrorCode.UPSTREAM, [], 'a system behind the shop did not answer; repeat the same request', true);
    throw error;
  }
}

/** Answers a placed order, after making its hold final: nobody is told of an order whose stock may still be lost. @throws Refusal HOLD_EXPIRED */
async function answerOrder(tools: PlacementTools, orderId: string): Promise<PlaceOrderOutcome> {
  const order = (await readOrder(tools.database, orderId))!;
  const pending: OrderWarning = { code: 'STOCK_NOT_YET_RESERVED', field: [], message: 'the order is placed; its stock is still being reserved' };
  const confirmed = await confirmHold(tools, order).catch((error: unknown) => {
    tools.log.warn({ order: order.number, error: asFailure(error).message }, 'a hold is not confirmed yet; the submission job will see to it');
    return 'UNKNOWN' as const;
  });
  if (confirmed === 'LOST') {
    const message = 'the stock was gone before the order could take it; the order was cancelled. Check the basket and order again with a new key';
    throw new Refusal([userError(UserErrorCode.HOLD_EXPIRED, ['holdId'], message)], { repeated: order.holdState === 'LOST' });
  }
  return { order, userErrors: [], warnings: confirmed === 'UNKNOWN' ? [...order.warnings, pending] : order.warnings };
}
