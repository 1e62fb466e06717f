/** What became of every row: read, used, merged into another, refused; each of the last two with its reason. */

export interface Refused { readonly table: string; readonly key: string; readonly kind: 'rejected' | 'merged'; readonly reason: string }
export interface TableCount { readonly table: string; readonly rowsIn: number; readonly rowsOut: number; readonly merged: number; readonly rejected: number }

export interface LoadReport {
  readonly tables: readonly TableCount[];
  readonly refused: readonly Refused[];
  /** Facts about the whole: where names come from, by how many days dates moved, what has no place in a seed. */
  readonly notes: Readonly<Record<string, string | number>>;
}

export interface Tally {
  /** Counts a table's rows in. */
  read<T>(table: string, rows: readonly T[]): readonly T[];
  reject(table: string, key: string, reason: string): void;
  merge(table: string, key: string, reason: string): void;
  note(name: string, value: string | number): void;
  report(): LoadReport;
}

export function openTally(): Tally {
  const rowsIn = new Map<string, number>();
  const refused: Refused[] = [];
  const notes: Record<string, string | number> = {};
  return {
    read: (table, rows) => {
      rowsIn.set(table, rows.length);
      return rows;
    },
    reject: (table, key, reason) => void refused.push({ table, key, kind: 'rejected', reason }),
    merge: (table, key, reason) => void refused.push({ table, key, kind: 'merged', reason }),
    note: (name, value) => void (notes[name] = value),
    report: () => ({ tables: [...rowsIn].map(([table, count]) => countOf(table, count, refused)), refused, notes }),
  };
}

function countOf(table: string, rowsIn: number, refused: readonly Refused[]): TableCount {
  const [rejected, merged] = (['rejected', 'merged'] as const).map((kind) => refused.filter((row) => row.table === table && row.kind === kind).length) as [number, number];
  return { table, rowsIn, rowsOut: rowsIn - rejected - merged, merged, rejected };
}
