/** A point in time, UTC, ISO 8601 with milliseconds: "2026-11-21T07:00:00.000Z". Sorts as text. */
export type Instant = string & { readonly __instant: never };

/** A calendar day without zone: "2026-11-21". Sorts as text. */
export type CalendarDate = string & { readonly __calendarDate: never };

const DAY_MS = 86_400_000;

/** @throws RangeError when the value is no date. */
export function instant(value: string | number | Date): Instant {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new RangeError(`not an instant: ${JSON.stringify(value)}`);
  return date.toISOString() as Instant;
}

/** Reads "YYYY-MM-DD" (or takes the UTC day of a Date). @throws RangeError for 2026-02-30 and the like. */
export function calendarDate(value: string | Date): CalendarDate {
  if (value instanceof Date) return value.toISOString().slice(0, 10) as CalendarDate;
  const date = new Date(`${value}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value) {
    throw new RangeError(`not a calendar date: ${JSON.stringify(value)}`);
  }
  return value as CalendarDate;
}

export const dayOf = (at: Instant): CalendarDate => at.slice(0, 10) as CalendarDate;

export function addDays(date: CalendarDate, days: number): CalendarDate {
  const day = Number(date.slice(8)) + days;
  // Every month has these: within it text does, at a tenth of the time.
  if (Number.isInteger(day) && day >= 1 && day <= 28) return `${date.slice(0, 8)}${day < 10 ? '0' : ''}${day}` as CalendarDate;
  return new Date(Date.parse(`${date}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10) as CalendarDate;
}

export const addMs = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString() as Instant;

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
