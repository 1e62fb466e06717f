import pg from 'pg';
import { SESSION } from './virtual-time.sql.ts';

/** One connection of the simulated database, used by one virtual transaction at a time. */
export interface Session {
  readonly client: pg.Client;
  readonly pid: number;
}

/** A fixed set of connections beside one that only watches. */
export interface Sessions {
  readonly monitor: pg.Client;
  acquire(): Session;
  release(session: Session): void;
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

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'proof', types: { getTypeParser: typeParser as typeof pg.types.getTypeParser } });
  await client.connect();
  await client.query(SESSION);
  return client;
}

/** @throws Error when more transactions are under way at once than there are connections. */
export async function openSessions(url: string, count: number): Promise<Sessions> {
  const monitor = await connect(url);
  const all = await Promise.all(Array.from({ length: count }, async (): Promise<Session> => {
    const client = await connect(url);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { client, pid: rows[0]!.pid };
  }));
  // The last one used is used next: the same seed uses the same connections.
  let free = [...all];
  return {
    monitor,
    acquire: () => {
      const session = free.pop();
      if (!session) throw new Error(`more than ${count} transactions at once`);
      return session;
    },
    release: (session) => {
      free.push(session);
    },
    close: async () => {
      free = [];
      await Promise.all([monitor, ...all.map(({ client }) => client)].map((client) => client.end()));
    },
  };
}
