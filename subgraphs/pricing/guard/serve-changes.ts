import type { Instant } from '../../../domain/time.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { uniqueEvents } from '../changes/price-events.ts';
import { SERVED_CURRENCY_RATES, SERVED_LISTS, SERVED_PRICES, SERVED_RULES, writeServed, type ServedTable } from '../book/served-table.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import type { RecordKind } from './incoming-change.ts';

const TABLES = { list_price: SERVED_PRICES, price_list: SERVED_LISTS, price_rule: SERVED_RULES, currency_rate: SERVED_CURRENCY_RATES } as const satisfies Record<RecordKind, unknown>;

/** The table of a kind; its rows are handed on as they were taken from it. */
export const servedTableOf = (kind: RecordKind): ServedTable<object> => TABLES[kind] as unknown as ServedTable<object>;

interface RowChange {
  readonly key: string;
  readonly after: object | null;
}

/** Writes and removes as the feed would have, with the events. */
export async function serveChanges(tx: Sql, kind: RecordKind, changes: readonly RowChange[], at: Instant): Promise<void> {
  if (changes.length === 0) return;
  const served = servedTableOf(kind);
  await removeByKey(tx, served, changes.flatMap(({ key, after }) => (after === null ? [key] : [])), at);
  await writeServed(tx, served, changes.flatMap(({ after }) => (after === null ? [] : [after])), at);
}

async function removeByKey(tx: Sql, { table, changesOf }: ServedTable<object>, keys: readonly string[], at: Instant): Promise<void> {
  if (keys.length === 0) return;
  const removed = await tx.query<{ row: object }>(`delete from ${table.schema}.${table.name} t where ${table.key} = any($1) returning to_jsonb(t) as row`, [keys]);
  await announce(tx, PRICING_SCHEMA, uniqueEvents(removed.flatMap(({ row }) => changesOf(row)), at));
}
