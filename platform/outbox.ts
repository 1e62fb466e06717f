import type { Log } from './log.ts';
import type { EventLog } from './stores/event-log.ts';
import { prepared, type Database, type Sql } from './stores/sql.ts';

/** DDL of an outbox table; part of the owning schema's first migration. */
export const outboxDdl = (schema: string): string =>
  `create table ${schema}.outbox (id bigint generated always as identity primary key, topic text not null, payload jsonb not null)`;

export interface OutboxEvent {
  readonly topic: string;
  readonly payload: unknown;
}

/** A payload as the event log gets it. */
export type RelayedEvent = object & {
  /**
   * Its id in the outbox, as text. Of what changes under a lock that is held until the end of the transaction it grows with
   * every change: an event seen before, or older than one seen before, can be told by it.
   */
  readonly version: string;
};

/** Writes events in the caller's transaction: they leave if, and only if, the change commits. */
export async function announce(tx: Sql, schema: string, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    prepared(`with written as (
      insert into ${schema}.outbox (topic, payload) select topic, payload from jsonb_to_recordset($1::jsonb) as e(topic text, payload jsonb)
    )
    select pg_notify('outbox_${schema}', '')`),
    [JSON.stringify(events)],
  );
}

export interface OutboxRelay {
  stop(): Promise<void>;
}

export interface OutboxRelayOptions {
  readonly database: Database;
  readonly schema: string;
  readonly eventLog: EventLog;
  readonly log: Log;
  /** How often to look without being told. */
  readonly pollMs: number;
  /** What is added to an event as it leaves. */
  readonly present?: (event: RelayedEvent) => unknown;
}

const BATCH = 500;

/**
 * Moves outbox rows into the event log, in order, at least once: a row is deleted after the log has it. One relay per
 * schema works at a time (advisory lock); the others stand by.
 */
export async function startOutboxRelay(options: OutboxRelayOptions): Promise<OutboxRelay> {
  const { database, schema, log, pollMs } = options;
  let stopped = false;
  let running: Promise<void> | null = null;
  let again = false;

  const drain = async (): Promise<void> => {
    do {
      again = false;
      await database
        .tryWithLock(`outbox ${schema}`, async () => {
          while (!stopped && (await relayBatch(options)) === BATCH);
        })
        .catch((error: Error) => log.warn({ schema, error: error.message }, 'change events wait in the outbox'));
    } while (again && !stopped);
  };
  const wake = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = drain().finally(() => {
      running = null;
    });
  };
  const unlisten = await database.listen(`outbox_${schema}`, wake);
  const timer = setInterval(wake, pollMs);
  wake();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await unlisten();
      await running;
    },
  };
}

/*
 * Ids are given before the commit, so a lower one may be committed after a higher one has left: it leaves then, for only
 * what was read is deleted. Events of one thing leave in order all the same: its lock was held from before the id was taken
 * until after the commit, so whoever sees the later one sees the earlier one too.
 */
async function relayBatch({ database, schema, eventLog, present = (event) => event }: OutboxRelayOptions): Promise<number> {
  const rows = await database.query<{ id: string; topic: string; payload: object }>(
    `select id, topic, payload from ${schema}.outbox order by id limit ${BATCH}`,
  );
  let start = 0;
  while (start < rows.length) {
    const { topic } = rows[start]!;
    let end = start;
    while (end < rows.length && rows[end]!.topic === topic) end += 1;
    await eventLog.append(topic, rows.slice(start, end).map(({ id, payload }) => present({ ...payload, version: id })));
    start = end;
  }
  if (rows.length > 0) await database.run(`delete from ${schema}.outbox where id = any($1::bigint[])`, [rows.map((row) => row.id)]);
  return rows.length;
}
