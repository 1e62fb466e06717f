import type { Pump, PumpOptions } from '../../../../platform/job-pump.ts';
import type { Job } from '../../../../platform/job-pump.ts';
import type { Jobs } from '../../../../platform/jobs.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { Life } from '../../world/life.ts';
import type { Random } from '../../world/random.ts';
import type { Scheduler } from '../../world/scheduler.ts';

/** The table behind it, in the schema of the simulation: enqueued in the same transaction as the order, as pg-boss does. */
export const JOB_DDL = `create table sim.job (
  id bigint generated always as identity primary key, queue text not null, data jsonb not null, due_at timestamptz not null,
  attempt integer not null default 0, taken_until timestamptz)`;

/** Pokes workers when something may be due, so that none has to look all the time. */
export interface JobBoard {
  add(worker: Worker): void;
  remove(worker: Worker): void;
  /** Something was enqueued, though perhaps not committed yet. */
  expect(afterMs: number): void;
  /** A job is about to be given to a second worker. */
  hasten(afterMs: number): void;
  /** The queue is closed: somebody looks again after a while. */
  lookAgain(): void;
}

interface Worker {
  poke(): void;
}

/** As they are defined for the queue in production: longer under work is dead. */
const EXPIRES_AFTER_MS = 300_000;
const LOOKS_AFTER_MS = [20, 3_000];
/** Looked at again when the queue is closed. */
const CLOSED_FOR_MS = 12_000;
const LOOKS_EVERY_MS = 60_000;

export function createJobBoard(scheduler: Scheduler, random: Random): JobBoard {
  const workers = new Set<Worker>();
  const look = (): void => {
    if (workers.size > 0) random.pick([...workers]).poke();
  };
  // However many ask for it, somebody looks once a second.
  const planned = new Set<number>();
  const plan = (afterMs: number): void => {
    const second = Math.ceil((scheduler.now() + afterMs) / 1_000);
    if (planned.has(second)) return;
    planned.add(second);
    scheduler.at(scheduler.now() + afterMs + random.int(0, 500), () => {
      planned.delete(second);
      look();
    });
  };
  const patrol = (): void => {
    look();
    scheduler.at(scheduler.now() + LOOKS_EVERY_MS, patrol);
  };
  scheduler.at(scheduler.now() + LOOKS_EVERY_MS, patrol);
  return {
    add: (worker) => void workers.add(worker),
    remove: (worker) => void workers.delete(worker),
    expect: (afterMs) => LOOKS_AFTER_MS.forEach((moreMs) => plan(afterMs + moreMs)),
    hasten: (afterMs) => void scheduler.at(scheduler.now() + afterMs + random.int(1, 60), look),
    lookAgain: () => plan(CLOSED_FOR_MS),
  };
}

export interface JobsOptions {
  readonly database: Database;
  readonly board: JobBoard;
  readonly life: Life;
  readonly random: Random;
  /** Chance that a job is given to another while its worker is still at it. */
  readonly hastiness: () => number;
}

type Taken = Job<unknown>;

const TAKE = `update sim.job set attempt = attempt + 1, taken_until = clock_timestamp() + $2::integer * interval '1 ms'
  where id = (select id from sim.job where queue = $1 and due_at <= clock_timestamp() and (taken_until is null or taken_until <= clock_timestamp())
    order by due_at, id limit 1 for update skip locked)
  returning id::text, data, attempt - 1 as attempt`;

const AGAIN = `update sim.job set taken_until = null, due_at = clock_timestamp() + least(power(2, attempt), 600) * interval '1 s' where id = $1`;

/** What a process has of the queue: at least once, to whoever comes first, again when its worker died or threw. */
export function createJobs({ database, board, life, random, hastiness }: JobsOptions): Jobs {
  const patience = (): number => {
    if (!random.chance(hastiness())) return EXPIRES_AFTER_MS;
    const hasteMs = random.pick([10, 40, 200, 2_000, 15_000]);
    board.hasten(hasteMs);
    return hasteMs;
  };
  const start = (queue: string, handle: (job: Taken) => Promise<void>, admit: (free: number) => Promise<number>): Pump => {
    let looking = false;
    const next = async (): Promise<Taken | null> => {
      if ((await admit(1)) > 0) return (await database.query<Taken>(TAKE, [queue, patience()]))[0] ?? null;
      board.lookAgain();
      return null;
    };
    const work = async (): Promise<void> => {
      looking = true;
      try {
        for (let job = await next(); job; job = await next()) await finish(database, board, job, handle);
      } catch {
        board.expect(1_000);
      }
      looking = false;
    };
    const worker: Worker = { poke: () => void (looking || work()) };
    board.add(worker);
    life.onEnd(() => board.remove(worker));
    return { stop: async () => board.remove(worker) };
  };
  return {
    defineQueue: async () => undefined,
    enqueue: async (tx, queue, data, { startAfterSeconds = 0 } = {}) => {
      await tx.run(`insert into sim.job (queue, data, due_at) values ($1, $2::jsonb, clock_timestamp() + $3::float8 * interval '1 s')`, [queue, JSON.stringify(data), startAfterSeconds]);
      board.expect(startAfterSeconds * 1_000);
    },
    enqueueAll: async (tx, queue, data) => {
      await tx.run(`insert into sim.job (queue, data, due_at) select $1, value, clock_timestamp() from jsonb_array_elements($2::jsonb)`, [queue, JSON.stringify(data)]);
      board.expect(0);
    },
    withoutJob: async (sql, queue, key, values) => {
      const rows = await sql.query<{ value: string }>(
        `select value from unnest($3::text[]) as value where value not in (select data ->> $2 from sim.job where queue = $1 and data ? $2)`, [queue, key, values]);
      return rows.map(({ value }) => value);
    },
    work: async (queue, handle, { workers, admit = async (free) => free }: PumpOptions) => {
      const pumps = Array.from({ length: workers }, () => start(queue, handle as (job: Taken) => Promise<void>, admit));
      return { stop: async () => void (await Promise.all(pumps.map((pump) => pump.stop()))) };
    },
    stop: async () => undefined,
  };
}

async function finish(database: Database, board: JobBoard, job: Taken, handle: (job: Taken) => Promise<void>): Promise<void> {
  const failed = await handle(job).then(() => false, () => true);
  board.expect(failed ? 2 ** Math.min(10, job.attempt + 1) * 1_000 : EXPIRES_AFTER_MS);
  await database.run(failed ? AGAIN : 'delete from sim.job where id = $1', [job.id]);
}
