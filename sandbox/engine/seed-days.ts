import { Rejection } from './part.ts';
import type { SeedDay } from './seed-types.ts';

const DAY_MS = 86_400_000;

/** Start of the day a seed names, UTC, counted from the day of `nowMs`. */
export function dayStart(day: SeedDay, nowMs: number): number {
  if ('inDays' in day) return Math.floor(nowMs / DAY_MS) * DAY_MS + day.inDays * DAY_MS;
  const atMs = Date.parse(`${day.on}T00:00:00Z`);
  if (Number.isNaN(atMs)) throw new Rejection('invalid', `Not a day: ${day.on} (write YYYY-MM-DD)`);
  return atMs;
}

/** Last second of that day. */
export const dayEnd = (day: SeedDay, nowMs: number): number => dayStart(day, nowMs) + DAY_MS - 1000;

export const dayNoon = (day: SeedDay, nowMs: number): number => dayStart(day, nowMs) + DAY_MS / 2;
