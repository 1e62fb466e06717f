import { add, compare, isPositive, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { HeldLine, HoldLine, RejectionReason, ShipTo, ShortLine } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { ChannelUse } from '../promise/allocation.ts';
import type { BasketPlanner, DemandLine, PlannedLine } from '../promise/plan.ts';

/* What becomes of one request for a hold. Pure: figures are in the planner, time and state have been read before. */

export interface HoldQuestion {
  /** One per SKU, in SKU order, in the item's own unit. */
  readonly lines: readonly DemandLine[];
  readonly channel: ChannelCode | null;
  readonly shipTo: ShipTo | null;
  readonly on: CalendarDate | null;
  readonly allowPartial: boolean;
  /** What the hold it replaces holds: its own goods never count against the asker. Empty where there is none that still holds. */
  readonly givesBack: readonly HoldLine[];
  /** Channel those goods count for. */
  readonly givesBackTo: ChannelCode | null;
}

export type Decision =
  | { readonly kind: 'HELD'; readonly lines: readonly HoldLine[]; readonly basket: readonly HeldLine[]; readonly short: readonly ShortLine[]; readonly uses: readonly ChannelUse[] }
  | { readonly kind: 'SHORT'; readonly short: readonly ShortLine[] };

/**
 * Holds every line or, where the asker allows it, what there is of each; what is held is gone for whoever is decided next.
 * A refusal leaves the planner, and the hold that was to make way, as they were.
 * @throws Failure INVALID_INPUT for what the planner cannot judge.
 */
export function decideHold(planner: BasketPlanner, question: HoldQuestion): Decision {
  const { givesBack, givesBackTo } = question;
  if (givesBack.length === 0) return planHold(planner, question);
  planner.take(givesBack.map(negated), givesBackTo);
  const keep = (): void => void planner.take(givesBack, givesBackTo);
  try {
    const decision = planHold(planner, question);
    if (decision.kind === 'SHORT') keep();
    return decision;
  } catch (error) {
    keep();
    throw error;
  }
}

function planHold(planner: BasketPlanner, question: HoldQuestion): Decision {
  const planned = planner.plan(question);
  const short = planned.filter((line) => !isCovered(line.held)).map(explain);
  const had = planned.some(({ held }) => isPositive(held.held) || isPositive(held.backordered));
  if (short.length > 0 && !(question.allowPartial && had)) return { kind: 'SHORT', short };
  const lines = mergeTakes(planned);
  const uses = planner.take(lines, question.channel);
  return { kind: 'HELD', lines, basket: planned.map((line) => line.held), short, uses };
}

const negated = (line: HoldLine): HoldLine => ({ ...line, quantity: `-${line.quantity}` as Decimal });

const isCovered = ({ requested, held, backordered }: HeldLine): boolean =>
  held === requested || compare(add(held, backordered), requested) >= 0;

const explain = ({ sku, requested, held, outcome }: PlannedLine): ShortLine => ({ sku, requested, available: held.held, reason: reasonOf(outcome) });

const reasonOf = (outcome: PlannedLine['outcome']): RejectionReason => (outcome.kind === 'REJECTED' ? outcome.reason : 'OUT_OF_STOCK');

/**
 * One entry per SKU and location, in that order: a kit may share a component with another line. Where their days differ
 * the earlier one counts: goods kept from then on are there on the later day too.
 */
function mergeTakes(planned: readonly PlannedLine[]): readonly HoldLine[] {
  if (planned.length === 1 && planned[0]!.takes.length <= 1) return planned[0]!.takes;
  const merged = new Map<string, HoldLine>();
  for (const take of planned.flatMap((line) => line.takes)) {
    const key = `${take.sku}\0${take.locationCode}`;
    const other = merged.get(key);
    merged.set(key, other ? { ...other, quantity: add(other.quantity, take.quantity), dueOn: earlier(other.dueOn, take.dueOn) } : take);
  }
  return [...merged.values()].sort((a, b) => (a.sku === b.sku ? byCode(a.locationCode, b.locationCode) : byCode(a.sku, b.sku)));
}

const earlier = (a: CalendarDate | null, b: CalendarDate | null): CalendarDate | null => (a === null || b === null ? null : a < b ? a : b);
const byCode = (a: string, b: string): number => (a < b ? -1 : 1);
