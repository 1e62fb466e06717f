import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads Microsoft's headerless AdventureWorks files: ASCII, Windows-1252 or UTF-16 with a byte order mark; fields split
 * by tab, or by `+|` with rows ending `&|` where a cell may hold XML with line breaks. An empty cell is NULL.
 */

/** Column name to text; absent columns are NULL. */
export type Row = Readonly<Record<string, string | undefined>>;

const encodings = { utf16: new TextDecoder('utf-16le'), utf8: new TextDecoder('utf-8', { fatal: true }), ansi: new TextDecoder('windows-1252') };

/** `columns.json` gives the CREATE TABLE order without computed columns, which the files do contain. */
const computed: Readonly<Record<string, readonly (readonly [after: string, name: string])[]>> = {
  'Sales.Customer': [['TerritoryID', 'AccountNumber']],
  'Purchasing.PurchaseOrderDetail': [['UnitPrice', 'LineTotal'], ['RejectedQty', 'StockedQty']],
  'Purchasing.PurchaseOrderHeader': [['Freight', 'TotalDue']],
};

export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return encodings.utf16.decode(bytes);
  try {
    return encodings.utf8.decode(bytes);
  } catch {
    return encodings.ansi.decode(bytes);
  }
}

/** Cuts decoded text into cells, whichever of the two layouts it has. */
export function cells(text: string): string[][] {
  const marked = text.includes('+|');
  const rows = text.split(marked ? /&\|\r?\n?/ : /\r?\n/).filter((row) => row !== '');
  // The XML cells start with a byte order mark of their own.
  return rows.map((row) => row.split(marked ? '+|' : '\t').map((cell) => cell.replaceAll('\uFEFF', '')));
}

export interface Tables {
  /** Rows of `Schema.Table`, cells trimmed. Throws when the file is missing or a row has another number of cells. */
  read(table: string): Row[];
  /** Files of the folder nobody read so far, without `.csv`. */
  unread(): string[];
  /** Text of an extra file of the folder, undefined when it is not there. */
  extra(path: string): string | undefined;
}

/** Opens the folder that holds `columns.json` and `oltp_2016dates/`. */
export function openTables(folder: string, files = 'oltp_2016dates'): Tables {
  const columns = JSON.parse(readFileSync(join(folder, 'columns.json'), 'utf8')) as Readonly<Record<string, readonly (readonly [string, string, boolean])[]>>;
  const seen = new Set<string>();
  return {
    read: (table) => {
      seen.add(table.slice(table.indexOf('.') + 1));
      const names = columnNames(columns[table]?.map(([name]) => name), table);
      const path = join(folder, files, `${table.slice(table.indexOf('.') + 1)}.csv`);
      return cells(decode(readFileSync(path))).map((row, index) => named(row, names, `${table}, row ${index + 1}`));
    },
    unread: () => readdirSync(join(folder, files)).map((name) => name.replace(/\.csv$/, '')).filter((name) => !seen.has(name)).sort(),
    extra: (path) => (existsSync(join(folder, path)) ? decode(readFileSync(join(folder, path))) : undefined),
  };
}

function columnNames(stored: readonly string[] | undefined, table: string): string[] {
  if (stored === undefined) throw new Error(`columns.json knows no table ${table}`);
  return stored.flatMap((name) => [name, ...(computed[table] ?? []).filter(([after]) => after === name).map(([, extra]) => extra)]);
}

function named(row: readonly string[], names: readonly string[], where: string): Row {
  if (row.length !== names.length) throw new Error(`${where}: ${row.length} cells, expected ${names.length}`);
  const record: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const cell = row[index]?.trim() ?? '';
    if (cell !== '') record[name] = cell;
  }
  return record;
}

/** Comma-separated text with quotes. */
export function commaCells(text: string): string[][] {
  return text.split(/\r?\n/).filter((line) => line !== '').map((line) => {
    const row: string[] = [];
    for (const [, quoted, bare, after] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/g)) {
      row.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
      // The end of the line matches once more, as an empty cell that is not there.
      if (after === '') break;
    }
    return row;
  });
}
