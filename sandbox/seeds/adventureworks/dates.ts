import type { SeedDay } from '../../engine/seed-types.ts';

const dayMs = 86_400_000;

/** Days to add so that `newest` (`YYYY-MM-DD ...`) falls `ahead` days after `today` (`YYYY-MM-DD`). */
export function daysUntil(newest: string, today: string, ahead: number): number {
  return Math.round((Date.parse(today) - Date.parse(newest.slice(0, 10))) / dayMs) + ahead;
}

/** Moves a day; all dates of the data move together, so that intervals stay what they were. */
export function shifted(day: string, shiftDays: number): SeedDay {
  return { on: new Date(Date.parse(day.slice(0, 10)) + shiftDays * dayMs).toISOString().slice(0, 10) };
}
