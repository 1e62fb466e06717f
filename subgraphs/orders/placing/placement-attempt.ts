import { setTimeout as sleep } from 'node:timers/promises';
import { addMs, instant } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { canSee, findByExternalId, readOrder, visibilityOf } from '../reading/store-reads.ts';
import { SUBMIT_QUEUE, type SubmitJob } from '../submission/store-submission.ts';
import type { PlacementRequest, PlacementTools } from './placement-request.ts';
import { Refusal, refuse } from './refusal.ts';
import { routingOf } from './routing.ts';
import { findBuyer, priceBuyerOf, type Buyer } from './step-buyer.ts';
import { checkCredit, takeCredit, type CheckedCredit } from './step-credit.ts';
import { priceLines, type CheckedPrices } from './step-price.ts';
import { askStock, reserve } from './step-reserve.ts';
import type { CheckedStock, HeldStock } from './step-stock.ts';
import { settleTotals, type SettledMoney } from './step-totals.ts';
import { readClaim, settleEarlier, settlePlaced, type TakenClaim } from './store-claims.ts';
import { insertOrder, type NewOrderRow } from './store-placement.ts';

/**
 * Buyer, stock, prices, totals, credit, hold, then one transaction for the order, its answer, its event and its job.
 * Answers the order's id - an earlier one's, when the same order was sent before - or null when the claim was lost to
 * another request. @throws Refusal, Failure
 */
export async function attemptPlacement(tools: PlacementTools, request: PlacementRequest, claim: TakenClaim): Promise<string | null> {
  const earlier = (await answerForgotten(tools, request, claim)) ?? (await answerEarlier(tools, request, claim));
  if (earlier !== null) return earlier;
  const draft = await prepare(tools, request, claim);
  const held = await reserve(tools, request, claim, draft.checked);
  const release = async (): Promise<void> => {
    if (held.holdId !== null) await tools.clients.inventory.releaseHold({ holdId: held.holdId, owner: claim.owner });
  };
  const written = await writeOrder(tools, request, claim, draft, held).catch(async (error: unknown) => {
    if (error instanceof Refusal) await release();
    throw error;
  });
  if (written === 'PLACED') return claim.orderId;
  if (written === 'CLAIM_LOST') return leaveToOther(tools, request, claim, release);
  await release();
  return answerEarlier(tools, request, claim);
}

/**
 * Who took the claim over has the same plan, and finds the hold by it; the hold it found in its way may as well be why it
 * refuses. Then nobody else gives it back.
 */
async function leaveToOther({ database, clock, settings }: PlacementTools, { scope }: PlacementRequest, claim: TakenClaim, release: () => Promise<void>): Promise<null> {
  for (;;) {
    const row = await readClaim(database, claim.owner, claim.idempotencyKey);
    if (row?.orderId !== claim.orderId || row.state === 'REFUSED') {
      await release();
      return null;
    }
    if (row.state === 'PLACED' || clock.now() + settings.waitPollMs >= scope.deadlineAtMs) return null;
    await sleep(settings.waitPollMs);
  }
}

/** Everything that is asked before anything is taken. */
interface Draft {
  readonly buyer: Buyer;
  readonly checked: CheckedStock;
  readonly priced: CheckedPrices;
  readonly settled: SettledMoney;
  readonly credit: CheckedCredit;
}

async function prepare(tools: PlacementTools, request: PlacementRequest, claim: TakenClaim): Promise<Draft> {
  const { placement } = request;
  const buyer = await findBuyer(tools.clients.customer, placement, request.customerNumber, tools.settings.policy.guests);
  const context = { channel: placement.channel, buyer: priceBuyerOf(buyer, request.scope.principal, placement.companyLocation ?? null), currencyCode: placement.currencyCode, at: instant(tools.clock.now()) };
  // Stock before prices: both say how many of the item's own unit a line is, and must agree.
  const checked = await askStock(tools, request, claim);
  const priced = await priceLines(tools.clients.pricing, placement, checked.lines, context);
  const settled = settleTotals(placement, priced);
  const credit = await checkCredit(tools, request, buyer, settled, priced.currencyCode);
  return { buyer, checked, priced, settled, credit };
}

/** The order placed under this key before the key was forgotten: keys end, orders do not. @throws Refusal CONFLICT when it was another. */
async function answerForgotten({ database }: PlacementTools, { payloadHash }: PlacementRequest, claim: TakenClaim): Promise<string | null> {
  if (claim.placedOrderId === null) return null;
  const order = (await readOrder(database, claim.placedOrderId))!;
  await settleEarlier(database, claim, { id: order.id, payloadHash: order.payloadHash! });
  if (order.payloadHash === payloadHash) return order.id;
  throw refuse(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for another order; send a new key for a new order');
}

/** The order this channel sent before under the same number, whatever the key. @throws Refusal CONFLICT when it was another. */
async function answerEarlier({ database }: PlacementTools, { placement, payloadHash, scope }: PlacementRequest, claim: TakenClaim): Promise<string | null> {
  if (placement.externalOrderId === null) return null;
  const order = await findByExternalId(database, placement.channel, placement.externalOrderId);
  if (!order) return null;
  if (order.payloadHash !== payloadHash || !canSee(visibilityOf(scope.principal), order)) {
    throw refuse(UserErrorCode.CONFLICT, ['externalOrderId'], 'this channel has placed another order under this externalOrderId');
  }
  return (await settlePlaced(database, claim, order.id)) ? order.id : null;
}

type Written = 'PLACED' | 'CLAIM_LOST' | 'EXTERNAL_ID_TAKEN';

/** Rolls the transaction back with a reason that is no error. */
class Undo extends Error {
  readonly reason: Written;

  constructor(reason: Written) {
    super(reason);
    this.reason = reason;
  }
}

async function writeOrder(tools: PlacementTools, request: PlacementRequest, claim: TakenClaim, draft: Draft, held: HeldStock): Promise<Written> {
  const row = rowOf(tools, request, claim, draft, held);
  try {
    await tools.database.transaction(async (tx) => {
      // The claim first: it fences off a claimant that was taken for dead.
      if (!(await settlePlaced(tx, claim, claim.orderId))) throw new Undo('CLAIM_LOST');
      if (draft.credit.room !== null) await takeCredit(tx, draft.credit.room);
      if (!(await insertOrder(tx, row))) throw new Undo('EXTERNAL_ID_TAKEN');
      await tools.jobs.enqueue(tx, SUBMIT_QUEUE, { orderId: claim.orderId, attempt: 0 } satisfies SubmitJob);
    });
    return 'PLACED';
  } catch (error) {
    if (error instanceof Undo) return error.reason;
    throw error;
  }
}

function rowOf({ clock, settings }: PlacementTools, { placement, payloadHash }: PlacementRequest, claim: TakenClaim, draft: Draft, held: HeldStock): NewOrderRow {
  const { buyer, checked, priced, settled, credit } = draft;
  const placedAt = instant(clock.now());
  const routed = checked.lines.map(({ sku, quantity }, index) => ({ lineNumber: index + 1, sku, quantity, components: checked.components[index]! }));
  return {
    claim, placement, payloadHash, buyer, priced, settled, held,
    warnings: [...held.warnings, ...priced.warnings, ...credit.warnings],
    routing: routingOf(routed, held.taken),
    placedAt,
    dueAt: addMs(placedAt, settings.submission.sweepGraceMs),
  };
}
