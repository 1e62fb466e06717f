import { createServer, connect, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { openPostgres } from '../../../platform/stores/postgres.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let store: TestDatabase;
let small: Database;
const open = (maxConnections: number): Promise<Database> => openPostgres({ url: store.url, maxConnections, applicationName: 'small', log: silentLog });
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 10));
};

beforeAll(async () => {
  store = await createTestDatabase();
  small = await open(2);
});
afterAll(async () => {
  await small.close();
  await store.drop();
});

it('sessions give their locks back when their machine is gone', async () => {
  const [settings] = await small.query(`select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('jit') as jit`);
  expect(settings).toEqual({ idle: '1min', jit: 'off' });
});

describe('a transaction that releases its locks early', () => {
  const flushed = async (): Promise<string> => (await small.query<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn'))[0]!.lsn;
  const isAfter = async (later: string, earlier: string): Promise<boolean> =>
    (await small.query<{ after: boolean }>('select $1::pg_lsn >= $2::pg_lsn as after', [later, earlier]))[0]!.after;

  it('is on disk when it resolves, every time', async () => {
    await small.run('create table early (n integer)');
    for (let n = 0; n < 50; n += 1) {
      const written = await small.transaction(async (tx) => {
        await tx.run('insert into early values ($1)', [n]);
        return (await tx.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn'))[0]!.lsn;
      }, { releaseLocksEarly: true });
      expect(await isAfter(await flushed(), written)).toBe(true);
    }
    expect(await small.query('select count(*)::integer as n from early')).toEqual([{ n: 50 }]);
  });

  it('leaves nothing behind when it fails, and its session waits for the disk again', async () => {
    await expect(small.transaction(async (tx) => {
      await tx.run('insert into early values (-1)');
      throw new Error('no');
    }, { releaseLocksEarly: true })).rejects.toThrow('no');
    expect(await small.query('select n from early where n < 0')).toEqual([]);
    expect(await small.query(`select current_setting('synchronous_commit') as mode`)).toEqual([{ mode: 'on' }]);
  });
});

describe('locks', () => {
  it('leave the pool to the work: more locks than connections, and requests go on', async () => {
    let release: () => void = () => undefined;
    const vendor = new Promise<void>((done) => (release = done));
    const feeds = Array.from({ length: 8 }, (_, n) => small.tryWithLock(`feed ${n}`, async () => {
      await vendor;
      return (await small.query<{ n: number }>('select 1 as n'))[0]!.n;
    }));
    expect(await small.query('select 2 as n')).toEqual([{ n: 2 }]);
    release();
    expect(await Promise.all(feeds)).toEqual(Array.from({ length: 8 }, () => 1));
  });

  it('are one at a time within a process and between processes, and free again afterwards, also after a failure', async () => {
    const other = await open(2);
    const refused = small.tryWithLock('one', async () => [await small.tryWithLock('one', async () => 'in'), await other.tryWithLock('one', async () => 'in')]);
    expect(await refused).toEqual([null, null]);
    await expect(small.tryWithLock('one', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(await other.tryWithLock('one', async () => 'in')).toBe('in');
    await other.close();
  });

  it('are taken again after their connection was lost, for the work still under way', async () => {
    const other = await open(2);
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'small locks' and datname = current_database()`;
    await small.tryWithLock('long', async () => {
      await store.database.query(kill);
      await until(async () => (await small.tryWithLock('short', async () => 'in').catch(() => null)) === 'in');
      expect(await other.tryWithLock('long', async () => 'in')).toBeNull();
    });
    expect(await other.tryWithLock('long', async () => 'in')).toBe('in');
    await other.close();
  });
});

/** A road to PostgreSQL that can be closed. */
function openRoad(port: number): Promise<{ port: number; close(): void }> {
  const target = new URL(store.url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const onward = connect(Number(target.port || 5432), target.hostname);
    for (const end of [socket, onward]) sockets.add(end.on('error', () => undefined).on('close', () => sockets.delete(end)));
    socket.pipe(onward).pipe(socket);
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done({ port: (server.address() as { port: number }).port, close })));
}

describe('LISTEN', () => {
  it('comes back however often the server is away, once, and wakes whoever may have missed something', async () => {
    let road = await openRoad(0);
    const url = Object.assign(new URL(store.url), { hostname: '127.0.0.1', port: String(road.port) }).toString();
    const database = await openPostgres({ url, maxConnections: 1, applicationName: 'listener', log: silentLog });
    const heard: string[] = [];
    const unlisten = await database.listen('news', (payload) => heard.push(payload));
    const say = (text: string): Promise<unknown> => store.database.query('select pg_notify($1, $2)', ['news', text]);
    await say('one');
    await until(() => heard.includes('one'));
    road.close();
    // Longer than the first attempt to come back takes.
    await new Promise((done) => setTimeout(done, 1_500));
    road = await openRoad(road.port);
    await until(() => heard.includes(''));
    await say('two');
    await until(() => heard.includes('two'));
    expect(heard).toEqual(['one', '', 'two']);
    await unlisten();
    await database.close();
    road.close();
  });
});
