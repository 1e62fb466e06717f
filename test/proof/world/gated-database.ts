import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Session, Sessions } from './sessions.ts';
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
}

/** A lost connection: whoever sees it does not know what became of the transaction. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection was lost (simulated)');
  }
}

/** The real PostgreSQL behind a gate: each statement waits until the scheduler lets it through. */
export function createGatedDatabase(options: GateOptions): Database {
  const { sessions, locks } = options;
  const alone = async (text: string, values: readonly unknown[]): Promise<Result> => {
    const session = sessions.acquire(false);
    try {
      return await pass(options, session, text, values, true);
    } finally {
      sessions.release(session);
    }
  };
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await alone(text, values)).rows as Row[],
    run: async (text, values = []) => (await alone(text, values)).rowCount ?? 0,
    transaction: (work) => transact(options, work),
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

interface Result {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

function pass({ scheduler, random, who, lossiness }: GateOptions, session: Session, text: string, values: readonly unknown[], endsTransaction: boolean): Promise<Result> {
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
    scheduler.submit({ session, text, values, endsTransaction, who, resolve: answer, reject });
  });
}

async function transact<T>(options: GateOptions, work: (tx: Sql) => Promise<T>): Promise<T> {
  const session = options.sessions.acquire(true);
  let begun = false;
  // One after the other, also where the code does not wait for the first before it asks for the second.
  let turn: Promise<unknown> = Promise.resolve();
  const step = (text: string, values: readonly unknown[], endsTransaction: boolean): Promise<Result> => {
    begun = true;
    const result = turn.then(() => pass(options, session, text, values, endsTransaction));
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
    options.sessions.release(session);
  }
}
