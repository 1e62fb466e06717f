import type { ChannelCode } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { COLUMNS, promotionOf, valuesOf, type PromotionRow, type StoredPromotion } from './tables.ts';

/** A promotion as it stood in some span of time; prices of an instant follow the version that stood then. */
export interface PromotionVersion {
  readonly promotion: StoredPromotion;
  /** Null: the first version, which says what it says of all time before it as well. */
  readonly since: Instant | null;
  /** Exclusive; null: it stands. */
  readonly until: Instant | null;
}

const REVISION = prepared('select revision from pricing.promotion_book');

/** The number of the newest change. */
export async function readRevision(sql: Sql): Promise<string> {
  const [row] = await sql.query<{ revision: string }>(REVISION);
  return row!.revision;
}

/** Every version of every promotion, and the number they were read at; one statement, so that they belong together. */
export async function readVersions(sql: Sql): Promise<{ readonly revision: string; readonly versions: readonly PromotionVersion[] }> {
  const rows = await sql.query<(PromotionRow | { readonly code: null }) & { readonly book: string; readonly until: Instant | null }>(
    `select b.revision as book, v.* from pricing.promotion_book b left join (
       select ${COLUMNS}, null as until from pricing.promotion union all select ${COLUMNS}, replaced_at from pricing.promotion_past
     ) v on true`,
  );
  return { revision: rows[0]!.book, versions: rows.flatMap((row) => (row.code === null ? [] : [versionOf(promotionOf(row), row.until)])) };
}

const versionOf = (promotion: StoredPromotion, until: Instant | null): PromotionVersion => ({ promotion, since: promotion.revision === 1 ? null : promotion.changedAt, until });

/** Null when there never was one by this code. */
export async function readPromotion(sql: Sql, code: string): Promise<StoredPromotion | null> {
  const [row] = await sql.query<PromotionRow>(`select ${COLUMNS} from pricing.promotion where code = $1`, [code]);
  return row ? promotionOf(row) : null;
}

/** Where a promotion stands at an instant. OFF: whatever its window says, it does not apply. */
export type PromotionState = 'UPCOMING' | 'RUNNING' | 'ENDED' | 'OFF';

export interface PromotionFilter {
  /** Null: in any. */
  readonly state: PromotionState | null;
  /** Those that apply in it; null: all. */
  readonly channel: ChannelCode | null;
}

/** By code, from behind `after`. */
export async function listPromotions(sql: Sql, { state, channel }: PromotionFilter, page: { readonly after: string | null; readonly limit: number; readonly at: Instant }): Promise<readonly StoredPromotion[]> {
  const rows = await sql.query<PromotionRow>(
    `select ${COLUMNS} from pricing.promotion
     where ($1::text is null or code > $1) and ($2::text is null or channels = '{}' or $2 = any(channels))
       and ($3::text is null or $3 = case when not active then 'OFF' when valid_from > $4 then 'UPCOMING' when valid_until <= $4 then 'ENDED' else 'RUNNING' end)
     order by code limit $5`,
    [page.after, channel, state, page.at, page.limit],
  );
  return rows.map(promotionOf);
}

/** One change at a time, until the transaction ends: whoever reads the new number reads all that was changed up to it. */
export const lockPromotions = (tx: Sql): Promise<unknown> => tx.query('select from pricing.promotion_book for update');

/** Lock before. The version that stood is kept as past. */
export async function writePromotion(tx: Sql, promotion: StoredPromotion): Promise<void> {
  await tx.run(`insert into pricing.promotion_past (${COLUMNS}, replaced_at) select ${COLUMNS}, $2 from pricing.promotion where code = $1`, [promotion.code, promotion.changedAt]);
  await tx.run('delete from pricing.promotion where code = $1', [promotion.code]);
  await tx.run('update pricing.promotion_book set revision = revision + 1');
  const values = valuesOf(promotion);
  await tx.run(`insert into pricing.promotion (${COLUMNS}) values (${values.map((_, index) => `$${index + 1}`).join(', ')})`, values);
}
