import type { Alternative, DatedQuantity, PromiseBasis, RejectionReason } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';
import { divideDown, fromFixedPoint, larger, smaller } from './fixed-point.ts';
import { daysFrom, unitsAt, unitsFor, type Recipe } from './recipe.ts';
import { locationsOf, stockOf } from './sku-supply.ts';
import type { Serving } from './serving.ts';

/* What one line is told, before it is known from where it comes. Pure. Quantities in fixed point, in the line's own unit. */

export interface LineQuestion {
  readonly recipe: Recipe;
  readonly requested: bigint;
  readonly serving: Serving;
  /** The day it is wanted; null: now, of what is there. */
  readonly on: CalendarDate | null;
  readonly today: CalendarDate;
}

/** `taken`: what a hold of it takes, from `dueOn` on or from now; `covered`: what of the line has stock behind it. */
export type Judgement =
  | { readonly kind: 'CONFIRMED'; readonly date: CalendarDate; readonly basis: PromiseBasis; readonly taken: bigint; readonly covered: bigint; readonly dueOn: CalendarDate | null }
  | { readonly kind: 'PARTIAL'; readonly taken: bigint; readonly dueOn: CalendarDate | null; readonly schedule: readonly DatedQuantity[] }
  | { readonly kind: 'REJECTED'; readonly reason: RejectionReason; readonly earliest: CalendarDate | null; readonly alternatives: readonly Alternative[] };

/** How many can be had for a day, in one place where lines must not be split. */
function unitsHad({ recipe, serving }: Pick<LineQuestion, 'recipe' | 'serving'>, on: CalendarDate | null): bigint {
  const together = unitsFor(recipe, serving, on);
  const isLimited = recipe.notBefore !== null && recipe.parts.some(({ supply }) => supply.preorderLeft !== null);
  // What is promised without stock is nowhere yet.
  if (serving.splitting === 'LINES' || together === 0n || isLimited) return together;
  const best = servedLocations(recipe, serving).reduce((most, code) => larger(most, unitsAt(recipe, code, on)), 0n);
  return smaller(together, best);
}

export const servedLocations = ({ parts }: Recipe, serving: Serving): readonly string[] => [...new Set(parts.flatMap(({ supply }) => locationsOf(supply, serving)))];

export function judgeLine(question: LineQuestion): Judgement {
  const { recipe, requested, on: wantedOn, today } = question;
  const { notBefore } = recipe;
  if (notBefore !== null && wantedOn !== null && wantedOn < notBefore) return reject(question, notBefore);
  const on = wantedOn ?? notBefore;
  const had = unitsHad(question, on);
  const splits = question.serving.splitting !== 'LINES' && had < requested && unitsFor(recipe, question.serving, on) >= requested;
  if (had >= requested) return { kind: 'CONFIRMED', date: on ?? today, basis: basisOf(question, on), taken: requested, covered: coveredOf(question, on), dueOn: on };
  return backorder(question, on, had) ?? (had > 0n && !splits ? partial(question, on, had) : reject(question, on, had));
}

function basisOf({ recipe, requested, serving }: LineQuestion, on: CalendarDate | null): PromiseBasis {
  if (on === null) return 'ON_HAND';
  if (stockUnits(recipe, serving, null) >= requested) return 'ON_HAND';
  return stockUnits(recipe, serving, on) >= requested ? 'INCOMING' : 'LEAD_TIME';
}

/** A limited preorder may be promised beyond what there will be. */
function coveredOf({ recipe, requested, serving }: LineQuestion, on: CalendarDate | null): bigint {
  return recipe.notBefore === null ? requested : smaller(requested, stockUnits(recipe, serving, on));
}

/** What stock alone would give, whoever may sell it. */
const stockUnits = ({ parts, quantityDigits }: Recipe, serving: Serving, on: CalendarDate | null): bigint =>
  parts.map(({ supply, perUnit }) => divideDown(stockOf(supply, serving, on), perUnit, quantityDigits)).reduce(smaller);

/** Sold without stock, where the policy says so: by the earliest day that covers it, else by lead time. Never where nothing serves the asker. */
function backorder(question: LineQuestion, on: CalendarDate | null, had: bigint): Judgement | null {
  const { recipe, requested, serving, on: wantedOn, today } = question;
  const { policy } = recipe.own;
  if (policy.backorder !== 'LEAD_TIME' || recipe.notBefore !== null || serving.locations?.length === 0) return null;
  const covered = earliestDay(question, on ?? today);
  if (covered !== null) {
    return wantedOn === null ? { kind: 'CONFIRMED', date: covered, basis: 'INCOMING', taken: requested, covered: requested, dueOn: covered } : null;
  }
  const ready = addDays(today, policy.leadTimeDays);
  if (wantedOn !== null && ready > wantedOn) return null;
  return { kind: 'CONFIRMED', date: wantedOn ?? ready, basis: 'LEAD_TIME', taken: had, covered: had, dueOn: on };
}

/** The earliest day not before `from` on which all of it can be had, of stock and receipts; null within the horizon never. */
function earliestDay(question: LineQuestion, from: CalendarDate): CalendarDate | null {
  return daysFrom(question.recipe, from).find((day) => unitsHad(question, day) >= question.requested) ?? null;
}

/** The same, or when lead time brings it. */
function earliestOffer(question: LineQuestion, from: CalendarDate): CalendarDate | null {
  const covered = earliestDay(question, from);
  const { policy, preorderFrom } = question.recipe.own;
  if (covered !== null || policy.backorder !== 'LEAD_TIME' || preorderFrom !== null || question.serving.locations?.length === 0) return covered;
  const ready = addDays(question.today, policy.leadTimeDays);
  return ready > from ? ready : from;
}

function partial(question: LineQuestion, on: CalendarDate | null, had: bigint): Judgement {
  return { kind: 'PARTIAL', taken: had, dueOn: on, schedule: arrivals(question, on, had) };
}

/** How much of the line can be had by when, up to all of it: each entry is the total by that day. */
function arrivals(question: LineQuestion, on: CalendarDate | null, had: bigint): readonly DatedQuantity[] {
  const { requested, today } = question;
  const from = on ?? today;
  const schedule: DatedQuantity[] = [];
  let most = 0n;
  for (const date of daysFrom(question.recipe, from)) {
    const units = smaller(requested, date === from ? larger(had, unitsHad(question, date)) : unitsHad(question, date));
    if (units > most) schedule.push({ date, quantity: fromFixedPoint((most = units)) });
  }
  const offered = most < requested ? earliestOffer(question, from) : null;
  return offered === null ? schedule : [...schedule, { date: offered, quantity: fromFixedPoint(requested) }];
}

function reject(question: LineQuestion, on: CalendarDate | null, had = 0n): Judgement {
  const { requested, today } = question;
  const from = on ?? today;
  const earliest = earliestOffer(question, from);
  const now = had > 0n ? [{ date: from, quantity: fromFixedPoint(had), locationCode: null }] : [];
  const later = earliest !== null ? [{ date: earliest, quantity: fromFixedPoint(requested), locationCode: null }] : mostLater(question, from, had);
  const elsewhere = offersElsewhere(question, on);
  return { kind: 'REJECTED', reason: reasonOf(question, on, elsewhere), earliest, alternatives: [...now, ...later, ...elsewhere] };
}

/** The most there will be, where all of it there never is. */
function mostLater(question: LineQuestion, from: CalendarDate, had: bigint): readonly Alternative[] {
  const days = daysFrom(question.recipe, from);
  const most = unitsHad(question, days.at(-1)!);
  if (most <= had) return [];
  const date = days.find((day) => unitsHad(question, day) === most)!;
  return [{ date, quantity: fromFixedPoint(most), locationCode: null }];
}

/** What locations have that do not serve the asker, each by itself. */
function offersElsewhere({ recipe, requested, serving, today }: LineQuestion, on: CalendarDate | null): readonly Alternative[] {
  if (serving.locations === null) return [];
  const all = servedLocations(recipe, { ...serving, locations: null });
  return all.filter((code) => !serving.locations!.includes(code)).flatMap((locationCode) => {
    const units = smaller(requested, unitsAt(recipe, locationCode, on));
    return units > 0n ? [{ date: on ?? today, quantity: fromFixedPoint(units), locationCode }] : [];
  });
}

/** Why it cannot be had: the most telling reason that holds. */
function reasonOf({ recipe, serving, on: wantedOn }: LineQuestion, on: CalendarDate | null, elsewhere: readonly Alternative[]): RejectionReason {
  if (serving.locations?.length === 0) return 'NOT_SERVED';
  if (recipe.notBefore !== null && wantedOn !== null && wantedOn < recipe.notBefore) return 'OUT_OF_STOCK';
  if (stockUnits(recipe, serving, on) > 0n) return unitsFor(recipe, serving, on) > 0n ? 'SPLIT_NOT_ALLOWED' : 'CHANNEL_EXHAUSTED';
  return elsewhere.length > 0 ? 'NOT_SERVED' : 'OUT_OF_STOCK';
}
