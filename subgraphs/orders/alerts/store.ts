import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

export const ALERT_KINDS = ['UNSHIPPED', 'STUCK', 'ABSENT'] as const;

export type AlertKind = (typeof ALERT_KINDS)[number];

/** Something that should not be so, as one look found it. */
export interface Finding {
  readonly kind: AlertKind;
  /** What it is about: an order's number, a channel, "submission". One alert is open per kind and subject. */
  readonly subject: string;
  readonly orderId: string | null;
  readonly detail: string;
  readonly since: Instant;
}

export interface AlertRecord extends Finding {
  readonly id: string;
  readonly openedAt: Instant;
  readonly seenAt: Instant;
  readonly resolvedAt: Instant | null;
}

const COLUMNS = `a.id::text as id, a.kind, a.subject, a.order_id as "orderId", a.detail, a.since, a.opened_at as "openedAt", a.seen_at as "seenAt", a.resolved_at as "resolvedAt"`;

/** Shipments whose papers were printed before `printedBefore` and that have not left. */
export const findUnshipped = (sql: Sql, printedBefore: Instant, limit: number): Promise<readonly Finding[]> =>
  sql.query<Finding>(
    `select 'UNSHIPPED' as kind, o.number || ' ' || s.number as subject, o.id as "orderId", s.printed_at as since,
       'shipment ' || s.number || ' of order ' || o.number || ' was printed and has not left' as detail
     from orders.shipment s join orders.sales_order o on o.id = s.order_id
     where s.state = 'PLANNED' and s.direction = 'OUTBOUND' and s.printed_at < $1 order by s.printed_at limit $2`,
    [printedBefore, limit],
  );

/** Orders somebody must look at, each by itself; those that only wait for the ERP, all together. */
export const findStuck = (sql: Sql, placedBefore: Instant, limit: number): Promise<readonly Finding[]> =>
  sql.query<Finding>(
    `(select 'STUCK' as kind, o.number as subject, o.id as "orderId", o.placed_at as since, 'order ' || o.number || ' needs attention: ' || coalesce(o.attention, 'no reason is known') as detail
      from orders.sales_order o where o.state = 'NEEDS_ATTENTION' order by o.placed_at limit $2)
     union all
     select 'STUCK', 'submission', null, min(placed_at), count(*) || ' order(s) wait for the ERP' || coalesce(' (' || (array_agg(last_failure order by placed_at) filter (where last_failure is not null))[1] || ')', '')
     from orders.sales_order where submission = 'PENDING' and placed_at < $1 having count(*) > 0`,
    [placedBefore, limit],
  );

export interface ChannelHour {
  readonly channel: string;
  /** Whole weeks the count is of: as many as there are, to the nearest, since the channel's first order. */
  readonly weeks: number;
  /** 0 = Monday 00:00 UTC. */
  readonly hour: number;
  readonly count: number;
}

/** Orders placed here, and imported ones, by channel and hour of the week, over the last whole weeks before `until`. */
export const readRhythms = (sql: Sql, until: Instant, mostWeeks: number): Promise<readonly ChannelHour[]> =>
  sql.query<ChannelHour>(
    `with placed as (
       select coalesce(channel, '') as channel, placed_at from orders.sales_order
       where placed_at >= $1::timestamptz - $2::int * interval '7 days' and placed_at < $1 and (source = 'graph' or imported_at is not null) and not compensated),
     span as (select channel, least($2::int, floor(extract(epoch from $1::timestamptz - min(placed_at)) / 604800 + 0.5))::int as weeks from placed group by channel)
     select channel, weeks, count(*)::int as count,
       ((extract(isodow from placed_at at time zone 'UTC') - 1) * 24 + extract(hour from placed_at at time zone 'UTC'))::int as hour
     from placed join span using (channel) where placed_at >= $1::timestamptz - weeks * interval '7 days' group by 1, 2, 4`,
    [until, mostWeeks],
  );

/** Orders of each channel since each of these moments. */
export const countSince = (sql: Sql, moments: readonly Instant[], until: Instant): Promise<readonly { readonly channel: string; readonly since: Instant; readonly count: number }[]> =>
  sql.query(
    `select coalesce(o.channel, '') as channel, m.since, count(*)::int as count from unnest($1::timestamptz[]) as m(since)
     join orders.sales_order o on o.placed_at >= m.since and o.placed_at < $2 and o.source = 'graph' and not o.compensated group by 1, 2`,
    [moments, until],
  );

export interface AlertChanges {
  readonly opened: readonly AlertRecord[];
  readonly resolved: readonly AlertRecord[];
}

/** Makes the open alerts those that were found: new ones are opened, known ones seen again, the others resolved. */
export async function recordFindings(tx: Sql, findings: readonly Finding[], at: Instant): Promise<AlertChanges> {
  const before = new Set((await tx.query<{ key: string }>(`select kind || ' ' || subject as key from orders.alert where resolved_at is null`)).map(({ key }) => key));
  const seen = await tx.query<AlertRecord>(
    `insert into orders.alert as a (kind, subject, order_id, detail, since, opened_at, seen_at)
     select f.kind, f.subject, f."orderId", f.detail, f.since, $2, $2
     from jsonb_to_recordset($1::jsonb) as f(kind text, subject text, "orderId" uuid, detail text, since timestamptz)
     on conflict (kind, subject) where resolved_at is null do update set detail = excluded.detail, seen_at = excluded.seen_at
     returning ${COLUMNS}`,
    [JSON.stringify(findings), at],
  );
  const resolved = await tx.query<AlertRecord>(
    `update orders.alert a set resolved_at = $1 where a.resolved_at is null and not (a.id::text = any($2::text[])) returning ${COLUMNS}`,
    [at, seen.map(({ id }) => id)],
  );
  return { opened: seen.filter(({ kind, subject }) => !before.has(`${kind} ${subject}`)), resolved };
}

export interface AlertFilter {
  readonly open: boolean | null;
  readonly kind: AlertKind | null;
}

/** Newest first, strictly after the given (openedAt, id). */
export const listAlerts = (sql: Sql, { open, kind }: AlertFilter, after: { readonly openedAt: string; readonly id: string } | null, limit: number): Promise<readonly AlertRecord[]> =>
  sql.query<AlertRecord>(
    `select ${COLUMNS} from orders.alert a
     where ($1::boolean is null or (a.resolved_at is null) = $1) and ($2::text is null or a.kind = $2)
       and ($3::timestamptz is null or (a.opened_at, a.id) < ($3, $4::bigint))
     order by a.opened_at desc, a.id desc limit $5`,
    [open, kind, after?.openedAt ?? null, after?.id ?? null, limit],
  );

/** Open alerts by kind. */
export const countOpen = (sql: Sql): Promise<readonly { readonly kind: AlertKind; readonly count: number; readonly oldest: string }[]> =>
  sql.query(`select kind, count(*)::int as count, (array_agg(detail order by since))[1] as oldest from orders.alert where resolved_at is null group by kind order by kind`);
