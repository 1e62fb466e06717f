import PgBoss from 'pg-boss';
import type { Log } from './log.ts';
import type { Database, Sql } from './stores/sql.ts';

export interface QueueOptions {
  readonly retryLimit: number;
  readonly retryDelaySeconds: number;
  /** A job that runs longer is taken for dead and given to another worker. */
  readonly expireInSeconds: number;
}

export interface Job<T> {
  readonly id: string;
  readonly data: T;
  /** 0 on the first attempt. */
  readonly attempt: number;
}

export interface Jobs {
  defineQueue(queue: string, options: QueueOptions): Promise<void>;
  /** Enqueues in the caller's transaction: the job exists if, and only if, the change commits. */
  enqueue(tx: Sql, queue: string, data: object, options?: { readonly startAfterSeconds?: number; readonly singletonKey?: string }): Promise<void>;
  /** Handles jobs one at a time per worker; a throw is a retry with exponential back-off. */
  work<T>(queue: string, handle: (job: Job<T>) => Promise<void>, options: { readonly workers: number; readonly pollSeconds: number }): Promise<void>;
  stop(): Promise<void>;
}

const SCHEMA = 'jobs';

/** Durable jobs in PostgreSQL (pg-boss). */
export async function startJobs({ database, log }: { readonly database: Database; readonly log: Log }): Promise<Jobs> {
  const onDatabase = (sql: Sql): PgBoss.Db => ({
    executeSql: async (text, values) => ({ rows: (await sql.query(text, values)) as unknown[] as never[] }),
  });
  const boss = new PgBoss({ db: onDatabase(database), schema: SCHEMA });
  boss.on('error', (error) => log.warn({ error: error.message }, 'job queue trouble'));
  await boss.start();
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
    work: async <T>(queue: string, handle: (job: Job<T>) => Promise<void>, { workers, pollSeconds }: { workers: number; pollSeconds: number }) => {
      for (let worker = 0; worker < workers; worker += 1) {
        await boss.work<T>(queue, { includeMetadata: true, batchSize: 1, pollingIntervalSeconds: pollSeconds }, async ([job]) => {
          if (job) await handle({ id: job.id, data: job.data, attempt: job.retryCount });
        });
      }
    },
    stop: async () => {
      await boss.stop({ graceful: true, wait: true, timeout: 10_000 });
    },
  };
}
