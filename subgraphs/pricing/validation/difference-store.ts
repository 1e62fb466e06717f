import { decimal, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import type { Judgement } from './erp-question.ts';

/** A price the source tells otherwise than we do. */
export interface PriceDifference {
  readonly id: string;
  readonly priceListCode: string;
  readonly sku: Sku;
  readonly quantity: Decimal;
  /** Null: none. */
  readonly ours: Money | null;
  readonly theirs: Money | null;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly seenCount: number;
  /** When they agreed again, or nobody was sold by that list any more; null: they still differ. */
  readonly closedAt: Instant | null;
}

interface DifferenceRow {
  readonly id: string;
  readonly price_list_code: string;
  readonly sku: string;
  readonly quantity: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly currency_code: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly seen_count: number;
  readonly closed_at: string | null;
}

export interface Findings {
  readonly buyerKey: string;
  readonly judgements: readonly Judgement[];
  readonly at: Instant;
  /** Principal subject, or the part of this house that acted by itself. */
  readonly actor: string;
}

const OPEN = `insert into pricing.price_difference (buyer_key, price_list_code, sku, quantity, ours, theirs, currency_code, first_seen_at, last_seen_at, asked_at)
  select $1, d.list, d.sku, d.quantity, d.ours, d.theirs, d.currency, $2, $2, $2
  from jsonb_to_recordset($3) as d (list text, sku text, quantity numeric, ours numeric, theirs numeric, currency text)
  on conflict (buyer_key, price_list_code, sku, quantity) where closed_at is null
  do update set ours = excluded.ours, theirs = excluded.theirs, currency_code = excluded.currency_code, last_seen_at = excluded.last_seen_at, asked_at = excluded.asked_at, seen_count = price_difference.seen_count + 1
  returning *, xmax = 0 as is_new`;

/** Whoever found it: a source is asked by list, and says the same to all who have it. */
const CLOSE = `update pricing.price_difference p set closed_at = $1
  from jsonb_to_recordset($2) as d (list text, sku text, quantity numeric)
  where p.closed_at is null and p.sku = d.sku and p.quantity = d.quantity and p.price_list_code = d.list
  returning p.*`;

/** A list that decides no longer is no difference of this buyer's any more. */
const CLOSE_OTHER_LISTS = `update pricing.price_difference p set closed_at = $2
  from jsonb_to_recordset($3) as d (list text, sku text, quantity numeric)
  where p.buyer_key = $1 and p.closed_at is null and p.sku = d.sku and p.quantity = d.quantity and p.price_list_code <> d.list
  returning p.*`;

/** Keeps what differs, closes what agrees again. What was not answered changes nothing. */
export async function recordJudgements(tx: Sql, { buyerKey, judgements, at, actor }: Findings): Promise<void> {
  const answered = judgements.filter(({ kind }) => kind !== 'UNANSWERED');
  // In one order, so that two that meet the same rows do not wait for each other.
  const differing = judgements.flatMap((judgement) => (judgement.kind === 'DIFFERENT' ? [rowOf(judgement)] : [])).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const agreeing = judgements.flatMap(({ kind, question }) => (kind === 'CONFIRMED' ? [keyOf(question)] : []));
  const closed = [
    ...(await close(tx, agreeing, at)),
    ...(answered.length === 0 ? [] : await tx.query<DifferenceRow>(CLOSE_OTHER_LISTS, [buyerKey, at, JSON.stringify(answered.map(({ question }) => keyOf(question)))])),
  ];
  const opened = differing.length === 0 ? [] : await tx.query<DifferenceRow & { readonly is_new: boolean }>(OPEN, [buyerKey, at, JSON.stringify(differing)]);
  await forgetOld(tx, at);
  await audit(tx, closed, { at, actor, action: 'price.difference.closed' });
  await audit(tx, opened.filter((row) => row.is_new), { at, actor, action: 'price.difference.found' });
}

const close = async (tx: Sql, keys: readonly object[], at: Instant): Promise<readonly DifferenceRow[]> =>
  keys.length === 0 ? [] : tx.query<DifferenceRow>(CLOSE, [at, JSON.stringify(keys)]);

async function audit(tx: Sql, rows: readonly DifferenceRow[], { at, actor, action }: { readonly at: Instant; readonly actor: string; readonly action: string }): Promise<void> {
  for (const { sku, price_list_code: priceListCode, quantity, ours, theirs, currency_code: currencyCode } of rows) {
    await writeAudit(tx, PRICING_SCHEMA, { at, actor, action, subject: sku, detail: { priceListCode, quantity, ours, theirs, currencyCode } });
  }
}

const KEPT_MS = 90 * 86_400_000;

/** The audit keeps what it was; a hundred at a time is more than come. */
async function forgetOld(tx: Sql, at: Instant): Promise<void> {
  await tx.run('delete from pricing.price_difference where id in (select id from pricing.price_difference where closed_at < $1 order by closed_at limit 100)', [addMs(at, -KEPT_MS)]);
}

/** A price somebody found to differ. */
export interface StandingPrice {
  readonly priceListCode: string;
  readonly sku: Sku;
  readonly quantity: Decimal;
}

const TOUCH = `update pricing.price_difference p set asked_at = $1,
    ours = case when d.told then d.ours else p.ours end, theirs = case when d.told then d.theirs else p.theirs end
  from jsonb_to_recordset($2) as d (list text, sku text, quantity numeric, ours numeric, theirs numeric, told boolean)
  where p.closed_at is null and p.sku = d.sku and p.quantity = d.quantity and p.price_list_code = d.list`;

/** What the source says by now of prices that differed, to whomever they did. */
export async function settleStanding(tx: Sql, judgements: readonly Judgement[], at: Instant): Promise<void> {
  const closed = await close(tx, judgements.flatMap(({ kind, question }) => (kind === 'CONFIRMED' ? [keyOf(question)] : [])), at);
  const rows = judgements.map((judgement) => (judgement.kind === 'DIFFERENT' ? { ...rowOf(judgement), told: true } : { ...keyOf(judgement.question), ours: null, theirs: null, told: false }));
  if (rows.length > 0) await tx.run(TOUCH, [at, JSON.stringify(rows)]);
  await audit(tx, closed, { at, actor: 'recheck', action: 'price.difference.closed' });
}

/** Lists that are no more make no differences. */
export async function closeForgotten(tx: Sql, gone: readonly StandingPrice[], at: Instant): Promise<void> {
  const closed = await close(tx, gone.map(({ priceListCode: list, sku, quantity }) => ({ list, sku, quantity })), at);
  await audit(tx, closed, { at, actor: 'recheck', action: 'price.difference.closed' });
}

const keyOf = ({ priceListCode, sku, quantity }: Judgement['question']) => ({ list: priceListCode, sku, quantity });

const rowOf = ({ question, theirs }: Extract<Judgement, { kind: 'DIFFERENT' }>) => ({
  ...keyOf(question), ours: question.ours?.amount ?? null, theirs: theirs?.amount ?? null, currency: question.currencyCode,
});

export interface DifferenceFilter {
  /** True: only those that stand; false: only those closed; null: both. */
  readonly open: boolean | null;
  readonly sku: Sku | null;
  readonly priceListCode: string | null;
}

export interface DifferencePosition {
  readonly lastSeenAt: string;
  readonly id: string;
}

/** Those seen last first. */
export async function listDifferences(sql: Sql, filter: DifferenceFilter, after: DifferencePosition | null, limit: number): Promise<readonly PriceDifference[]> {
  const rows = await sql.query<DifferenceRow>(
    `select * from pricing.price_difference
     where ($1::boolean is null or (closed_at is null) = $1) and ($2::text is null or sku = $2) and ($3::text is null or price_list_code = $3)
       and ($4::timestamptz is null or (last_seen_at, id) < ($4, $5::bigint))
     order by last_seen_at desc, id desc limit $6`,
    [filter.open, filter.sku, filter.priceListCode, after?.lastSeenAt ?? null, after?.id ?? null, limit],
  );
  return rows.map(differenceOf);
}

function differenceOf(row: DifferenceRow): PriceDifference {
  const priced = (amount: string | null): Money | null => (amount === null ? null : money(decimal(amount), row.currency_code));
  return {
    id: row.id, priceListCode: row.price_list_code, sku: row.sku, quantity: decimal(row.quantity), ours: priced(row.ours), theirs: priced(row.theirs),
    firstSeenAt: instant(row.first_seen_at), lastSeenAt: instant(row.last_seen_at), seenCount: row.seen_count, closedAt: row.closed_at === null ? null : instant(row.closed_at),
  };
}

/** For health: a sentence where prices are known to differ. */
export async function tellDifferences(sql: Sql, source: string | null): Promise<readonly string[]> {
  const [row] = await sql.query<{ standing: number }>('select count(distinct (price_list_code, sku, quantity))::int as standing from pricing.price_difference where closed_at is null');
  const { standing } = row!;
  return standing === 0 ? [] : [`${standing} ${standing === 1 ? 'price differs' : 'prices differ'} from what ${source ?? 'the ERP'} charges itself: see the query priceDifferences`];
}
