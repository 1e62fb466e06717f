import { decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';

interface Row {
  readonly sku: Sku;
  readonly amount: string;
  readonly currency_code: string;
  readonly valid_from: Instant | null;
  readonly valid_until: Instant | null;
}

/** Below which a SKU's price must not be advertised, in a span of time. */
export interface MinimumAdvertised {
  readonly sku: Sku;
  readonly price: Money;
  /** Null: since ever. */
  readonly validFrom: Instant | null;
  /** Exclusive; null: for ever. */
  readonly validUntil: Instant | null;
}

const COLUMNS = `sku, amount, currency_code, nullif(valid_from, '-infinity') as valid_from, nullif(valid_until, 'infinity') as valid_until`;

const minimumOf = ({ sku, amount, currency_code, valid_from, valid_until }: Row): MinimumAdvertised =>
  ({ sku, price: money(decimal(amount), currency_code), validFrom: valid_from, validUntil: valid_until });

const OF = prepared(`select ${COLUMNS} from pricing.minimum_advertised where sku = any($1)`);

/** All that is said of these SKUs, at any instant; a SKU of which nothing is said is absent. */
export async function readMinimumsOf(sql: Sql, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, readonly MinimumAdvertised[]>> {
  return Map.groupBy((await sql.query<Row>(OF, [skus])).map(minimumOf), ({ sku }) => sku);
}

/** A span whose bounds may be open. */
export interface Span {
  readonly sku: Sku;
  /** Null: since ever. */
  readonly from: Instant | null;
  /** Null: for ever. */
  readonly until: Instant | null;
}

const SPANS = `with span as (
    select sku, coalesce("from", '-infinity') as f, coalesce("until", 'infinity') as u from jsonb_to_recordset($1::jsonb) as s(sku text, "from" timestamptz, "until" timestamptz)
  )`;

/**
 * Leaves nothing said of these SKUs in these spans, one a SKU: what begins before or lasts longer is cut, what surrounds a span is cut in two. Answers the
 * SKUs of which something was said there.
 */
export async function clearSpans(tx: Sql, spans: readonly Span[]): Promise<ReadonlySet<Sku>> {
  const values = [JSON.stringify(spans)];
  const later = await tx.query<{ sku: Sku }>(
    `${SPANS} insert into pricing.minimum_advertised (sku, valid_from, valid_until, amount, currency_code)
     select m.sku, s.u, m.valid_until, m.amount, m.currency_code from pricing.minimum_advertised m join span s using (sku) where m.valid_from < s.u and m.valid_until > s.u returning sku`, values,
  );
  const earlier = await tx.query<{ sku: Sku }>(
    `${SPANS} update pricing.minimum_advertised m set valid_until = s.f from span s where m.sku = s.sku and m.valid_from < s.f and m.valid_until > s.f returning m.sku`, values,
  );
  const within = await tx.query<{ sku: Sku }>(
    `${SPANS} delete from pricing.minimum_advertised m using span s where m.sku = s.sku and m.valid_from >= s.f and m.valid_from < s.u returning m.sku`, values,
  );
  return new Set([...later, ...earlier, ...within].map(({ sku }) => sku));
}

/** Of cleared spans. */
export const insertMinimums = (tx: Sql, minimums: readonly MinimumAdvertised[]): Promise<unknown> =>
  tx.run(
    `insert into pricing.minimum_advertised (sku, valid_from, valid_until, amount, currency_code)
     select sku, coalesce("from", '-infinity'), coalesce("until", 'infinity'), amount, currency from jsonb_to_recordset($1::jsonb) as m(sku text, "from" timestamptz, "until" timestamptz, amount numeric, currency text)`,
    [JSON.stringify(minimums.map(({ sku, price, validFrom, validUntil }) => ({ sku, from: validFrom, until: validUntil, amount: price.amount, currency: price.currencyCode })))],
  );

/** One change at a time: spans of one SKU never overlap. */
export const lockMinimums = (tx: Sql): Promise<unknown> => tx.query("select pg_advisory_xact_lock(hashtextextended('pricing minimum advertised', 2))");

export interface MinimumFilter {
  /** Null: of every SKU. */
  readonly skus: readonly Sku[] | null;
  /** Those that are over by then are left out. */
  readonly at: Instant;
}

/** Behind which entry a page begins. */
export interface MinimumPosition {
  readonly sku: Sku;
  readonly validFrom: Instant | null;
}

/** By SKU, then by time. */
export async function listMinimums(sql: Sql, { skus, at }: MinimumFilter, after: MinimumPosition | null, limit: number): Promise<readonly MinimumAdvertised[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from pricing.minimum_advertised
     where ($1::text[] is null or sku = any($1)) and valid_until > $2 and ($3::text is null or (sku, pricing.minimum_advertised.valid_from) > ($3, coalesce($4::timestamptz, '-infinity')))
     order by sku, pricing.minimum_advertised.valid_from limit $5`,
    [skus, at, after?.sku ?? null, after?.validFrom ?? null, limit],
  );
  return rows.map(minimumOf);
}
