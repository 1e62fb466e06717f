import type { Change } from './part.ts';

/** What every record has. `changedAtMs` moves on every change, so a feed can ask for what is newer. */
export interface Row {
  readonly id: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

export type NewRow<R extends Row> = Omit<R, keyof Row>;

type Key = string | number | boolean | null;

/** Rows of one kind by id, in id order, with indexes that are kept as rows come and go. Rows are replaced, never mutated. */
export class Table<R extends Row> {
  readonly name: string;
  private rows = new Map<number, R>();
  private nextId = 1;
  private readonly indexes = new Map<string, Map<Key, Set<number>>>();
  private readonly database: Database;

  constructor(database: Database, name: string, indexed: readonly (keyof R & string)[]) {
    this.database = database;
    this.name = name;
    for (const column of indexed) this.indexes.set(column, new Map());
  }

  get size(): number {
    return this.rows.size;
  }

  get(id: number): R | undefined {
    return this.rows.get(id);
  }

  /** All rows in id order; do not change the table while walking. */
  all(): IterableIterator<R> {
    return this.rows.values();
  }

  isIndexed(column: string): boolean {
    return this.indexes.has(column);
  }

  /** Rows whose indexed column has this value, in id order of insertion. */
  where<C extends keyof R & string>(column: C, value: R[C]): R[] {
    const ids = this.indexes.get(column);
    if (ids === undefined) throw new Error(`${this.name}.${column} has no index`);
    return [...(ids.get(value as Key) ?? [])].map((id) => this.rows.get(id)!);
  }

  first<C extends keyof R & string>(column: C, value: R[C]): R | undefined {
    const ids = this.indexes.get(column);
    if (ids === undefined) throw new Error(`${this.name}.${column} has no index`);
    for (const id of ids.get(value as Key) ?? []) return this.rows.get(id);
    return undefined;
  }

  insert(values: NewRow<R>): R {
    const { nowMs } = this.database;
    const row = { ...values, id: this.nextId, createdAtMs: nowMs, changedAtMs: nowMs } as unknown as R;
    this.nextId += 1;
    this.put(row);
    this.database.record({ table: this.name, id: row.id, action: 'create' }, () => {
      this.drop(row);
      this.nextId = row.id;
    });
    return row;
  }

  update(id: number, patch: Partial<NewRow<R>>): R {
    const before = this.rows.get(id);
    if (before === undefined) throw new Error(`${this.name} ${id} is not there`);
    const after = { ...before, ...patch, changedAtMs: this.database.nowMs };
    this.replace(before, after);
    this.database.record({ table: this.name, id, action: 'update' }, () => this.replace(after, before));
    return after;
  }

  remove(id: number): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    const { rows } = this;
    this.rows = new Map(rows);
    this.drop(row);
    this.database.record({ table: this.name, id, action: 'remove' }, () => {
      this.rows = rows;
      this.enter(row);
    });
  }

  /** For snapshots: the row as it was, id and times included. */
  restore(row: R): void {
    this.put(row);
    this.nextId = Math.max(this.nextId, row.id + 1);
  }

  /** Ids already given out are not given again, also after the newest rows were removed. */
  get lastId(): number {
    return this.nextId - 1;
  }

  reserveIds(lastId: number): void {
    this.nextId = Math.max(this.nextId, lastId + 1);
  }

  clear(): void {
    this.rows = new Map();
    this.nextId = 1;
    for (const index of this.indexes.values()) index.clear();
  }

  private put(row: R): void {
    this.rows.set(row.id, row);
    this.enter(row);
  }

  private drop(row: R): void {
    this.rows.delete(row.id);
    this.leave(row);
  }

  private replace(before: R, after: R): void {
    this.rows.set(after.id, after);
    for (const [column, index] of this.indexes) {
      const [from, to] = [before[column as keyof R], after[column as keyof R]] as unknown as [Key, Key];
      if (from === to) continue;
      index.get(from)?.delete(before.id);
      enterIndex(index, to, after.id);
    }
  }

  private enter(row: R): void {
    for (const [column, index] of this.indexes) enterIndex(index, row[column as keyof R] as Key, row.id);
  }

  private leave(row: R): void {
    for (const [column, index] of this.indexes) index.get(row[column as keyof R] as Key)?.delete(row.id);
  }
}

function enterIndex(index: Map<Key, Set<number>>, value: Key, id: number): void {
  const ids = index.get(value);
  if (ids === undefined) index.set(value, new Set([id]));
  else ids.add(id);
}

/** All tables of the ERP. A transaction either stands whole or leaves nothing behind. */
export class Database {
  nowMs = 0;
  private readonly tables = new Map<string, Table<Row>>();
  private changes: Change[] = [];
  private undoing: (() => void)[] = [];

  table<R extends Row>(name: string, ...indexed: readonly (keyof R & string)[]): Table<R> {
    const table = new Table<R>(this, name, indexed);
    this.tables.set(name, table as unknown as Table<Row>);
    return table;
  }

  record(change: Change, undo: () => void): void {
    this.changes.push(change);
    this.undoing.push(undo);
  }

  /** Runs `work` with the clock at `nowMs`; on a throw everything it wrote is undone. */
  transact(nowMs: number, work: () => unknown): { result: unknown; changes: readonly Change[]; undo: () => void } {
    this.nowMs = nowMs;
    this.changes = [];
    const undoing: (() => void)[] = [];
    this.undoing = undoing;
    const undo = (): void => {
      for (const step of undoing.splice(0).reverse()) step();
    };
    try {
      return { result: work(), changes: this.changes, undo };
    } catch (error) {
      undo();
      throw error;
    }
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.tables].map(([name, table]) => [name, table.size]));
  }

  *lines(): Iterable<unknown> {
    for (const [name, table] of this.tables) {
      yield { table: name, lastId: table.lastId };
      for (const row of table.all()) yield { table: name, row };
    }
  }

  restore(line: { readonly table: string; readonly lastId?: number; readonly row?: Row }): void {
    const table = this.tables.get(line.table);
    if (table === undefined) throw new Error(`The snapshot has a table this sandbox does not know: ${line.table}`);
    if (line.row !== undefined) table.restore(line.row);
    if (line.lastId !== undefined) table.reserveIds(line.lastId);
  }

  clear(): void {
    for (const table of this.tables.values()) table.clear();
  }
}
