import { asFailure } from '../../domain/failure.ts';
import type { BasketLine } from '../../domain/inventory.ts';
import { addMs, instant } from '../../domain/time.ts';
import type { RequestScope, SubgraphDependencies } from '../frame/module.ts';
import { UserErrorCode } from '../graph/user-error.ts';
import { within } from './deadline.ts';
import { basketOf, destinationOf, type Placement } from './placement.ts';
import { refuse } from './refusal.ts';
import type { OrdersSettings } from './settings.ts';
import { findBuyer, type Buyer } from './step-buyer.ts';
import { priceLines, type PricedBasket } from './step-price.ts';
import { asRefusal, checkStock, holdStock, type CheckedStock, type HeldStock } from './step-stock.ts';
import { settlePlaced, type Claim } from './store-claims.ts';
import { insertOrder, type NewOrderRow } from './store-placement.ts';
import { canSee, findByExternalId, visibilityOf } from './store-reads.ts';
import { SUBMIT_QUEUE, type SubmitJob } from './store-submission.ts';

export interface PlacementTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
  readonly holdTtlSeconds: number;
}

/** One request on its way: what was asked, by whom, and who wants the answer. */
export interface PlacementRequest {
  readonly placement: Placement;
  readonly customerNumber: string | null;
  readonly payloadHash: string;
  readonly scope: RequestScope;
}

/**
 * Buyer, prices, stock, hold, then one transaction for the order, its answer, its event and its job.
 * Answers the order's id - an earlier one's, when the channel sent the same order before - or null when the claim was
 * lost to another request. @throws Refusal, Failure
 */
export async function attemptPlacement(tools: PlacementTools, request: PlacementRequest, claim: Claim): Promise<string | null> {
  const earlier = await answerEarlier(tools, request, claim);
  if (earlier !== null) return earlier;
  const { placement } = request;
  const buyer = await findBuyer(tools.clients.customer, placement, request.customerNumber);
  const context = { channel: placement.channel, priceListCode: buyer.priceListCode, currencyCode: placement.currencyCode, at: instant(tools.clock.now()) };
  // Stock before prices: inventory knows how many of its own unit a line is, and only those have a price.
  const checked = await askStock(tools, request, claim);
  const priced = await priceLines(tools.clients.pricing, { ...placement, lines: checked.lines }, context);
  const held = await reserve(tools, request, claim, checked);
  const written = await writeOrder(tools, request, claim, buyer, priced, held);
  if (written === 'PLACED') return claim.orderId;
  if (written === 'CLAIM_LOST') return null;
  if (held.holdId !== null) await tools.clients.inventory.releaseHold({ holdId: held.holdId, owner: claim.owner });
  return answerEarlier(tools, request, claim);
}

/** The order this channel sent before under the same number, whatever the key. @throws Refusal CONFLICT when it was another. */
async function answerEarlier({ database }: PlacementTools, { placement, payloadHash, scope }: PlacementRequest, claim: Claim): Promise<string | null> {
  if (placement.externalOrderId === null) return null;
  const order = await findByExternalId(database, placement.channel, placement.externalOrderId);
  if (!order) return null;
  if (order.payloadHash !== payloadHash || !canSee(visibilityOf(scope.principal), order)) {
    throw refuse(UserErrorCode.CONFLICT, ['externalOrderId'], 'this channel has placed another order under this externalOrderId');
  }
  return (await settlePlaced(database, claim, order.id)) ? order.id : null;
}

/** Less leaves a remote answer no time at all. */
const MIN_CHECK_MS = 100;

async function askStock(tools: PlacementTools, request: PlacementRequest, claim: Claim): Promise<CheckedStock> {
  const lines = basketOf(request.placement.lines);
  try {
    return await checkLive(tools, request, claim, lines);
  } catch (error) {
    throw asRefusal(error, request.placement, lines);
  }
}

async function reserve(tools: PlacementTools, { placement }: PlacementRequest, claim: Claim, { lines: own, warnings, onBackorder }: CheckedStock): Promise<HeldStock> {
  const lines = basketOf(own);
  const hold = {
    idempotencyKey: `order:${claim.orderNumber}`, owner: claim.owner, lines, channel: placement.channel,
    ttlSeconds: tools.holdTtlSeconds, replacesHoldId: placement.holdId, requestedOn: placement.requestedOn, shipTo: destinationOf(placement.shipTo),
  };
  try {
    const held = await holdStock(tools.clients.inventory, placement, hold, onBackorder);
    return { ...held, warnings: [...warnings, ...held.warnings] };
  } catch (error) {
    throw asRefusal(error, placement, lines);
  }
}

async function checkLive({ clients: { inventory }, config, clock }: PlacementTools, { placement, scope }: PlacementRequest, { owner }: Claim, lines: readonly BasketLine[]): Promise<CheckedStock> {
  const deadlineMs = Math.max(MIN_CHECK_MS, Math.min(config.CHECK_DEADLINE_MS, scope.deadlineAtMs - clock.now()));
  const { channel, requestedOn, holdId } = placement;
  const check = { lines, channel, requestedOn, holdId, owner, deadlineMs, shipTo: destinationOf(placement.shipTo) };
  try {
    // Inventory keeps the deadline itself; the longer one here is for an inventory that does not answer at all.
    return await within({ timeoutMs: deadlineMs * 2, system: 'inventory', signal: scope.signal, clock }, () => checkStock(inventory, placement, check));
  } catch (error) {
    if (!asFailure(error).retryable) throw error;
    throw refuse(UserErrorCode.UNVERIFIED, ['lines'], 'the stock could not be verified; try again', true);
  }
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

async function writeOrder(tools: PlacementTools, request: PlacementRequest, claim: Claim, buyer: Buyer, priced: PricedBasket, held: HeldStock): Promise<Written> {
  const placedAt = instant(tools.clock.now());
  const dueAt = addMs(placedAt, tools.settings.submission.sweepGraceMs);
  const row: NewOrderRow = { claim, payloadHash: request.payloadHash, placement: request.placement, ...buyer, ...priced, ...held, placedAt, dueAt };
  try {
    await tools.database.transaction(async (tx) => {
      // The claim first: it fences off a claimant that was taken for dead.
      if (!(await settlePlaced(tx, claim, claim.orderId))) throw new Undo('CLAIM_LOST');
      if (!(await insertOrder(tx, row))) throw new Undo('EXTERNAL_ID_TAKEN');
      await tools.jobs.enqueue(tx, SUBMIT_QUEUE, { orderId: claim.orderId, attempt: 0 } satisfies SubmitJob);
    });
    return 'PLACED';
  } catch (error) {
    if (error instanceof Undo) return error.reason;
    throw error;
  }
}
