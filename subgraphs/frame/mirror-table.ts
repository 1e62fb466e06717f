import type { Sql } from '../../platform/stores/sql.ts';

/** A table that holds what an upstream system says, row by row, and when it last said so. */
export interface MirrorTable {
  readonly schema: string;
  readonly name: string;
  /** Feed that fills the table: its refused rows keep their last good version. */
  readonly feed: string;
  readonly key: string;
  /** PostgreSQL type by column, the key included. The table also has `seen_at timestamptz not null`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that are kept but make no change by themselves: the source's own time stamp. */
  readonly quiet?: readonly string[];
}

export interface ChangedRow<Row> {
  readonly key: string;
  /** As it was; null for a new row. Timestamps and numbers as PostgreSQL writes them in JSON. */
  readonly before: Row | null;
}

/**
 * Writes rows in one statement and answers those that really differ from what was there. Of several rows with one key
 * the last counts.
 */
export function mirrorRows<Row extends object>(tx: Sql, table: MirrorTable, rows: readonly Row[]): Promise<readonly ChangedRow<Row>[]> {
  const { key } = table;
  const names = Object.keys(table.columns);
  const others = names.filter((name) => name !== key);
  const telling = others.filter((name) => table.quiet?.includes(name) !== true);
  const list = (prefix: string, columns = names): string => columns.map((name) => `${prefix}${name}`).join(', ');
  const latest = new Map(rows.map((row) => [(row as Record<string, unknown>)[key], row]));
  return tx.query<ChangedRow<Row>>(
    `with incoming as (
       select * from jsonb_to_recordset($1::jsonb) as r(${Object.entries(table.columns).map(([name, type]) => `${name} ${type}`).join(', ')})
     ), changed as (
       select i.${key} as key, case when t.${key} is null then null else to_jsonb(t) end as before
       from incoming i left join ${table.schema}.${table.name} t on t.${key} = i.${key}
       where t.${key} is null or (${list('t.', telling)}) is distinct from (${list('i.', telling)})
     ), written as (
       insert into ${table.schema}.${table.name} (${list('')}, seen_at) select ${list('')}, clock_timestamp() from incoming
       on conflict (${key}) do update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}, seen_at = excluded.seen_at
     )
     select key, before from changed order by key collate "C"`,
    [JSON.stringify([...latest.values()])],
  );
}

/**
 * After a full pass: deletes what it did not see, and answers the deleted rows. A row the pass saw but had to refuse
 * stays: its last good version is still served.
 */
export async function removeUnseenRows<Row>(tx: Sql, { schema, name, feed, key }: MirrorTable, passStartedAt: string): Promise<readonly Row[]> {
  const rows = await tx.query<{ row: Row }>(
    `delete from ${schema}.${name} t
     where seen_at < $1 and not exists (
       select from ${schema}.feed_reject r where r.feed = $2 and r.key = t.${key} and r.last_seen_at >= $1)
     returning to_jsonb(t) as row`,
    [passStartedAt, feed],
  );
  return rows.map(({ row }) => row);
}

// JSON.stringify escapes only lone surrogates of the d8..df range; an even run of backslashes before is text of its own.
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Whether a text in the record is one PostgreSQL cannot hold (NUL, half a character): it would fail its whole page. */
export const isUnstorable = (record: object): boolean => UNSTORABLE.test(JSON.stringify(record));
