import { asFailure } from '../../../domain/failure.ts';
import type { BasketLine, ShipTo } from '../../../domain/inventory.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { within } from '../deadline.ts';
import type { PlacementRequest, PlacementTools } from './placement-request.ts';
import { basketOf, destinationOf, wantedOn, type Placement } from './placement.ts';
import { refuse } from './refusal.ts';
import { asRefusal, checkStock, holdStock, type CheckedStock, type HeldStock } from './step-stock.ts';
import type { Claim } from './store-claims.ts';

/** Less leaves a remote answer no time at all. */
const MIN_CHECK_MS = 100;

/** A check and a hold know one address: the order's, or that of the first line where the order has none. */
const destination = ({ shipTo, lines }: Placement): ShipTo | null => destinationOf(shipTo ?? lines.find((line) => line.shipTo)?.shipTo ?? null);

/** Asks for the basket, one line per article and unit. @throws Refusal, Failure */
export async function askStock(tools: PlacementTools, request: PlacementRequest, claim: Claim): Promise<CheckedStock> {
  const lines = basketOf(request.placement.lines);
  try {
    return await checkLive(tools, request, claim, lines);
  } catch (error) {
    throw asRefusal(error, request.placement, lines);
  }
}

async function checkLive({ clients: { inventory }, config, clock }: PlacementTools, { placement, scope }: PlacementRequest, { owner }: Claim, lines: readonly BasketLine[]): Promise<CheckedStock> {
  const deadlineMs = Math.max(MIN_CHECK_MS, Math.min(config.CHECK_DEADLINE_MS, scope.deadlineAtMs - clock.now()));
  const { channel, holdId } = placement;
  const check = { lines, channel, requestedOn: wantedOn(placement.requestedOn, placement.lines), holdId, owner, deadlineMs, shipTo: destination(placement) };
  try {
    // Inventory keeps the deadline itself; the longer one here is for an inventory that does not answer at all.
    return await within({ timeoutMs: deadlineMs * 2, system: 'inventory', signal: scope.signal, clock }, () => checkStock(inventory, placement, check));
  } catch (error) {
    if (!asFailure(error).retryable) throw error;
    throw refuse(UserErrorCode.UNVERIFIED, ['lines'], 'the stock could not be verified; try again', true);
  }
}

/** The try step of try / confirm / cancel: takes the goods, under the order's number, until the order is written. */
export async function reserve(tools: PlacementTools, { placement }: PlacementRequest, claim: Claim, { lines: own, warnings, onBackorder }: CheckedStock): Promise<HeldStock> {
  const lines = basketOf(own);
  const hold = {
    idempotencyKey: `order:${claim.orderNumber}`, owner: claim.owner, lines, channel: placement.channel, ttlSeconds: tools.holdTtlSeconds,
    replacesHoldId: placement.holdId, requestedOn: wantedOn(placement.requestedOn, placement.lines), shipTo: destination(placement),
  };
  try {
    const held = await holdStock(tools.clients.inventory, placement, hold, onBackorder);
    return { ...held, warnings: [...warnings, ...held.warnings] };
  } catch (error) {
    throw asRefusal(error, placement, lines);
  }
}
