import type pg from 'pg';
import type { Database, Sql } from '../../../platform/stores/sql.ts';

/** One connection as a database, for what happens before the world begins. */
export function ungated(client: pg.Client): Pick<Database, 'transaction'> & Database {
  const sql: Sql = {
    query: async <Row>(text: string, values: readonly unknown[] = []) => (await client.query(text, values as unknown[])).rows as Row[],
    run: async (text, values = []) => (await client.query(text, values as unknown[])).rowCount ?? 0,
  };
  return {
    ...sql,
    transaction: async (work) => {
      await client.query('begin');
      try {
        const result = await work(sql);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    },
    listen: async () => async () => undefined,
    tryWithLock: (_name, work) => work(),
    close: async () => undefined,
  };
}
