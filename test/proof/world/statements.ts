import { createHash } from 'node:crypto';
import type pg from 'pg';
import { inKnownOrder } from './known-order.ts';
import { realMs, realPause, realTurn } from './real-time.ts';
import type { Session } from './sessions.ts';

/** A statement some virtual process wants to run. It is sent when the scheduler picks it, and not before. */
export interface PendingStatement {
  readonly session: Session;
  readonly text: string;
  readonly values: readonly unknown[];
  /** A commit, a rollback, or a statement outside of any transaction: what it changed is visible to all afterwards. */
  readonly endsTransaction: boolean;
  readonly who: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** A statement that was sent. Without an outcome it waits for a lock. */
export interface RunningStatement {
  readonly statement: PendingStatement;
  outcome: Outcome | null;
  /** When there is an outcome. */
  readonly done: Promise<void>;
}

interface Result {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

type Outcome = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly error: Error };

/** Most statements take less. */
const LOOK_AFTER_MS = 0.6;
const LOOK_EVERY_MS = 5;

/** The next transaction begins with the end of the one before. */
const CHAINED: Readonly<Record<string, string>> = { commit: 'commit and chain', rollback: 'rollback and chain' };

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

/** Sends it; it is done when its outcome is there. */
export async function sendStatement(statement: PendingStatement): Promise<RunningStatement> {
  const { session, text, values } = statement;
  await session.connect();
  const query = values.length === 0 ? { text: CHAINED[text] ?? text } : { name: nameOf(text), text, values: values as unknown[] };
  const running: RunningStatement = {
    statement, outcome: null,
    done: session.client.query(query).then(
      ({ rows, rowCount }) => void (running.outcome = { ok: true, result: { rows: inKnownOrder(text, rows), rowCount } }),
      (error: Error) => void (running.outcome = { ok: false, error }),
    ),
  };
  return running;
}

/** Until it is done or is known to wait for a lock another virtual transaction holds. When we look decides nothing. */
export async function doneOrBlocked(running: RunningStatement, monitor: pg.Client): Promise<void> {
  let lookAfterMs = LOOK_AFTER_MS;
  while (!running.outcome) {
    const sinceMs = realMs();
    while (!running.outcome && realMs() - sinceMs < lookAfterMs) await realTurn();
    if (running.outcome || (await isBlocked(monitor, running.statement.session.pid))) return;
    lookAfterMs = Math.min(LOOK_EVERY_MS, lookAfterMs * 2);
  }
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

/** After a transaction ended: waits until each statement that waited is done or waits again. Answers those done. */
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
