import type { FieldType, FieldValue } from './field.ts';
import { readDatetime } from './values.ts';

export const likePattern = (operator: string): boolean => operator.endsWith('like');

/** A test of one field value against a condition's value, with Odoo's idea of empty (`false`) and of text patterns. */
export function compareValues(type: FieldType, operator: string, value: unknown): (actual: FieldValue) => boolean {
  if (operator.startsWith('not ')) {
    const positive = compareValues(type, operator.slice(4), value);
    return (actual) => !positive(actual);
  }
  if (operator === '!=') {
    const equal = compareValues(type, '=', value);
    return (actual) => !equal(actual);
  }
  if (likePattern(operator)) return like(operator, value);
  if (operator === 'in' || (operator === '=' && Array.isArray(value))) return among(type, value);
  if (operator === '=') return among(type, [value]);
  return ordered(type, operator, value);
}

function among(type: FieldType, value: unknown): (actual: FieldValue) => boolean {
  const list = Array.isArray(value) ? value : [value];
  const wanted = new Set(list.map((item) => normal(type, item)));
  return (actual) => {
    if (Array.isArray(actual)) return actual.length === 0 ? wanted.has(null) : (actual as readonly number[]).some((item) => wanted.has(item));
    return wanted.has(normalActual(type, actual));
  };
}

function ordered(type: FieldType, operator: string, value: unknown): (actual: FieldValue) => boolean {
  const bound = normal(type, value);
  if (bound === null) return () => false;
  return (actual) => {
    const at = normalActual(type, actual);
    if (at === null) return false;
    if (operator === '>') return at > bound;
    if (operator === '>=') return at >= bound;
    return operator === '<' ? at < bound : at <= bound;
  };
}

type Comparable = string | number | boolean | null;

/** The condition's value in the face's own terms. */
function normal(type: FieldType, value: unknown): Comparable {
  if (type === 'boolean') return Boolean(value);
  if (value === false || value === null || value === undefined) return type === 'float' || type === 'monetary' || type === 'integer' ? 0 : null;
  if (type === 'datetime' || type === 'date') return readDatetime(value);
  if (type === 'float' || type === 'monetary') return Number(value);
  return value as Comparable;
}

function normalActual(type: FieldType, actual: FieldValue): Comparable {
  if (type === 'float' || type === 'monetary') return Number(actual);
  // Odoo keeps whole seconds, so "after 10:00:00" leaves out what changed within that second.
  if (type === 'datetime' && typeof actual === 'number') return Math.floor(actual / 1000) * 1000;
  return actual as Comparable;
}

/** `like` finds the text anywhere, `=like` matches the whole; `%` and `_` are wildcards, `ilike` ignores case. */
function like(operator: string, value: unknown): (actual: FieldValue) => boolean {
  const text = value === false || value === null || value === undefined ? '' : String(value);
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('%', '[\\s\\S]*').replaceAll('_', '[\\s\\S]');
  const pattern = new RegExp(operator.startsWith('=') ? `^${escaped}$` : escaped, operator.endsWith('ilike') ? 'iu' : 'u');
  return (actual) => typeof actual === 'string' && pattern.test(actual);
}
