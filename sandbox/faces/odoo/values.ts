import type { Row } from '../../engine/table.ts';
import type { Call, Field, FieldValue, Model, Reading } from './field.ts';
import { valueError } from './errors.ts';

/** `YYYY-MM-DD HH:MM:SS`, UTC, seconds cut off as Odoo stores them. */
function writeDatetime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads Odoo's datetime or date text as UTC milliseconds. */
export function readDatetime(value: unknown): number | null {
  if (value === false || value === null || value === undefined) return null;
  const text = String(value);
  const atMs = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text.slice(0, 19).replace(' ', 'T')}Z`);
  if (Number.isNaN(atMs)) throw valueError(`Invalid term '${text}' in expression date: '${text}'`);
  return atMs;
}

/** An engine value as it travels: empty is `false`, many2one `[id, name]`, floats are JSON numbers. */
function writeValue(call: Call, field: Field<Row>, value: FieldValue, named: boolean): unknown {
  if (field.type === 'float' || field.type === 'monetary') return Number(value);
  if (field.type === 'boolean' || field.type === 'integer') return value;
  if (value === null) return false;
  if (field.type === 'datetime') return writeDatetime(value as number);
  if (field.type === 'date') return writeDatetime(value as number).slice(0, 10);
  if (field.type === 'many2one') return named ? [value, nameOf(call, field.relation!, value as number)] : value;
  return value;
}

/** Display name of a related record; users have no table here. */
function nameOf(call: Call, relation: string, id: number): string {
  if (relation === 'res.users') return id === 1 ? 'OdooBot' : 'Bot';
  const model = call.models.get(relation);
  const row = model?.table.get(id);
  return model === undefined || row === undefined ? String(id) : model.displayName(row, call);
}

/** The named fields of a row, in the order asked for, `id` first. `named`: relations as `[id, name]`. */
export function readRow(call: Call, model: Model, row: Row, names: readonly string[], named = true): Record<string, unknown> {
  const answer: Record<string, unknown> = { id: row.id };
  for (const name of names) {
    const field = model.fields[name]!;
    answer[name] = writeValue(call, field, field.read(row, call), named);
  }
  return answer;
}

/** Context keys as the engine wants them. */
export const contextMoment = ({ context, nowMs }: Reading, key: string): number => readDatetime(context[key]) ?? nowMs;
