import type { DatedQuantity } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';
import { larger, smaller, toFixedPoint } from './fixed-point.ts';
import type { AtpCurve, AtpPolicy, SupplyPosition } from './supply-position.ts';

/*
 * One SKU at one location, day by day, in fixed point. Computed once; what is taken afterwards is subtracted.
 * Nothing is clipped at zero in here: what is owed beyond the stock must still be owed when goods arrive.
 */

export interface Projection {
  readonly today: CalendarDate;
  readonly endsOn: CalendarDate;
  /** Days on which something moves, ascending; the first is today. */
  readonly days: CalendarDate[];
  /** What is projected after each day's movements, less safety stock. */
  readonly levels: bigint[];
  /** Of each day and all that follow: the lowest level. */
  readonly minima: bigint[];
  /** Of what is subtracted by each day: our own holds and orders, which the ERP has not placed anywhere yet. */
  readonly ours: bigint[];
  readonly safety: bigint;
  /** What is there now less all that is due by today and the safety stock: goods on their way are not in it, those due today neither. */
  onHand: bigint;
  /** See overheldFrom, by day; null until asked for, and when something has been taken since. */
  overheld: bigint[] | null;
}

export type Projectable = SupplyPosition & { readonly heldDated?: readonly DatedQuantity[]; readonly atMost?: AtpCurve };

/** Projects a position. Receipts before today by policy, issues before today from today on, both through the horizon; never above what the ERP would promise. */
export function project(position: Projectable, today: CalendarDate, policy: AtpPolicy): Projection {
  const endsOn = addDays(today, policy.horizonDays);
  const net = new Map<CalendarDate, bigint>([[today, 0n]]);
  const safety = toFixedPoint(policy.safetyStock);
  let onHand = uncommitted(position) - safety;
  let level = onHand;
  const move = (date: CalendarDate, quantity: bigint): void => {
    if (date <= endsOn) net.set(date, (net.get(date) ?? 0n) + quantity);
  };
  for (const { date, quantity } of position.receipts) {
    if (date >= today) move(date, toFixedPoint(quantity));
    else if (policy.overdueReceipts.kind === 'PUSH') move(addDays(today, policy.overdueReceipts.days), toFixedPoint(quantity));
  }
  for (const { date, quantity } of position.issues) {
    const owed = toFixedPoint(quantity);
    if (date <= today) onHand -= owed;
    // An overdue issue is still owed: it takes from today.
    move(date < today ? today : date, -owed);
  }
  const { atMost } = position;
  for (const date of atMost ? changingDays(atMost) : []) if (date >= today) move(date, 0n);
  const days = net.size === 1 ? [today] : [...net.keys()].sort();
  const levels = days.map((day) => (level += net.get(day)!));
  if (atMost) {
    for (const [index, day] of days.entries()) levels[index] = smaller(levels[index]!, mostOn(atMost, day, safety) ?? levels[index]!);
    onHand = smaller(onHand, mostOn(atMost, today, safety) ?? onHand);
  }
  const projection: Projection = { today, endsOn, days, levels, minima: levels.slice(), ours: oursBy(days, position), safety, onHand, overheld: null };
  lowerMinima(projection, levels.length - 1);
  return projection;
}

/** Days on which a limit changes: also the one after its last, from which on there is none. */
const changingDays = ({ steps, endsOn }: AtpCurve): readonly CalendarDate[] => [...steps.map((step) => step.date), addDays(endsOn, 1)];

/** Null where the limit says nothing. */
function mostOn({ steps, endsOn }: AtpCurve, day: CalendarDate, safety: bigint): bigint | null {
  const step = day > endsOn ? undefined : steps.findLast(({ date }) => date <= day);
  return step ? toFixedPoint(step.quantity) - safety : null;
}

function oursBy(days: readonly CalendarDate[], { held, heldDated = [] }: Projectable): bigint[] {
  const undated = toFixedPoint(held);
  if (heldDated.length === 0) return days.map(() => undated);
  const dated = heldDated.map(({ date, quantity }) => ({ date, quantity: toFixedPoint(quantity) }));
  return days.map((day) => dated.reduce((total, line) => (line.date <= day ? total + line.quantity : total), undated));
}

function uncommitted({ level, held }: SupplyPosition): bigint {
  const sellable = larger(0n, toFixedPoint(level.onHand) - toFixedPoint(level.unsellable));
  return sellable - (level.quantityBasis === 'ON_HAND' ? toFixedPoint(level.allocated) : 0n) - toFixedPoint(held);
}

/** Computes the minima anew from this index down to today. */
function lowerMinima({ levels, minima }: Projection, from: number): void {
  let lowest = from + 1 < levels.length ? minima[from + 1]! : levels[from]!;
  for (let index = from; index >= 0; index -= 1) minima[index] = lowest = smaller(lowest, levels[index]!);
}

/** Index of the last day not after the date; -1 before today. */
function indexOn({ days }: Projection, date: CalendarDate): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle]! <= date) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** ATP on a day; zero before today and beyond the horizon. */
export function atpOn(projection: Projection, date: CalendarDate): bigint {
  const index = date > projection.endsOn ? -1 : indexOn(projection, date);
  return index < 0 ? 0n : larger(0n, projection.minima[index]!);
}

/**
 * By how much our own holds exceed what the location has, from a day on: the ERP will serve them from somewhere else, for
 * they are promised. What the ERP itself has promised beyond its goods stays its own affair, at that location.
 */
export function overheldFrom(projection: Projection, date: CalendarDate): bigint {
  const { minima, safety } = projection;
  // Most locations most of the time.
  if (minima[0]! + safety >= 0n) return 0n;
  projection.overheld ??= overheldByDay(projection);
  return projection.overheld[Math.max(0, indexOn(projection, date))]!;
}

function overheldByDay({ levels, ours, safety }: Projection): bigint[] {
  let most = 0n;
  const fromEnd = levels.toReversed().map((level, index) => (most = larger(most, smaller(ours[levels.length - 1 - index]!, -(level + safety)))));
  return fromEnd.reverse();
}

/** What can be taken now, of goods that are there, without breaking a later commitment. */
export const atpNow = ({ onHand, minima }: Projection): bigint => larger(0n, smaller(onHand, minima[0]!));

/** Takes a quantity (gives it back where negative) from a day on, or from now on. Beyond the horizon it is nobody's concern yet. */
export function takeFrom(projection: Projection, quantity: bigint, dueOn: CalendarDate | null): void {
  const { today, endsOn, days, levels, minima, ours } = projection;
  projection.overheld = null;
  if (dueOn === null || dueOn <= today) {
    projection.onHand -= quantity;
    for (let index = 0; index < levels.length; index += 1) {
      levels[index]! -= quantity;
      minima[index]! -= quantity;
      ours[index]! += quantity;
    }
    return;
  }
  if (dueOn > endsOn) return;
  let index = indexOn(projection, dueOn);
  if (days[index] !== dueOn) {
    index += 1;
    days.splice(index, 0, dueOn);
    levels.splice(index, 0, levels[index - 1]!);
    minima.splice(index, 0, 0n);
    ours.splice(index, 0, ours[index - 1]!);
  }
  for (let later = index; later < levels.length; later += 1) {
    levels[later]! -= quantity;
    ours[later]! += quantity;
  }
  lowerMinima(projection, levels.length - 1);
}
