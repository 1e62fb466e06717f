import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** How an ERP stands with the queue of orders for it, the same for every process. */
export interface ErpStanding {
  /** Failures in a row. */
  readonly failures: number;
  /** Null: orders go out. */
  readonly pausedSince: Instant | null;
  readonly pausedUntil: Instant | null;
  readonly reason: string | null;
  /** While one order finds out whether the ERP answers again; null: none does. */
  readonly probingUntil: Instant | null;
  /** The end of the maintenance window we are in; null: in none. */
  readonly windowUntil: Instant | null;
  readonly windowReason: string | null;
  /** When orders last began to go out again, after a pause or a window; null: they never stopped. */
  readonly resumedAt: Instant | null;
}

export async function readStanding(sql: Sql, system: string, now: Instant): Promise<ErpStanding> {
  const [row] = await sql.query<ErpStanding>(
    `select coalesce(p.failures, 0) as failures, p.since as "pausedSince", p.paused_until as "pausedUntil", p.reason,
       case when p.probing_until > $2 then p.probing_until end as "probingUntil", w.until_at as "windowUntil", w.reason as "windowReason",
       greatest(p.ended_at, (select max(until_at) from orders.maintenance_window where system = $1 and until_at <= $2)) as "resumedAt"
     from (select $1::text as system) s
     left join orders.erp_pause p on p.system = s.system
     left join lateral (select until_at, reason from orders.maintenance_window m
       where m.system = s.system and m.from_at <= $2 and m.until_at > $2 order by until_at desc limit 1) w on true`,
    [system, now],
  );
  return row!;
}

/** The right to try one order while the queue is paused: one has it, of all processes, until it says what came of it or `until`. */
export const claimProbe = async (sql: Sql, system: string, claimant: string, now: Instant, until: Instant): Promise<boolean> =>
  (await sql.run(
    `update orders.erp_pause set probing_by = $2, probing_until = $4
     where system = $1 and since is not null and paused_until <= $3 and (probing_until is null or probing_until <= $3)`,
    [system, claimant, now, until],
  )) === 1;

/** An answer, though it be a refusal: failures are no longer in a row. */
export async function recordAnswer(sql: Sql, system: string): Promise<void> {
  await sql.run('update orders.erp_pause set failures = 0 where system = $1 and since is null and failures > 0', [system]);
}

/** The probe was answered: the queue runs. False where somebody else probes by now. */
export const endPause = async (sql: Sql, system: string, claimant: string, now: Instant): Promise<boolean> =>
  (await sql.run(
    `update orders.erp_pause set failures = 0, since = null, paused_until = null, reason = null, probing_by = null, probing_until = null, ended_at = $3
     where system = $1 and probing_by = $2`,
    [system, claimant, now],
  )) === 1;

/** The probe tells nothing: the next one may go at `pausedUntil`; null: at once. */
export async function releaseProbe(sql: Sql, system: string, claimant: string, silence: { readonly pausedUntil: Instant; readonly reason: string } | null): Promise<void> {
  await sql.run(
    `update orders.erp_pause set probing_by = null, probing_until = null, failures = failures + $3,
       paused_until = coalesce($4::timestamptz, paused_until), reason = coalesce($5, reason)
     where system = $1 and probing_by = $2`,
    [system, claimant, silence === null ? 0 : 1, silence?.pausedUntil ?? null, silence?.reason ?? null],
  );
}

export interface Silence {
  readonly now: Instant;
  readonly reason: string;
  /** Failures in a row that pause the queue. */
  readonly pauseAfter: number;
  readonly pausedUntil: Instant;
}

/** Counts a failure, and pauses the queue when it is one too many. */
export async function recordErpSilence(sql: Sql, system: string, { now, reason, pauseAfter, pausedUntil }: Silence): Promise<void> {
  await sql.run(
    `insert into orders.erp_pause as p (system, failures, since, paused_until, reason)
       values ($1, 1, case when $3 <= 1 then $2::timestamptz end, case when $3 <= 1 then $4::timestamptz end, $5)
     on conflict (system) do update set failures = p.failures + 1,
       since = case when p.since is null and p.failures + 1 >= $3 then $2::timestamptz else p.since end,
       paused_until = case when p.since is null and p.failures + 1 >= $3 then $4::timestamptz else p.paused_until end,
       reason = case when p.since is null then $5 else p.reason end`,
    [system, now, pauseAfter, pausedUntil, reason],
  );
}

export interface MaintenanceWindow {
  readonly id: string;
  readonly system: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Instant;
}

const WINDOW_COLUMNS = `id, system, from_at as "from", until_at as "until", reason, created_by as "createdBy", created_at as "createdAt"`;

/** Those that are not over, the next first. */
export const listWindows = (sql: Sql, system: string, now: Instant): Promise<readonly MaintenanceWindow[]> =>
  sql.query<MaintenanceWindow>(`select ${WINDOW_COLUMNS} from orders.maintenance_window where system = $1 and until_at > $2 order by from_at, id`, [system, now]);

export async function insertWindow(tx: Sql, { id, system, from, until, reason, createdBy, createdAt }: MaintenanceWindow): Promise<void> {
  await tx.run(
    'insert into orders.maintenance_window (id, system, from_at, until_at, reason, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [id, system, from, until, reason, createdBy, createdAt],
  );
}

/** Ends it: one that has begun ends now and is remembered, one that has not is gone. Null: there is none, or it is over. */
export async function endWindow(tx: Sql, id: string, now: Instant): Promise<MaintenanceWindow | null> {
  const [found] = await tx.query<MaintenanceWindow>(`select ${WINDOW_COLUMNS} from orders.maintenance_window where id = $1 and until_at > $2 for update`, [id, now]);
  if (!found) return null;
  await tx.run(
    found.from < now ? 'update orders.maintenance_window set until_at = $2 where id = $1' : 'delete from orders.maintenance_window where id = $1 and until_at > $2',
    [id, now],
  );
  return found;
}
