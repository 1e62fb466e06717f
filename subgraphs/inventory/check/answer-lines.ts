import { add, decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { AvailabilityCheck, CheckedLine, LineOutcome, StockEvidence } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { BasketPlanner, DemandLine, PlannedLine, Supply } from '../promise/plan.ts';
import { createBasketPlanner } from '../promise/planner.ts';
import { channelPolicyOf, type InventoryPolicy } from '../promise/policy.ts';

/* What each line of a checked basket is told. Pure. */

export interface CheckedBasket {
  readonly check: Pick<AvailabilityCheck, 'channel' | 'requestedOn' | 'shipTo'>;
  /** In the items' own units. */
  readonly demand: readonly DemandLine[];
  readonly supply: Supply;
  readonly today: CalendarDate;
  /** Nobody vouches for its figures now. */
  readonly isSilent: (sku: Sku) => boolean;
  /** Whether any figure of it was ever read. */
  readonly isKnown: (sku: Sku) => boolean;
  readonly evidenceOf: (sku: Sku) => StockEvidence;
}

/**
 * Lines the ERP vouches for are judged together; before them, one by one, those it is silent on, by the channel's policy.
 * @throws Failure INVALID_INPUT for a channel that is not configured where channels are.
 */
export function answerLines(basket: CheckedBasket, policy: InventoryPolicy): readonly CheckedLine[] {
  const { demand, check, isSilent } = basket;
  const planner = createBasketPlanner(basket.supply, basket.today, policy);
  const outcomes = new Map<DemandLine, LineOutcome>();
  for (const line of demand) if (isSilent(line.sku)) outcomes.set(line, judgeSilence(planner, line, basket, policy));
  const vouched = demand.filter((line) => !isSilent(line.sku));
  const planned = planner.plan(questionOf(vouched, check));
  for (const [index, line] of vouched.entries()) outcomes.set(line, planned[index]!.outcome);
  return demand.map((line) => ({ sku: line.sku, requested: line.quantity, outcome: outcomes.get(line)!, evidence: basket.evidenceOf(line.sku) }));
}

const questionOf = (lines: readonly DemandLine[], { channel, shipTo = null, requestedOn: on }: CheckedBasket['check']) => ({ lines, channel, shipTo, on });

/** So much nobody has: what is answered is all there is. */
const EVERYTHING = decimal('1000000000');

function judgeSilence(planner: BasketPlanner, line: DemandLine, { check, isKnown }: CheckedBasket, policy: InventoryPolicy): LineOutcome {
  const { whenSilent, safetyWhenSilent } = channelPolicyOf(policy, check.channel);
  const ask = (quantity: DemandLine['quantity'], on = check.requestedOn): PlannedLine => planner.plan(questionOf([{ ...line, quantity }], { ...check, requestedOn: on }))[0]!;
  const wanted = ask(line.quantity);
  // What does not depend on stock is certain all the same.
  if (wanted.outcome.kind === 'REJECTED' && !['OUT_OF_STOCK', 'SPLIT_NOT_ALLOWED', 'CHANNEL_EXHAUSTED'].includes(wanted.outcome.reason)) return wanted.outcome;
  const lastKnown = isKnown(line.sku) ? ask(EVERYTHING, null).held.held : null;
  const isCovered = (): boolean => lastKnown !== null && ask(add(line.quantity, safetyWhenSilent)).held.held === add(line.quantity, safetyWhenSilent);
  const accepted = whenSilent === 'BACKORDER' || (whenSilent === 'LEDGER_WITH_SAFETY' && isCovered());
  if (accepted) planner.take(wanted.takes, check.channel);
  return { kind: 'UNVERIFIED', policy: whenSilent, lastKnown, accepted };
}
