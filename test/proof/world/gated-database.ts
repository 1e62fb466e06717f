import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Session, Sessions } from './sessions.ts';
import type { PendingStatement } from './statements.ts';
import { shorten } from './trace.ts';

export interface GateOptions {
  readonly scheduler: Scheduler;
  readonly sessions: Sessions;
  readonly random: Random;
  /** Whose statements these are, for the trace. */
  readonly who: string;
  /** Chance, per statement, that the connection is lost: before it is sent, or, of a commit, after it was carried out. */
  readonly lossiness: () => number;
  /** Advisory locks of all virtual processes. */
  readonly locks: Set<string>;
  /** Of a process that may be killed: it hears of nothing afterwards, and its transactions are rolled back. */
  readonly life?: Life;
}

/** A lost connection: whoever sees it does not know what became of the transaction. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection was lost (simulated)');
  }
}

/** The real PostgreSQL behind a gate: each statement waits until the scheduler lets it through. */
export function createGatedDatabase(options: GateOptions): Database {
  const { sessions, locks, life } = options;
  const visits = new Set<Visit>();
  life?.onEnd(async () => {
    const abandoned = [...visits];
    visits.clear();
    await Promise.all(abandoned.map((visit) => abandon(options, visit)));
  });
  const enter = (forTransaction: boolean): Visit => {
    const visit: Visit = { session: sessions.acquire(forTransaction), forTransaction, statement: null, settled: Promise.resolve() };
    visits.add(visit);
    return visit;
  };
  // A process may be killed between an answer and this: its connection is given back with it then, and by nobody else.
  const leave = (visit: Visit): void => {
    if (visits.delete(visit)) sessions.release(visit.session);
  };
  const alone = async (text: string, values: readonly unknown[]): Promise<Result> => {
    if (life?.isOver) return NEVER;
    const visit = enter(false);
    try {
      return await pass(options, visit, text, values, true);
    } finally {
      leave(visit);
    }
  };
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await alone(text, values)).rows as Row[],
    run: async (text, values = []) => (await alone(text, values)).rowCount ?? 0,
    transaction: (work) => (life?.isOver ? NEVER : transact(options, enter(true), work, leave)),
    listen: async () => async () => undefined,
    tryWithLock: async (name, work) => {
      if (locks.has(name)) return null;
      locks.add(name);
      try {
        return await work();
      } finally {
        locks.delete(name);
      }
    },
    close: async () => undefined,
  };
}

const NEVER = new Promise<never>(() => undefined);

interface Result {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

/** A connection in use, and what it was asked last. */
interface Visit {
  readonly session: Session;
  readonly forTransaction: boolean;
  statement: PendingStatement | null;
  /** When there is an outcome, whoever hears of it. */
  settled: Promise<unknown>;
}

function pass(options: GateOptions, visit: Visit, text: string, values: readonly unknown[], endsTransaction: boolean): Promise<Result> {
  const { life } = options;
  life?.beforeStatement();
  if (life?.isOver) return NEVER;
  const answer = ask(options, visit, text, values, endsTransaction);
  visit.settled = answer.catch(() => undefined);
  return life ? life.whileAlive(answer) : answer;
}

function ask({ scheduler, random, who, lossiness }: GateOptions, visit: Visit, text: string, values: readonly unknown[], endsTransaction: boolean): Promise<Result> {
  return new Promise((resolve, reject) => {
    const lost = random.chance(lossiness()) && text !== 'rollback';
    const carriedOut = random.chance(0.5);
    if (lost && !(endsTransaction && carriedOut)) {
      scheduler.note(() => `${who}: the connection is lost before ${shorten(text, 40)}`);
      scheduler.at(scheduler.now(), () => reject(new ConnectionLost()));
      return;
    }
    if (lost) scheduler.note(() => `${who}: the connection will be lost after ${shorten(text, 40)}`);
    const answer: typeof resolve = lost ? () => reject(new ConnectionLost()) : resolve;
    visit.statement = { session: visit.session, text, values, endsTransaction, who, resolve: answer, reject };
    scheduler.submit(visit.statement);
  });
}

/** What a killed process had sent arrives at the server, or not; what it had not committed is rolled back. */
async function abandon({ scheduler, sessions, random, who }: GateOptions, { session, forTransaction, statement, settled }: Visit): Promise<void> {
  const isLost = random.chance(0.5) && statement !== null && scheduler.withdraw(statement);
  if (!isLost) await settled;
  if (forTransaction && statement) {
    await new Promise<unknown>((done) => scheduler.submit({ session, text: 'rollback', values: [], endsTransaction: true, who: `${who} is dead`, resolve: done, reject: done }));
  }
  sessions.release(session);
}

async function transact<T>(options: GateOptions, visit: Visit, work: (tx: Sql) => Promise<T>, leave: (visit: Visit) => void): Promise<T> {
  let begun = false;
  // One after the other, also where the code does not wait for the first before it asks for the second.
  let turn: Promise<unknown> = Promise.resolve();
  const step = (text: string, values: readonly unknown[], endsTransaction: boolean): Promise<Result> => {
    begun = true;
    const result = turn.then(() => pass(options, visit, text, values, endsTransaction));
    turn = result.catch(() => undefined);
    return result;
  };
  const tx: Sql = {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await step(text, values, false)).rows as Row[],
    run: async (text, values = []) => (await step(text, values, false)).rowCount ?? 0,
  };
  try {
    const result = await work(tx);
    if (begun) await step('commit', [], true);
    return result;
  } catch (error) {
    // Also after a commit whose answer was lost: a second end of a transaction does nothing.
    if (begun) await step('rollback', [], true).catch(() => undefined);
    throw error;
  } finally {
    leave(visit);
  }
}
