import { compare, greatest, least, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { AtpSeries } from '../../../domain/connector.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { quantityOn, type AtpCurve } from './availability.ts';

/* The ERP's own available-to-promise beside ours; what is promised is the lesser of both, see projection.ts. Pure. */

/** What our ledger has that the ERP does not know of: open holds and orders it has not taken yet, at one location. */
export interface UnknownToErp {
  readonly held: Decimal;
  /** Holds that take their goods from a later day on. */
  readonly heldDated: readonly DatedQuantity[];
}

/**
 * What the ERP would promise, less what it does not know of:
 *   net(t) = max(0, min over u in [t..end] of native(u) - held - sum(heldDated <= u))
 * so that a dated hold protects itself here as it does in ours. Null for a series that ends before today.
 */
export function netOfLedger(series: AtpSeries, { held, heldDated }: UnknownToErp, today: CalendarDate): AtpCurve | null {
  if (series.endsOn < today) return null;
  const dates = daysOf([today, ...series.steps.map((step) => step.date), ...heldDated.map((hold) => hold.date)], today, series.endsOn);
  const steps = [...series.steps].sort((a, b) => (a.date < b.date ? -1 : 1));
  let lowest: Decimal | null = null;
  const points = dates.toReversed().map((date) => {
    const native = steps.findLast((step) => step.date <= date)?.quantity ?? ZERO;
    const taken = sum([held, ...heldDated.filter((hold) => hold.date <= date).map((hold) => hold.quantity)]);
    const left = subtract(native, taken);
    lowest = lowest === null ? left : least(lowest, left);
    return { date, quantity: greatest(ZERO, lowest) };
  });
  return { steps: changes(points.reverse()), endsOn: series.endsOn };
}

/** Where the ERP and we differ about a SKU. `difference` = native - ours. */
export interface NativeDifference {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  readonly date: CalendarDate;
  readonly native: Decimal;
  readonly ours: Decimal;
  readonly difference: Decimal;
}

/** Both figures of one day, also where they agree; null where one of them says nothing of it. */
export function compareOn(sku: Sku, locationCode: LocationCode, date: CalendarDate, ours: AtpCurve, native: AtpCurve): NativeDifference | null {
  const [own, theirs] = [quantityOn(ours, date), quantityOn(native, date)];
  return own === null || theirs === null ? null : { sku, locationCode, date, native: theirs, ours: own, difference: subtract(theirs, own) };
}

const daysOf = (dates: readonly CalendarDate[], from: CalendarDate, until: CalendarDate): CalendarDate[] =>
  [...new Set(dates)].filter((date) => date >= from && date <= until).sort();

const changes = (points: readonly DatedQuantity[]): DatedQuantity[] =>
  points.filter((point, index) => index === 0 || compare(point.quantity, points[index - 1]!.quantity) !== 0);
