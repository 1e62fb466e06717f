import { unprocessable } from './answers.ts';

/** One condition of a `search` parameter, e.g. `{ operator: '>', value: '2026-01-31 00:00:00' }`. */
export interface Condition { readonly operator: string; readonly value?: unknown; readonly scope?: string; readonly locale?: string }
export type Search = Readonly<Record<string, readonly Condition[]>>;

/** Reads the JSON of `search`. Throws 422 (shape) or 400-like 422 (not JSON), as the PIM does. */
export function readSearch(text: string | undefined): Search {
  if (text === undefined || text === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unprocessable('Search query parameter should be valid JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw unprocessable('Search query parameter should be an object.');
  for (const [field, conditions] of Object.entries(parsed)) {
    if (!Array.isArray(conditions)) throw unprocessable(`Structure of filter "${field}" should respect this structure: {"${field}":[{"operator": "my_operator", "value": "my_value"}]}`);
    const nameless = conditions.some((condition: unknown) => typeof (condition as Condition | null)?.operator !== 'string');
    if (nameless) throw unprocessable(`Operator is missing for the property "${field}".`);
  }
  return parsed as Search;
}

const unsupported = (field: string, operator: string) => unprocessable(`Filter on property "${field}" is not supported or does not support operator "${operator}"`);

/** Tests one scalar or list against a condition. `order` also allows < and > comparisons (numbers as numbers). */
export function testValue(field: string, held: unknown, { operator, value }: Condition): boolean {
  const all = (held === null || held === undefined ? [] : [held].flat()) as readonly unknown[];
  const wanted = [value].flat().map(String);
  switch (operator) {
    case '=': return all.some((one) => String(one) === String(value));
    case '!=': return all.every((one) => String(one) !== String(value));
    case 'IN': return all.some((one) => wanted.includes(String(one)));
    case 'NOT IN': return !all.some((one) => wanted.includes(String(one)));
    case 'EMPTY': return all.length === 0;
    case 'NOT EMPTY': return all.length > 0;
    case 'CONTAINS': return all.some((one) => String(one).toLowerCase().includes(String(value).toLowerCase()));
    case 'DOES NOT CONTAIN': return !all.some((one) => String(one).toLowerCase().includes(String(value).toLowerCase()));
    case 'STARTS WITH': return all.some((one) => String(one).toLowerCase().startsWith(String(value).toLowerCase()));
    case '<': return all.some((one) => Number(one) < Number(value));
    case '<=': return all.some((one) => Number(one) <= Number(value));
    case '>': return all.some((one) => Number(one) > Number(value));
    case '>=': return all.some((one) => Number(one) >= Number(value));
    default: throw unsupported(field, operator);
  }
}

/** Tests an instant (ISO) against `YYYY-MM-DD hh:mm:ss` in UTC; to the second, as the PIM stores it. */
export function testInstant(field: string, iso: string, { operator, value }: Condition, nowMs: number): boolean {
  const at = Math.floor(Date.parse(iso) / 1000);
  const second = (text: unknown): number => {
    const parsed = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$/.test(String(text)) ? Date.parse(`${String(text).replace(' ', 'T')}${String(text).length === 10 ? 'T00:00:00' : ''}Z`) : Number.NaN;
    if (Number.isNaN(parsed)) throw unprocessable(`Property "${field}" expects a string with the format "yyyy-mm-dd H:i:s" as data, "${String(text)}" given.`);
    return parsed / 1000;
  };
  const [from, to] = [value].flat();
  switch (operator) {
    case '=': return at === second(value);
    case '!=': return at !== second(value);
    case '>': return at > second(value);
    case '<': return at < second(value);
    case 'BETWEEN': return at >= second(from) && at <= second(to);
    case 'NOT BETWEEN': return at < second(from) || at > second(to);
    case 'SINCE LAST N DAYS': return at >= nowMs / 1000 - Number(value) * 86_400;
    default: throw unsupported(field, operator);
  }
}
