import type pg from 'pg';
import type { Session } from './sessions.ts';
import { doneOrBlocked, sendStatement, settleBlocked, type PendingStatement, type RunningStatement } from './statements.ts';
import { describe } from './trace.ts';

/** The transactions that are open in the database, and who of them waits for whom. */
export interface InFlight {
  /** Whether its transaction is open, or may be opened beside those that are. */
  mayBeSent(statement: PendingStatement): boolean;
  /** Sends it and tells all who got an answer by it. True: what the rules are about may have changed for others. */
  send(statement: PendingStatement): Promise<boolean>;
  /** Who waits for a lock. */
  waiting(): readonly string[];
}

export interface InFlightOptions {
  readonly monitor: pg.Client;
  readonly atOnce: number;
  readonly note: (line: () => string) => void;
  readonly writes?: RegExp;
}

/** Of no rule: where feeds stand, what is told to others, what items are. */
const WRITES = /\b(insert into|update|delete from|merge into)\s+(only\s+)?inventory\.(?!(feed|feed_reject|outbox|parked|reconciliation|difference|stock_pass|demand|demand_measured|clock_difference|hot_lane)\b)/;

export function createInFlight({ monitor, atOnce, note, writes = WRITES }: InFlightOptions): InFlight {
  const open = new Set<Session>();
  const wrote = new Set<Session>();
  let blocked: RunningStatement[] = [];

  const deliver = ({ statement, outcome }: RunningStatement): void => {
    if (outcome!.ok) statement.resolve(outcome!.result);
    else statement.reject(outcome!.error);
  };
  const close = ({ statement: { session, text, endsTransaction } }: RunningStatement): boolean => {
    if (!endsTransaction) return false;
    open.delete(session);
    return wrote.delete(session) && text !== 'rollback';
  };
  /** Somebody let go of locks: who got them? Of two open transactions one waits at most, and now it waits for nobody. */
  const settle = async (): Promise<RunningStatement[]> => {
    if (blocked.length === 0) return [];
    if (blocked.length === 1 && open.size <= 2) await blocked[0]!.done;
    const woken = await settleBlocked(blocked, monitor);
    blocked = blocked.filter((one) => !woken.includes(one));
    for (const one of woken) note(() => `got its lock: ${describe(one, one.outcome)}`);
    return woken;
  };
  /** All wait for each other: PostgreSQL gives one of them up. */
  const breakDeadlock = async (): Promise<RunningStatement[]> => {
    await Promise.race(blocked.map(({ done }) => done));
    return settle();
  };
  return {
    mayBeSent: ({ session }) => open.has(session) || open.size < atOnce,
    waiting: () => blocked.map(({ statement }) => statement.who),
    send: async (statement) => {
      open.add(statement.session);
      if (writes.test(statement.text)) wrote.add(statement.session);
      const running = await sendStatement(statement);
      // Whom nobody stands beside, nobody keeps waiting.
      await (open.size === 1 ? running.done : doneOrBlocked(running, monitor));
      const { outcome } = running;
      note(() => describe(running, outcome));
      if (!outcome) blocked.push(running);
      const finished = outcome ? [running] : [];
      // Nobody is told anything before it is settled who got through: how long that takes must decide nothing.
      if (outcome && (statement.endsTransaction || !outcome.ok)) finished.push(...(await settle()));
      else if (blocked.length === open.size) finished.push(...(await breakDeadlock()));
      const changed = finished.map(close).some(Boolean);
      finished.forEach(deliver);
      return changed;
    },
  };
}
