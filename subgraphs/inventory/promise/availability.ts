import { add, compare, greatest, isPositive, isZero, least, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { DatedQuantity, StockLevel } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';

/*
 * Available-to-promise, pure. Dates are calendar days, quantities exact decimals in the item's unit.
 *
 *   proj(t) = on hand for sale - allocated in the ERP - held by us + receipts due <= t - issues due <= t
 *   ATP(t)  = max(0, min over u in [t..horizon] of proj(u) - safety stock)
 *
 * The minimum over what comes later keeps today's promise from taking goods a later issue was promised.
 */

export type OverdueReceiptPolicy = { readonly kind: 'DROP' } | { readonly kind: 'PUSH'; readonly days: number };

export interface AtpPolicy {
  /** Days after today that are looked at: at most 730. */
  readonly horizonDays: number;
  readonly safetyStock: Decimal;
  /** Receipts due before today: not believed, or expected so many days from today. */
  readonly overdueReceipts: OverdueReceiptPolicy;
}

/** One SKU at one location. */
export interface SupplyPosition {
  readonly level: Pick<StockLevel, 'quantityBasis' | 'onHand' | 'allocated' | 'unsellable'>;
  /** Undated active holds and orders the ERP's figures do not contain yet. */
  readonly held: Decimal;
  readonly receipts: readonly DatedQuantity[];
  readonly issues: readonly DatedQuantity[];
}

/** ATP as steps: `quantity` holds from `date` until the next step. Starts today, rises strictly, is known through `endsOn`. */
export interface AtpCurve {
  readonly steps: readonly DatedQuantity[];
  readonly endsOn: CalendarDate;
}

/** Physical stock somebody may buy. A negative ERP figure is kept in the store but counts as none for sale. */
export function sellableOnHand({ level }: Pick<SupplyPosition, 'level'>): Decimal {
  return greatest(ZERO, subtract(level.onHand, level.unsellable));
}

/** What is left today before anything dated; may be negative. A SELLABLE figure is never netted with allocations again. */
export function uncommittedOnHand(position: Pick<SupplyPosition, 'level' | 'held'>): Decimal {
  const allocated = position.level.quantityBasis === 'ON_HAND' ? position.level.allocated : ZERO;
  return subtract(subtract(sellableOnHand(position), allocated), position.held);
}

/** ATP of one SKU at one location. */
export function projectAtp(position: SupplyPosition, today: CalendarDate, policy: AtpPolicy): AtpCurve {
  const endsOn = addDays(today, policy.horizonDays);
  const movements = movementsByDate(position, today, endsOn, policy);
  let projected = uncommittedOnHand(position);
  const projection = movements.map(({ date, quantity }) => ({ date, quantity: (projected = add(projected, quantity)) }));
  return { steps: risingSteps(suffixMinimum(projection, policy.safetyStock)), endsOn };
}

/** Net movement per day from today to the horizon, in order; today is always there. */
function movementsByDate({ receipts, issues }: SupplyPosition, today: CalendarDate, endsOn: CalendarDate, policy: AtpPolicy): DatedQuantity[] {
  const net = new Map<CalendarDate, Decimal>([[today, ZERO]]);
  const move = (date: CalendarDate, quantity: Decimal): void => {
    if (date <= endsOn) net.set(date, add(net.get(date) ?? ZERO, quantity));
  };
  for (const { date, quantity } of receipts) {
    if (date >= today) move(date, quantity);
    else if (policy.overdueReceipts.kind === 'PUSH') move(addDays(today, policy.overdueReceipts.days), quantity);
  }
  // An overdue issue is still owed: it takes from today.
  for (const { date, quantity } of issues) move(date < today ? today : date, subtract(ZERO, quantity));
  return [...net].map(([date, quantity]) => ({ date, quantity })).sort((a, b) => (a.date < b.date ? -1 : 1));
}

function suffixMinimum(projection: readonly DatedQuantity[], safetyStock: Decimal): DatedQuantity[] {
  let lowest: Decimal | null = null;
  return projection.toReversed().map(({ date, quantity }) => {
    lowest = lowest === null ? quantity : least(lowest, quantity);
    return { date, quantity: greatest(ZERO, subtract(lowest, safetyStock)) };
  }).reverse();
}

const risingSteps = (points: readonly DatedQuantity[]): DatedQuantity[] =>
  points.filter((point, index) => index === 0 || compare(point.quantity, points[index - 1]!.quantity) !== 0);

/** Sum over locations: each promises its own, a shortage at one never eats another's stock. @throws RangeError for no curve. */
export function addCurves(curves: readonly AtpCurve[]): AtpCurve {
  const [first] = curves;
  if (!first) throw new RangeError('no curve to add');
  const dates = [...new Set(curves.flatMap((curve) => curve.steps.map((step) => step.date)))].sort();
  const points = dates.map((date) => ({ date, quantity: sum(curves.map((curve) => quantityOn(curve, date) ?? ZERO)) }));
  return { steps: risingSteps(points), endsOn: first.endsOn };
}

/** ATP on a day; null before today and beyond the horizon, where nothing is known. */
export function quantityOn({ steps, endsOn }: AtpCurve, date: CalendarDate): Decimal | null {
  return date > endsOn ? null : (steps.findLast((step) => step.date <= date)?.quantity ?? null);
}

export const quantityToday = ({ steps }: AtpCurve): Decimal => steps[0]!.quantity;

/** The earliest day, not before `from`, on which so much can be promised; null within the horizon never. */
export function earliestDate({ steps, endsOn }: AtpCurve, quantity: Decimal, from: CalendarDate = steps[0]!.date): CalendarDate | null {
  if (from > endsOn) return null;
  const step = steps.find((candidate) => compare(candidate.quantity, quantity) >= 0);
  if (!step) return null;
  return step.date > from ? step.date : from;
}

/** One entry a day for `days` days from today, cut at the horizon. */
export function dailySchedule(curve: AtpCurve, days: number): DatedQuantity[] {
  const today = curve.steps[0]!.date;
  const dates = Array.from({ length: days }, (_, day) => addDays(today, day)).filter((date) => date <= curve.endsOn);
  return dates.map((date) => ({ date, quantity: quantityOn(curve, date) ?? ZERO }));
}

/** IN_STOCK above the threshold, LOW_STOCK up to it, BACKORDER when only later supply is there, else OUT_OF_STOCK. */
export function statusOf(curve: AtpCurve, lowStockThreshold: Decimal): 'IN_STOCK' | 'LOW_STOCK' | 'BACKORDER' | 'OUT_OF_STOCK' {
  const now = quantityToday(curve);
  if (isPositive(now)) return compare(now, lowStockThreshold) > 0 ? 'IN_STOCK' : 'LOW_STOCK';
  return curve.steps.some((step) => !isZero(step.quantity)) ? 'BACKORDER' : 'OUT_OF_STOCK';
}
