import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readCase } from './store-cases.ts';
import { nextStep } from './return-case.ts';
import type { Lane, WorkRecord } from './records.ts';

export const RETURN_QUEUE = 'advance-return';

/** A turn at one lane of one return. Of another turn than the lane's own it is a stale copy: it does nothing. */
export interface ReturnJob {
  readonly rmaId: string;
  readonly lane: Lane;
  readonly turn: number;
}

/** Plans work for lanes that have none; who is at work already sees what is new before it rests (see `restIfDone`). */
export const planWork = (tx: Sql, rmaId: string, lanes: readonly Lane[], { now, dueAt }: { readonly now: Instant; readonly dueAt: Instant }): Promise<readonly ReturnJob[]> =>
  tx.query<ReturnJob>(
    `update orders.rma_work set state = 'PENDING', turn = turn + 1, failures = 0, due_at = $4, patience_from = $3, attention = null
     where rma_id = $1 and lane = any($2::text[]) and state = 'NONE' returning rma_id as "rmaId", lane, turn`,
    [rmaId, lanes, now, dueAt],
  );

/** Somebody looked: what waited for attention is tried again. */
export const replanWork = (tx: Sql, rmaId: string, { now, dueAt }: { readonly now: Instant; readonly dueAt: Instant }): Promise<readonly ReturnJob[]> =>
  tx.query<ReturnJob>(
    `update orders.rma_work set state = 'PENDING', turn = turn + 1, failures = 0, due_at = $3, patience_from = $2, attention = null
     where rma_id = $1 and state in ('ATTENTION', 'UNSUPPORTED') returning rma_id as "rmaId", lane, turn`,
    [rmaId, now, dueAt],
  );

/** What waited for attention has settled itself: there is nothing to be done any more. */
export async function endAttention(tx: Sql, rmaId: string, lanes: readonly Lane[]): Promise<void> {
  await tx.run(`update orders.rma_work set state = 'NONE', attention = null, due_at = null where rma_id = $1 and lane = any($2::text[]) and state = 'ATTENTION'`, [rmaId, lanes]);
}

const lockRma = (tx: Sql, rmaId: string): Promise<readonly unknown[]> => tx.query('select 1 from orders.rma where id = $1 for update', [rmaId]);

/** Ends the turn if nothing is left to do. Under the return's lock: facts that came meanwhile are seen, later ones plan a turn of their own. */
export async function restIfDone(tx: Sql, { rmaId, lane }: WorkRecord): Promise<boolean> {
  await lockRma(tx, rmaId);
  const found = await readCase(tx, rmaId);
  if (found && nextStep(found, lane) !== null) return false;
  await tx.run(
    `update orders.rma_work set state = 'NONE', failures = 0, due_at = null, unsettled_until = null, last_failure = null where rma_id = $1 and lane = $2 and state = 'PENDING'`,
    [rmaId, lane],
  );
  return true;
}

/** Plans the next attempt; null when the turn is over or somebody else's. */
export async function recordSilence(tx: Sql, work: WorkRecord, reason: string, dueAt: Instant): Promise<ReturnJob | null> {
  const [job] = await tx.query<ReturnJob>(
    `update orders.rma_work set turn = turn + 1, failures = failures + 1, last_failure = $4, due_at = $5
     where rma_id = $1 and lane = $2 and turn = $3 and state = 'PENDING' returning rma_id as "rmaId", lane, turn`,
    [work.rmaId, work.lane, work.turn, reason, dueAt],
  );
  return job ?? null;
}

/** ATTENTION: refused, or silent for too long. UNSUPPORTED: no system behind us does this. */
export const recordEnd = async (tx: Sql, work: WorkRecord, state: 'ATTENTION' | 'UNSUPPORTED', reason: string): Promise<boolean> =>
  (await tx.run(
    `update orders.rma_work set state = $4, attention = $5, last_failure = $5, due_at = null where rma_id = $1 and lane = $2 and turn = $3 and state = 'PENDING'`,
    [work.rmaId, work.lane, work.turn, state, reason],
  )) === 1;

/**
 * Takes the right to send a create: it is there once for what was read, whoever believes to work on it alone. False:
 * somebody else is sending, or has sent since: that its create is settled makes no room for another that was not looked up.
 */
export const claimSending = async (sql: Sql, { rmaId, lane, claims }: WorkRecord, until: Instant): Promise<boolean> =>
  (await sql.run(
    `update orders.rma_work set unsettled_until = $4, claims = claims + 1 where rma_id = $1 and lane = $2 and state = 'PENDING' and claims = $3`,
    [rmaId, lane, claims, until],
  )) === 1;

/** Only whoever has the claim of `claimedUntil` says what became of it: a process that slept may find another's in its place. */
export async function recordUnsettled(sql: Sql, { rmaId, lane }: WorkRecord, claimedUntil: Instant, until: Instant | null): Promise<void> {
  await sql.run(
    `update orders.rma_work set unsettled_until = $4 where rma_id = $1 and lane = $2 and date_trunc('milliseconds', unsettled_until) = $3::timestamptz`,
    [rmaId, lane, claimedUntil, until],
  );
}

/** A create that was told apart by its look-up can no longer arrive. */
export async function forgetUnsettled(sql: Sql, { rmaId, lane }: Pick<WorkRecord, 'rmaId' | 'lane'>): Promise<void> {
  await sql.run('update orders.rma_work set unsettled_until = null where rma_id = $1 and lane = $2', [rmaId, lane]);
}

/** Turns nobody has come to by their time; each is given a later one, so that the next sweep leaves it to the job now enqueued. */
export const takeOverdue = (tx: Sql, now: Instant, nextDueAt: Instant): Promise<readonly ReturnJob[]> =>
  tx.query<ReturnJob>(
    `update orders.rma_work set due_at = $2 where (rma_id, lane) in (
       select rma_id, lane from orders.rma_work where state = 'PENDING' and due_at <= $1 order by due_at limit 500 for update skip locked)
     returning rma_id as "rmaId", lane, turn`,
    [now, nextDueAt],
  );

export interface ReturnHealth {
  readonly needAttention: number;
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly lastFailure: string | null;
}

export async function readReturnHealth(sql: Sql): Promise<ReturnHealth> {
  const [row] = await sql.query<ReturnHealth>(
    `select count(*) filter (where state = 'ATTENTION')::int as "needAttention", count(*) filter (where state = 'PENDING')::int as pending,
       min(patience_from) filter (where state = 'PENDING') as "oldestPendingAt",
       (array_agg(last_failure order by patience_from) filter (where state = 'PENDING' and last_failure is not null))[1] as "lastFailure"
     from orders.rma_work where state in ('ATTENTION', 'PENDING')`,
  );
  return row!;
}
