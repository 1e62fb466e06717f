import { setTimeout } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import { startPump, type Job, type Pump, type PumpOptions } from './job-pump.ts';
import type { Log } from './log.ts';
import type { Database, Sql } from './stores/sql.ts';

export interface QueueOptions {
  readonly retryLimit: number;
  readonly retryDelaySeconds: number;
  /** A job that runs longer is taken for dead and given to another worker. */
  readonly expireInSeconds: number;
}

export interface Jobs {
  defineQueue(queue: string, options: QueueOptions): Promise<void>;
  /** Enqueues in the caller's transaction: the job exists if, and only if, the change commits. */
  enqueue(tx: Sql, queue: string, data: object, options?: { readonly startAfterSeconds?: number; readonly singletonKey?: string }): Promise<void>;
  /** The same for many jobs in one statement. */
  enqueueAll(tx: Sql, queue: string, data: readonly object[]): Promise<void>;
  /** Those of the values that no waiting job has under the key in its data; one at work may have died with its process. */
  withoutJob(sql: Sql, queue: string, key: string, values: readonly string[]): Promise<readonly string[]>;
  /** Handles jobs, `workers` at the same time; a throw is a retry with exponential back-off. Ends with `stop` of either. */
  work<T>(queue: string, handle: (job: Job<T>) => Promise<void>, options: PumpOptions): Promise<Pump>;
  stop(): Promise<void>;
}

const SCHEMA = 'jobs';
/** Jobs still at work after this long come again in another process. */
const STOP_MS = 10_000;

/** Durable jobs in PostgreSQL (pg-boss). */
export async function startJobs({ database, log }: { readonly database: Database; readonly log: Log }): Promise<Jobs> {
  const onDatabase = (sql: Sql): PgBoss.Db => ({
    executeSql: async (text, values) => ({ rows: (await sql.query(text, values)) as unknown[] as never[] }),
  });
  const boss = new PgBoss({ db: onDatabase(database), schema: SCHEMA });
  boss.on('error', (error) => log.warn({ error: error.message }, 'job queue trouble'));
  await boss.start();
  const pumps: Pump[] = [];
  return {
    defineQueue: async (queue, { retryLimit, retryDelaySeconds, expireInSeconds }) => {
      const options = { name: queue, retryLimit, retryDelay: retryDelaySeconds, retryBackoff: true, expireInSeconds };
      await boss.createQueue(queue, options);
      await boss.updateQueue(queue, options);
    },
    enqueue: async (tx, queue, data, { startAfterSeconds, singletonKey } = {}) => {
      await boss.send(queue, data, {
        db: onDatabase(tx),
        ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
        ...(singletonKey === undefined ? {} : { singletonKey }),
      });
    },
    enqueueAll: async (tx, queue, data) => {
      if (data.length > 0) await boss.insert(data.map((one) => ({ name: queue, data: one })), { db: onDatabase(tx) });
    },
    withoutJob: async (sql, queue, key, values) => {
      const rows = await sql.query<{ value: string }>(
        `select value from unnest($3::text[]) as value
         where value not in (select data ->> $2 from ${SCHEMA}.job where name = $1 and state < 'active' and data ? $2)`,
        [queue, key, values],
      );
      return rows.map(({ value }) => value);
    },
    work: async <T>(queue: string, handle: (job: Job<T>) => Promise<void>, options: PumpOptions) => {
      const source = {
        fetch: async (batchSize: number) =>
          (await boss.fetch<T>(queue, { batchSize, includeMetadata: true })).map(({ id, data, retryCount }) => ({ id, data, attempt: retryCount })),
        complete: (ids: readonly string[]) => boss.complete(queue, [...ids]),
        fail: (id: string, { message }: Error) => boss.fail(queue, id, { message }),
      };
      const pump = startPump<T>(source, handle, options, (error) => log.warn({ error: error.message }, 'job queue trouble'));
      pumps.push(pump);
      return pump;
    },
    stop: async () => {
      await Promise.race([Promise.all(pumps.map((pump) => pump.stop())), setTimeout(STOP_MS, undefined, { ref: false })]);
      await boss.stop({ graceful: true, wait: true, timeout: STOP_MS });
    },
  };
}
