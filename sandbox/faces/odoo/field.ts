import type { Engine } from '../../engine/engine.ts';
import type { Row } from '../../engine/table.ts';
import type { Table } from '../../engine/table.ts';
import type { ErpTables } from '../../engine/tables.ts';

/** The caller's `context`, as sent. */
export type OdooContext = Readonly<Record<string, unknown>>;

/** What a field's value is computed from. */
export interface Reading {
  readonly tables: ErpTables;
  readonly context: OdooContext;
  readonly nowMs: number;
}

export type FieldType = 'char' | 'text' | 'float' | 'monetary' | 'integer' | 'boolean' | 'datetime' | 'date' | 'selection' | 'many2one' | 'one2many' | 'many2many' | 'json';

/** A field's value inside the face: ids for relations, milliseconds for datetimes, decimal text for floats; null is empty. */
export type FieldValue = string | number | boolean | null | readonly number[] | readonly object[] | object;

export interface Field<R> {
  readonly type: FieldType;
  readonly relation?: string;
  /** All digits and those behind the point, where a float is rounded. */
  readonly digits?: readonly [number, number];
  /** A column of the engine's table with the same value: asked through its index where it has one. */
  readonly column?: string;
  readonly read: (row: R, reading: Reading) => FieldValue;
}

/** One call's surroundings for a method. */
export interface Call extends Reading {
  readonly engine: Engine;
  readonly models: ReadonlyMap<string, Model>;
}

export interface Method {
  /** Named parameters in Odoo's order (positional over /jsonrpc); those with `?` may be left out. */
  readonly parameters: readonly string[];
  readonly run: (call: Call, ids: readonly number[], args: Readonly<Record<string, unknown>>) => unknown;
}

export interface Model<R extends Row = Row> {
  readonly name: string;
  readonly table: Table<R>;
  readonly fields: Readonly<Record<string, Field<R>>>;
  /** Odoo's default `_order`, e.g. `'date_order desc, id desc'`. */
  readonly order: string;
  readonly displayName: (row: R, reading: Reading) => string;
  /** Rows the model is about, where several share one table. */
  readonly includes?: (row: R) => boolean;
  readonly create?: (call: Call, values: Readonly<Record<string, unknown>>) => number;
  readonly write?: (call: Call, id: number, values: Readonly<Record<string, unknown>>) => void;
  readonly unlink?: (call: Call, id: number) => void;
  readonly methods?: Readonly<Record<string, Method>>;
}

type Read<R, V extends FieldValue> = (row: R, reading: Reading) => V;

/** Shorthands for the registry. The column makes a field searchable by index. */
export const char = <R>(read: Read<R, string | null>, column?: keyof R & string): Field<R> => ({ type: 'char', read, ...(column !== undefined && { column }) });
export const selection = <R>(read: Read<R, string | null>, column?: keyof R & string): Field<R> => ({ type: 'selection', read, ...(column !== undefined && { column }) });
export const float = <R>(read: Read<R, string>): Field<R> => ({ type: 'float', read });
export const integer = <R>(read: Read<R, number>): Field<R> => ({ type: 'integer', read });
export const boolean = <R>(read: Read<R, boolean>, column?: keyof R & string): Field<R> => ({ type: 'boolean', read, ...(column !== undefined && { column }) });
export const datetime = <R>(read: Read<R, number | null>): Field<R> => ({ type: 'datetime', read });
export const many2one = <R>(relation: string, read: Read<R, number | null>, column?: keyof R & string): Field<R> => ({ type: 'many2one', relation, read, ...(column !== undefined && { column }) });
export const many = <R>(type: 'one2many' | 'many2many', relation: string, read: Read<R, readonly number[]>): Field<R> => ({ type, relation, read });

/** `id`, `display_name` and the log fields every model has. */
function commonFields<R extends Row>(displayName: Model<R>['displayName']): Record<string, Field<R>> {
  return {
    id: { type: 'integer', column: 'id', read: (row) => row.id },
    display_name: char(displayName),
    create_date: datetime((row) => row.createdAtMs),
    write_date: datetime((row) => row.changedAtMs),
    create_uid: many2one('res.users', () => 1),
    write_uid: many2one('res.users', () => 1),
  };
}

/** Declares a model with the common fields added. */
export function model<R extends Row>(given: Model<R>): Model {
  return { ...given, fields: { ...commonFields(given.displayName), ...given.fields } } as unknown as Model;
}
