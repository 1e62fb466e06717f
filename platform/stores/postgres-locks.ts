import pg from 'pg';
import type { Log } from '../log.ts';

/** The server asks a silent client whether it is still there, and frees its locks when it is not. */
export const KEEPALIVE = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';

export interface LockSessionOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly log: Log;
}

export interface LockSession {
  /** Runs `work` while holding the advisory lock, or answers null at once when somebody else has it. */
  tryWithLock<T>(name: string, work: () => Promise<T>): Promise<T | null>;
  close(): Promise<void>;
}

/**
 * All session-level advisory locks of a process on one connection beside the pool. Work under a lock lasts as long as a
 * vendor takes: were each lock a connection of the pool, a dozen slow feeds would leave none for the requests.
 */
export function createLockSession({ url, applicationName, log }: LockSessionOptions): LockSession {
  // A session gets its own lock again and again: within the process this decides.
  const claimed = new Set<string>();
  const locked = new Set<string>();
  let connecting: Promise<pg.Client> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: `${applicationName} locks`, keepAlive: true, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
    client.on('error', (error) => {
      connecting = null;
      log.warn({ error: error.message }, 'the connection that holds the locks was lost');
      void client.end().catch(() => undefined);
    });
    await client.connect();
    await client.query(KEEPALIVE);
    // What is under way goes on, locked again unless another process was quicker: all of it may be done twice.
    for (const name of locked) await lock(client, name);
    return client;
  };
  /** One statement after the other, over a connection that is made anew where it was lost. */
  const inTurn = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const result = turn.then(async () => {
      connecting ??= connect().catch((error: unknown) => {
        connecting = null;
        throw error;
      });
      return work(await connecting);
    });
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    tryWithLock: async (name, work) => {
      if (claimed.has(name)) return null;
      claimed.add(name);
      try {
        if (!(await inTurn((client) => lock(client, name)))) return null;
        locked.add(name);
        return await work();
      } finally {
        if (locked.delete(name)) await inTurn((client) => unlock(client, name)).catch(() => undefined);
        claimed.delete(name);
      }
    },
    close: async () => {
      await turn;
      await (await connecting?.catch(() => null))?.end();
    },
  };
}

async function lock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [name]);
  return rows[0]!.locked;
}

const unlock = (client: pg.Client, name: string): Promise<unknown> => client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
