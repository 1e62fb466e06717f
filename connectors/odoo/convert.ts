import { decimal, type Decimal } from '../../domain/decimal.ts';
import { instant, type Instant } from '../../domain/time.ts';
import { converter } from '../../platform/mapping.ts';
import type { OdooDatetime, OdooMany2One, OdooText } from './wire.ts';

const DATETIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?$/;

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** "2026-11-21 07:09:44" -> "2026-11-21T07:09:44.000Z" */
export function instantOf(value: OdooDatetime | undefined): Instant {
  const parts = typeof value === 'string' ? DATETIME.exec(value) : null;
  if (parts === null) throw new RangeError(`not a datetime (${show(value)})`);
  return instant(`${parts[1]}T${parts[2]}Z`);
}

/** The reverse; sub-second digits are dropped, which only makes a `>=` reach further back. */
export const datetimeOf = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 19)}`;

/**
 * Odoo sends quantities and prices as binary floats (0.1 + 0.2 comes as 0.30000000000000004). Fourteen significant
 * digits are all a float sum can be trusted with; rounding there gives the number that was meant. A `Decimal` has twelve
 * digits behind the point: a third (0.33333333333333) is cut there.
 */
export function decimalOf(value: number | undefined): Decimal {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`not a decimal (${show(value)})`);
  return decimal(Number(Number(value.toPrecision(14)).toFixed(12)));
}

export function idOf(value: OdooMany2One | undefined): number {
  if (!Array.isArray(value) || typeof value[0] !== 'number') throw new RangeError(`not a reference (${show(value)})`);
  return value[0];
}

export function textOf(value: OdooText | undefined): string {
  if (typeof value !== 'string' || value === '') throw new RangeError(`no text (${show(value)})`);
  return value;
}

export const textOrNull = (value: OdooText | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

export function lookUp<T>(table: ReadonlyMap<number, T>, value: OdooMany2One | undefined, what: string): T {
  const found = table.get(idOf(value));
  if (found === undefined) throw new RangeError(`no ${what} with id ${idOf(value)}`);
  return found;
}

export const requiredText = converter('text', textOf);
export const optionalText = converter('text or null', textOrNull);
export const idText = converter('id as text', (id: number) => String(id));
export const utcInstant = converter('UTC instant', instantOf);
export const optionalInstant = converter('UTC instant or null', (value: OdooDatetime) => (value === false ? null : instantOf(value)));
export const reference = converter('id as text', (value: OdooMany2One | undefined) => String(idOf(value)));
export const optionalReference = converter('id as text or null', (value: OdooMany2One | undefined) =>
  value === false || value === undefined ? null : String(idOf(value)),
);
export const flag = converter('flag', (value: boolean) => {
  if (typeof value !== 'boolean') throw new RangeError(`not a flag (${show(value)})`);
  return value;
});
