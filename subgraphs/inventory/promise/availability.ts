import { ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { DatedQuantity } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';
import { fromFixedPoint, larger } from './fixed-point.ts';
import { project, type Projectable } from './projection.ts';
import type { AtpCurve, AtpPolicy } from './supply-position.ts';

/*
 * Available-to-promise, pure. Dates are calendar days, quantities exact decimals in the item's unit.
 *
 *   proj(t) = on hand for sale - allocated in the ERP - held by us + receipts due <= t - issues due <= t
 *   ATP(t)  = max(0, min over u in [t..horizon] of proj(u) - safety stock)
 *
 * The minimum over what comes later keeps today's promise from taking goods a later issue was promised.
 */

export type { AtpCurve, AtpPolicy, SupplyPosition } from './supply-position.ts';

/** ATP of one SKU at one location. */
export function projectAtp(position: Projectable, today: CalendarDate, policy: AtpPolicy): AtpCurve {
  const { days, minima, endsOn } = project(position, today, policy);
  return { steps: stepsOf(days, (_, index) => larger(0n, minima[index]!)), endsOn };
}

/** One step for every day on which the figure, in fixed point, is another than before. */
export function stepsOf(days: readonly CalendarDate[], figureOn: (day: CalendarDate, index: number) => bigint): readonly DatedQuantity[] {
  const steps: DatedQuantity[] = [];
  let last: bigint | null = null;
  for (const [index, date] of days.entries()) {
    const figure = figureOn(date, index);
    if (figure !== last) steps.push({ date, quantity: fromFixedPoint((last = figure)) });
  }
  return steps;
}

/** ATP on a day; null before today and beyond the horizon, where nothing is known. */
export function quantityOn({ steps, endsOn }: AtpCurve, date: CalendarDate): Decimal | null {
  return date > endsOn ? null : (steps.findLast((step) => step.date <= date)?.quantity ?? null);
}

export const quantityToday = ({ steps }: AtpCurve): Decimal => steps[0]!.quantity;

/** One entry a day for `days` days from today, cut at the horizon. */
export function dailySchedule({ steps, endsOn }: AtpCurve, days: number): DatedQuantity[] {
  const schedule: DatedQuantity[] = [];
  let next = 0;
  let quantity = ZERO;
  for (let date = steps[0]!.date, day = 0; day < days && date <= endsOn; day += 1, date = addDays(date, 1)) {
    while (next < steps.length && steps[next]!.date <= date) quantity = steps[next++]!.quantity;
    schedule.push({ date, quantity });
  }
  return schedule;
}
