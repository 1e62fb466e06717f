/**
 * Declarative maps from a foreign row to a record of ours. Every field of the target names the column it comes from and
 * the converter in between: a missing field or a misspelt column does not compile, the select list and the README table
 * are read off the same declaration, and a failure says which field, which column and why.
 */

/** Turns a column's value into a field's value. Throws an Error whose message says what the value is not. */
export interface Converter<In, Out, Given = unknown> {
  /** How the field table names it: "decimal", "UTC instant". */
  readonly label: string;
  readonly convert: (value: In, given: Given) => Out;
}

export const converter = <In, Out, Given = unknown>(
  label: string,
  convert: (value: In, given: Given) => Out,
): Converter<In, Out, Given> => ({ label, convert });

/** One target field: the columns it reads and how. Made by `Columns`, never by hand. */
export interface Field<Row, Out, Given> {
  readonly columns: readonly (keyof Row & string)[];
  readonly label: string;
  readonly read: (row: Row, given: Given) => Out;
}

/** What a map declaration is written with. */
export interface Columns<Row, Given> {
  from<C extends keyof Row & string, Out>(column: C, by: Converter<Row[C], Out, Given>): Field<Row, Out, Given>;
  /** Several columns make one field. */
  merge<C extends keyof Row & string, Out>(columns: readonly C[], by: Converter<Pick<Row, C>, Out, Given>): Field<Row, Out, Given>;
  /** What the row does not know: the moment of asking, a lookup made beforehand. */
  given<Out>(label: string, read: (given: Given) => Out): Field<Row, Out, Given>;
  constant<const Out>(value: Out): Field<Row, Out, Given>;
}

export type Fields<Row, Target, Given> = { readonly [K in keyof Required<Target>]: Field<Row, Target[K], Given> };

export interface EntityMap<Row, Target, Given> {
  readonly entity: string;
  /** Columns to ask for, each once. */
  readonly reads: readonly (keyof Row & string)[];
  /** @throws MappingError */
  readonly map: (row: Row, given: Given) => Target;
  /** Markdown rows "| field | columns | converter |" for the connector's README. */
  readonly fieldTable: () => string;
}

/** Reads `StockLevel.onHand <- quantity: not a decimal ("abc")`. */
export class MappingError extends Error {
  readonly entity: string;
  readonly field: string;
  readonly columns: readonly string[];

  constructor(entity: string, field: string, columns: readonly string[], cause: unknown) {
    const source = columns.length === 0 ? '(given)' : columns.join(' + ');
    super(`${entity}.${field} <- ${source}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'MappingError';
    this.entity = entity;
    this.field = field;
    this.columns = columns;
  }
}

const pick = <Row, C extends keyof Row>(row: Row, columns: readonly C[]): Pick<Row, C> =>
  Object.fromEntries(columns.map((column) => [column, row[column]])) as Pick<Row, C>;

const columnsOf = <Row, Given>(): Columns<Row, Given> => ({
  from: (column, by) => ({ columns: [column], label: by.label, read: (row, given) => by.convert(row[column], given) }),
  merge: (columns, by) => ({ columns, label: by.label, read: (row, given) => by.convert(pick(row, columns), given) }),
  given: (label, read) => ({ columns: [], label, read: (_row, given) => read(given) }),
  constant: (value) => ({ columns: [], label: `always ${JSON.stringify(value)}`, read: () => value }),
});

/**
 * Declares how rows become `Target`s.
 * @example mapEntity<QuantRow, Level, { asOf: Instant }>('Level', ({ from, given }) => ({ onHand: from('quantity', decimalNumber), … }))
 */
export function mapEntity<Row, Target, Given = unknown>(
  entity: string,
  declare: (columns: Columns<Row, Given>) => Fields<Row, Target, Given>,
): EntityMap<Row, Target, Given> {
  const fields = Object.entries(declare(columnsOf<Row, Given>())) as [string, Field<Row, unknown, Given>][];
  return {
    entity,
    reads: [...new Set(fields.flatMap(([, field]) => field.columns))],
    map: (row, given) => Object.fromEntries(fields.map(([name, field]) => [name, readField(entity, name, field, row, given)])) as Target,
    fieldTable: () => fields.map(([name, field]) => tableRow(entity, name, field)).join('\n'),
  };
}

function readField<Row, Given>(entity: string, name: string, field: Field<Row, unknown, Given>, row: Row, given: Given): unknown {
  try {
    return field.read(row, given);
  } catch (cause) {
    throw new MappingError(entity, name, field.columns, cause);
  }
}

function tableRow<Row, Given>(entity: string, name: string, field: Field<Row, unknown, Given>): string {
  const source = field.columns.map((column) => `\`${column}\``).join(', ') || '-';
  return `| \`${entity}.${name}\` | ${source} | ${field.label} |`;
}

export interface MappedRows<Target> {
  readonly records: readonly Target[];
  readonly rejected: readonly { readonly key: string; readonly reason: string }[];
}

/** Maps every row; one that fails is named and kept apart, its neighbours go on. */
export function mapRows<Row, Target, Given>(
  map: EntityMap<Row, Target, Given>,
  rows: readonly Row[],
  given: Given,
  keyOf: (row: Row) => string,
): MappedRows<Target> {
  const records: Target[] = [];
  const rejected: { key: string; reason: string }[] = [];
  for (const row of rows) {
    try {
      records.push(map.map(row, given));
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      rejected.push({ key: keyOf(row), reason: error.message });
    }
  }
  return { records, rejected };
}
