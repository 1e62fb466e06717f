import { add, compare, greatest, isPositive, isZero, least, round, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { DatedQuantity, LineOutcome, SilencePolicy, SourcedQuantity } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { earliestDate, quantityOn, quantityToday, type AtpCurve } from './availability.ts';
import type { InventoryPolicy } from './policy.ts';
import { curvesByLocation, offersOn, totalCurve, type LocationCurve, type StockPosition } from './position.ts';
import { sourceQuantity } from './source-quantity.ts';

/* What a basket line is told. Pure. Lines of one SKU are judged in turn against the same stock. */

export interface Question {
  readonly requested: Decimal;
  /** Promised to earlier lines of this basket. */
  readonly taken: Decimal;
  /** The day it is wanted; today unless asked otherwise. */
  readonly on: CalendarDate;
  readonly today: CalendarDate;
}

/** The answer to a line, and how much of the stock it takes from the lines after it. */
export interface Judgement {
  readonly outcome: LineOutcome;
  readonly takes: Decimal;
}

/** Judges one line by verified figures. */
export function judgeLine(position: StockPosition, question: Question, policy: InventoryPolicy): Judgement {
  const { requested, taken, on, today } = question;
  const curves = curvesByLocation(position, today, policy.atp);
  const curve = totalCurve(curves, today, policy.atp);
  const left = greatest(ZERO, subtract(quantityOn(curve, on) ?? ZERO, taken));
  if (compare(left, requested) >= 0) {
    return { outcome: { kind: 'CONFIRMED', date: on, basis: 'ON_HAND', sources: sourcesOf(curves, question).map((source) => ({ sku: position.sku, ...source })) }, takes: requested };
  }
  const confirmed = round(left, position.item?.quantityDigits ?? 0, 'DOWN');
  if (isPositive(confirmed)) return { outcome: { kind: 'PARTIAL', confirmed, schedule: arrivals(curve, question), sources: [] }, takes: confirmed };
  return { outcome: { kind: 'REJECTED', reason: 'OUT_OF_STOCK', earliest: earliestDate(curve, add(taken, requested), on), alternatives: [] }, takes: ZERO };
}

/** Where the quantity comes from, after what earlier lines drew. */
function sourcesOf(curves: readonly LocationCurve[], { requested, taken, on }: Question): readonly SourcedQuantity[] {
  const offers = offersOn(curves, on);
  const drawn = isZero(taken) ? [] : (sourceQuantity(offers, taken) ?? []);
  const left = offers.map(({ locationCode, quantity }) => ({
    locationCode,
    quantity: subtract(quantity, drawn.find((source) => source.locationCode === locationCode)?.quantity ?? ZERO),
  }));
  return sourceQuantity(left, requested) ?? [];
}

/** How much of the line can be promised by when, up to all of it: each entry is the total by that day. */
function arrivals(curve: AtpCurve, { requested, taken, on }: Question): readonly DatedQuantity[] {
  const dates = [on, ...curve.steps.map((step) => step.date).filter((date) => date > on)];
  const schedule: DatedQuantity[] = [];
  for (const date of dates) {
    const quantity = least(requested, greatest(ZERO, subtract(quantityOn(curve, date) ?? ZERO, taken)));
    if (compare(quantity, schedule.at(-1)?.quantity ?? ZERO) > 0) schedule.push({ date, quantity });
  }
  return schedule;
}

/** Judges one line nobody vouches for now: the channel's policy decides, and the answer says so. */
export function judgeSilence(position: StockPosition, question: Question, silence: SilencePolicy, policy: InventoryPolicy): Judgement {
  const { requested, taken, today } = question;
  const curves = curvesByLocation(position, today, policy.atp);
  const known = curves.some(({ location }) => location.asOf !== null);
  const lastKnown = known ? quantityToday(totalCurve(curves, today, policy.atp)) : null;
  const left = subtract(subtract(lastKnown ?? ZERO, taken), policy.channel.safetyWhenSilent);
  const accepted = silence === 'BACKORDER' || (silence === 'LEDGER_WITH_SAFETY' && lastKnown !== null && compare(left, requested) >= 0);
  return { outcome: { kind: 'UNVERIFIED', policy: silence, lastKnown, accepted }, takes: accepted ? requested : ZERO };
}

