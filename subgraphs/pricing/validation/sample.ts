import { decimal, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { LayeredList } from '../../../domain/pricing.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** Orders rows as a shuffle does that is another one each day and for each buyer, and the same all day. */
const SHUFFLE = 'md5($1 || sku), sku';

/** SKUs a contract or a group's list has a rule of its own for now; those of the channel's list where there is neither. */
const NEGOTIATED = `select sku from (
    select distinct r.target_code as sku from pricing.price_rule r join pricing.list_price p on p.sku = r.target_code
    where r.price_list_code = any($2) and r.target_kind = 'SKU'
      and (r.valid_from is null or r.valid_from <= $3) and (r.valid_until is null or r.valid_until > $3)
  ) negotiated order by ${SHUFFLE} limit $4`;

const OTHERS = `select sku from pricing.list_price where sku <> all($2) order by ${SHUFFLE} limit $3`;

export interface SampleRequest {
  readonly lists: readonly LayeredList[];
  readonly buyerKey: string;
  readonly at: Instant;
  readonly size: number;
}

/** Whose prices are compared: what was negotiated first, then anything. At most `size`. */
export async function readSample(sql: Sql, { lists, buyerKey, at, size }: SampleRequest): Promise<readonly Sku[]> {
  const seed = `${at.slice(0, 10)} ${buyerKey} `;
  const agreed = lists.filter(({ layer }) => layer !== 'CHANNEL');
  const codes = (agreed.length > 0 ? agreed : lists).map(({ code }) => code);
  const negotiated = (await sql.query<{ sku: string }>(NEGOTIATED, [seed, codes, at, size])).map(({ sku }) => sku);
  if (negotiated.length >= size) return negotiated;
  const others = await sql.query<{ sku: string }>(OTHERS, [seed, negotiated, size - negotiated.length]);
  return [...negotiated, ...others.map(({ sku }) => sku)];
}

export interface StandingDifference {
  readonly sku: Sku;
  readonly quantity: Decimal;
}

/** What differed when the buyer was asked about last: it is asked about again. */
export async function readStanding(sql: Sql, buyerKey: string, limit: number): Promise<readonly StandingDifference[]> {
  const rows = await sql.query<{ sku: string; quantity: string }>(
    'select sku, quantity from pricing.price_difference where buyer_key = $1 and closed_at is null order by last_seen_at, id limit $2', [buyerKey, limit],
  );
  return rows.map(({ sku, quantity }) => ({ sku, quantity: decimal(quantity) }));
}
