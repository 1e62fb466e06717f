import { createHash } from 'node:crypto';
import type pg from 'pg';
import { realPause, realTimers } from './real-time.ts';
import type { Session } from './sessions.ts';

/** A statement some virtual process wants to run. It is sent when the scheduler picks it, and not before. */
export interface PendingStatement {
  readonly session: Session;
  readonly text: string;
  readonly values: readonly unknown[];
  /** A commit, a rollback, or a statement outside of any transaction: what it changed is visible to all afterwards. */
  readonly endsTransaction: boolean;
  readonly isFirst: boolean;
  readonly who: string;
  readonly resolve: (result: { rows: unknown[]; rowCount: number | null }) => void;
  readonly reject: (error: Error) => void;
}

/** A statement that was sent. Without an outcome it waits for a lock. */
export interface RunningStatement {
  readonly statement: PendingStatement;
  outcome: Outcome | null;
}

type Outcome =
  | { readonly ok: true; readonly result: { rows: unknown[]; rowCount: number | null } }
  | { readonly ok: false; readonly error: Error };

const LOOK_AFTER_MS = 2;

const names = new Map<string, string>();

/** Prepared once a connection: parsing is most of what a small statement costs. Multi-statement text cannot be. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 40);
    names.set(text, name);
  }
  return name;
}

/** Sends it, and answers when it is done or is known to wait for a lock another virtual transaction holds. */
export async function startStatement(statement: PendingStatement, monitor: pg.Client): Promise<RunningStatement> {
  const running: RunningStatement = { statement, outcome: null };
  const { client } = statement.session;
  await statement.session.connect();
  if (statement.isFirst) await client.query('begin');
  const query = statement.values.length === 0 ? { text: statement.text } : { name: nameOf(statement.text), text: statement.text, values: statement.values as unknown[] };
  const done = client.query(query).then(
    ({ rows, rowCount }) => void (running.outcome = { ok: true, result: { rows, rowCount } }),
    (error: Error) => void (running.outcome = { ok: false, error }),
  );
  while (!running.outcome) {
    await doneOrLate(done);
    if (!running.outcome && (await isBlocked(monitor, statement.session.pid))) break;
  }
  return running;
}

async function doneOrLate(done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise<void>((late) => (timer = realTimers.setTimeout(late, LOOK_AFTER_MS)))]);
  realTimers.clearTimeout(timer);
}

/** Whoever waits for a backend of ours waits for a lock: none of ours works but those that were just woken. */
async function isBlocked(monitor: pg.Client, pid: number): Promise<boolean> {
  const { rows } = await monitor.query<{ blocked: boolean }>({
    name: 'blocked',
    text: `select exists (select from pg_stat_activity where pid = any(pg_blocking_pids($1)) and application_name = 'proof' and datname = current_database()) as blocked`,
    values: [pid],
  });
  return rows[0]!.blocked;
}

/** After a transaction ended: waits until each statement that waited is done or waits again, and answers those done. */
export async function settleBlocked(blocked: readonly RunningStatement[], monitor: pg.Client): Promise<RunningStatement[]> {
  for (;;) {
    const waiting = blocked.filter((one) => !one.outcome);
    const still: boolean[] = [];
    for (const one of waiting) still.push(await isBlocked(monitor, one.statement.session.pid));
    // Twice the same, with nobody on the move in between.
    if (still.every(Boolean) && waiting.every((one) => !one.outcome)) return blocked.filter((one) => one.outcome);
    await realPause(1);
  }
}
