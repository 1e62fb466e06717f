import { invalidField } from './errors.ts';
import { readDatetime } from './values.ts';

type Values = Readonly<Record<string, unknown>>;

/** Vendor field to engine property and converter. Fields not listed are refused by `checkFields` before. */
export type Columns = Readonly<Record<string, readonly [property: string, convert: (value: unknown) => unknown]>>;

/** Only what was sent, renamed and converted. */
export function given(values: Values, columns: Columns): Record<string, unknown> {
  const named = Object.entries(values).filter(([name]) => columns[name] !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [columns[name]![0], columns[name]![1](value)]));
}

export const textOf = (value: unknown): string | null => (value === false || value === null || value === '' ? null : String(value));
export const idOf = (value: unknown): number | null => (value === false || value === null ? null : Number(value));
export const momentOf = (value: unknown): number | null => readDatetime(value);
export const numberText = (value: unknown): string => String(value);

/** Refuses a field the model does not have, in Odoo's words for create and write. */
export function checkFields(model: { readonly name: string; readonly fields: Readonly<Record<string, unknown>> }, values: Values): void {
  for (const name of Object.keys(values)) if (model.fields[name] === undefined) throw invalidWrite(name, model.name);
}

const invalidWrite = (field: string, model: string): Error => {
  const error = invalidField(field, model);
  error.message = `Invalid field '${field}' in '${model}'`;
  return error;
};

export type X2manyCommand = { readonly kind: 'create'; readonly values: Values } | { readonly kind: 'update'; readonly id: number; readonly values: Values } | { readonly kind: 'link'; readonly ids: readonly number[] } | { readonly kind: 'unlink'; readonly id: number };

/** Odoo's x2many commands: `[0,0,{}]` create, `[1,id,{}]` update, `[2,id]`/`[3,id]` take away, `[4,id]` link, `[6,0,[ids]]` set. */
export function readCommands(value: unknown): X2manyCommand[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).map((item): X2manyCommand => {
    if (typeof item === 'number') return { kind: 'link', ids: [item] };
    const [code, id, rest] = item as [number, number, unknown];
    if (code === 0) return { kind: 'create', values: rest as Values };
    if (code === 1) return { kind: 'update', id, values: rest as Values };
    if (code === 4) return { kind: 'link', ids: [id] };
    if (code === 6) return { kind: 'link', ids: rest as number[] };
    return { kind: 'unlink', id };
  });
}

/** What a many2many is set to by `[6, 0, ids]`, or grows to from nothing by `[4, id]`. */
export const linkedIds = (value: unknown): readonly number[] => readCommands(value).flatMap((command) => (command.kind === 'link' ? command.ids : []));
