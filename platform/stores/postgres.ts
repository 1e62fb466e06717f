import pg from 'pg';
import type { Log } from '../log.ts';
import { listen } from './postgres-listen.ts';
import { createLockSession, KEEPALIVE } from './postgres-locks.ts';
import { preparedName, type Database, type Sql, type TransactionOptions } from './sql.ts';

export interface PostgresOptions {
  readonly url: string;
  /** Connections of the pool. */
  readonly maxConnections: number;
  readonly applicationName: string;
  readonly log: Log;
}

const TIMESTAMPTZ = 1184;
const DATE = 1082;

/**
 * Compiling costs 130 ms where a statement of ours takes 20. A machine that vanished keeps its row locks until the server
 * notices: within a minute, not after the two hours TCP is patient by default. No transaction of ours waits for anybody.
 */
const SESSION = `set jit = off; set idle_in_transaction_session_timeout = '60s'; ${KEEPALIVE}`;

/** PostgreSQL through node-postgres. @throws when the server cannot be reached. */
export async function openPostgres({ url, maxConnections, applicationName, log }: PostgresOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
    keepAlive: true,
    // Statements of one transaction that are asked for at once travel at once; each is still run after the one before it.
    pipeline: true,
    // The pool waits for the promise.
    onConnect: (client) => client.query(SESSION) as unknown as void,
  });
  // A connection that dies while idle must not take the process with it; the next query gets a new one.
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ error: error.message }, 'an idle PostgreSQL connection was lost');
  });
  await (await pool.connect()).release();
  const locks = createLockSession({ url, applicationName, log });
  return {
    ...sqlOf(pool),
    transaction: (work, options) => transact(pool, work, options),
    listen: (channel, onNotify) => listen({ url, channel, onNotify, log }),
    tryWithLock: locks.tryWithLock,
    close: async () => {
      await locks.close();
      await pool.end();
    },
  };
}

function typeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === TIMESTAMPTZ) return (text) => new Date(text).toISOString();
  if (oid === DATE) return (text) => text;
  return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

function sqlOf(queryable: Queryable): Sql {
  const send = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    const name = preparedName(text);
    return queryable.query(name === undefined ? { text, values: values as unknown[] } : { name, text, values: values as unknown[] });
  };
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await send(text, values)).rows as Row[],
    run: async (text, values = []) => (await send(text, values)).rowCount ?? 0,
  };
}

/** A commit of its own that waits for the disk: with it everything that was committed before it is there. */
const FLUSH = `select pg_logical_emit_message(true, 'flush', '')`;

async function transact<T>(pool: pg.Pool, work: (tx: Sql) => Promise<T>, { releaseLocksEarly = false }: TransactionOptions = {}): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener a connection lost between two statements would take the process with it.
  const onLost = (error: Error): void => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    await Promise.all(releaseLocksEarly ? [client.query('begin'), client.query('set local synchronous_commit = off')] : [client.query('begin')]);
    const result = await work(sqlOf(client));
    await Promise.all(releaseLocksEarly ? [client.query('commit'), client.query(FLUSH)] : [client.query('commit')]);
    return result;
  } catch (error) {
    await client.query('rollback').catch(onLost);
    throw error;
  } finally {
    client.removeListener('error', onLost);
    client.release(broken);
  }
}
