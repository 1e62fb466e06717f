import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../platform/stores/sql.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createGatedDatabase } from './world/gated-database.ts';
import { createLife, type Life } from './world/life.ts';
import { createRandom } from './world/random.ts';
import { createScheduler, type Scheduler } from './world/scheduler.ts';
import { openSessions, type Sessions } from './world/sessions.ts';
import { VIRTUAL_TIME } from './world/virtual-time.sql.ts';

/** More than there are between an answer and whatever a process does about it. */
const MOMENTS = Array.from({ length: 16 }, (_, moment) => moment);

let store: TestDatabase;
let sessions: Sessions;

beforeAll(async () => {
  store = await createTestDatabase();
  sessions = await openSessions(store.url, 4);
  await sessions.monitor.query(VIRTUAL_TIME);
  await sessions.monitor.query('create table public.written (what text)');
});

afterAll(async () => {
  await sessions.close();
  await store.drop();
});

const write = (sql: Sql, what: string): Promise<number> => sql.run('insert into public.written (what) values ($1)', [what]);

async function written(): Promise<string[]> {
  const { rows } = await sessions.monitor.query<{ what: string }>('delete from public.written returning what');
  return rows.map(({ what }) => what).sort();
}

function startWorld(): { readonly scheduler: Scheduler; open(who: string, life?: Life): Database } {
  const random = createRandom(1);
  const scheduler = createScheduler({ sessions, random: random.fork(), atOnce: Infinity, afterChange: async () => undefined, jumpiness: () => 0 });
  return { scheduler, open: (who, life) => createGatedDatabase({ scheduler, sessions, random: random.fork(), who, lossiness: () => 0, locks: new Set(), ...(life && { life }) }) };
}

/** Of a process that is killed so many moments after it hears the answer to its n-th statement. */
function shortLife(statements: number, moments: number): Life {
  const life = createLife(() => false);
  const { whileAlive } = life;
  const dieSoon = async (): Promise<void> => {
    for (let moment = 0; moment < moments; moment += 1) await null;
    life.end();
  };
  let left = statements;
  return Object.assign(life, {
    whileAlive: <T>(answer: Promise<T>): Promise<T> => {
      left -= 1;
      if (left === 0) void answer.then(dieSoon, dieSoon);
      return whileAlive(answer);
    },
  });
}

/** Two transactions that are open at a time; one is rolled back before the other commits. */
async function writeTwo(database: Database): Promise<void> {
  const [bothWrote, undone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const committed = database.transaction(async (tx) => {
    await write(tx, 'kept');
    bothWrote.resolve();
    await undone.promise;
  });
  const rolledBack = database.transaction(async (tx) => {
    await write(tx, 'undone');
    await bothWrote.promise;
    throw new Error('undo');
  });
  await expect(rolledBack).rejects.toThrow('undo');
  undone.resolve();
  await committed;
}

const LAST_WORDS: Readonly<Record<string, { readonly statements: number; readonly remains: readonly string[]; say(database: Database): Promise<unknown> }>> = {
  'its transaction is committed': { statements: 2, remains: ['said'], say: (database) => database.transaction((tx) => write(tx, 'said')) },
  'its transaction is rolled back': {
    statements: 2, remains: [],
    say: (database) => database.transaction(async (tx) => {
      await write(tx, 'said');
      throw new Error('undo');
    }).catch(() => undefined),
  },
  'its transaction has written': { statements: 1, remains: [], say: (database) => database.transaction(async (tx) => void (await write(tx, 'said'), await new Promise(() => undefined))) },
  'a statement outside of any is done': { statements: 1, remains: ['said'], say: (database) => write(database, 'said') },
};

describe('connections of a simulated process', () => {
  // Given back by the dead process and by its burial, one connection served two transactions: the first commit was both's.
  it.each(Object.entries(LAST_WORDS))('serve one transaction at a time when it is killed as it hears that %s', async (_, { statements, remains, say }) => {
    for (const moments of MOMENTS) {
      const { scheduler, open } = startWorld();
      const life = shortLife(statements, moments);
      const dead = new Promise<void>((done) => life.onEnd(done));
      void say(open('mortal', life));
      await scheduler.run(dead);
      await scheduler.run(Promise.all([writeTwo(open('other')), life.buried()]));
      await scheduler.run(writeTwo(open('other')));
      expect(await written(), `${moments} moments after`).toEqual(['kept', 'kept', ...remains]);
      expect(sessions.inUse(), `${moments} moments after`).toBe(0);
    }
  });

  it('are given back once', () => {
    const session = sessions.acquire(true);
    sessions.release(session);
    expect(() => sessions.release(session)).toThrow('a connection is given back twice');
  });
});
