import pg from 'pg';
import { outsideTheWorld } from './real-time.ts';
import { SESSION } from './virtual-time.sql.ts';

/** One connection of the simulated database, used by one virtual transaction, or one statement outside of any, at a time. */
export interface Session {
  readonly client: pg.Client;
  /** Of its backend, once connected. */
  pid: number;
  /** Connects when it is used first. */
  connect(): Promise<void>;
}

/** A fixed set of connections beside one that only watches. */
export interface Sessions {
  readonly monitor: pg.Client;
  /** For a transaction one in which it has already begun: `begin` is a round trip that decides nothing. */
  acquire(forTransaction: boolean): Session;
  /** @throws Error when it was given back before: two transactions would share it from then on, and end with the first of them. */
  release(session: Session): void;
  /** How many have not been given back. */
  inUse(): number;
  close(): Promise<void>;
}

/** As platform/stores/postgres.ts reads them: timestamps as ISO text, dates as text. */
const TIMESTAMPTZ = 1184;
const DATE = 1082;

function typeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === TIMESTAMPTZ) return (text) => new Date(text).toISOString();
  if (oid === DATE) return (text) => text;
  return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown;
}

function createSession(url: string, begun: boolean): Session {
  const client = new pg.Client({ connectionString: url, application_name: 'proof', types: { getTypeParser: typeParser as typeof pg.types.getTypeParser } });
  let connected: Promise<void> | null = null;
  const session: Session = {
    client, pid: 0,
    connect: () => (connected ??= (async () => {
      await outsideTheWorld(() => client.connect());
      await client.query(SESSION);
      if (begun) await client.query('begin');
      session.pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
    })()),
  };
  return session;
}

/** @throws Error when more transactions are under way at once than there may be connections. */
export async function openSessions(url: string, count: number): Promise<Sessions> {
  const watching = createSession(url, false);
  await watching.connect();
  const pool = (begun: boolean): Session[] => Array.from({ length: count }, () => createSession(url, begun));
  const [begun, idle] = [new Set(pool(true)), pool(false)];
  const all = [...begun, ...idle];
  // The last one used is used next: few are ever connected.
  const free = { begun: [...begun], idle: [...idle] };
  return {
    monitor: watching.client,
    acquire: (forTransaction) => {
      const session = (forTransaction ? free.begun : free.idle).pop();
      if (!session) throw new Error(`more than ${count} transactions at once`);
      return session;
    },
    release: (session) => {
      const pool = begun.has(session) ? free.begun : free.idle;
      if (pool.includes(session)) throw new Error('a connection is given back twice');
      pool.push(session);
    },
    inUse: () => all.length - free.begun.length - free.idle.length,
    close: async () => {
      await Promise.all([watching, ...all].filter(({ pid }) => pid !== 0).map(({ client }) => client.end()));
    },
  };
}
