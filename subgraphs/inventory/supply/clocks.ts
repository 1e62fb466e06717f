import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database } from '../../../platform/stores/sql.ts';

/** How far a clock is ahead of another, as far as one question and its answer can tell: the truth lies within. */
export interface ClockDifference {
  readonly clock: string;
  /** OURS: this process against the database. VENDOR: the vendor against this process. */
  readonly kind: 'OURS' | 'VENDOR';
  readonly differenceMs: number;
}

export interface ClockWatchOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells this process from others of the house. */
  readonly processName: string;
  /** How far the vendor's clock is ahead of ours, where it tells its time. */
  readonly vendorClock: () => ClockDifference | null;
}

/** Beyond it a difference is told and allowed for. What readings and acceptances may differ by anyway. */
const TOLERATED_MS = 1_000;

/**
 * Compares this process' clock with the database's: the answer was given between asking and hearing, so a difference
 * within the time that took is none.
 */
export async function compareClocks(database: Database, clock: Clock, name: string): Promise<ClockDifference> {
  const askedMs = clock.now();
  const [row] = await database.query<{ at: string }>('select clock_timestamp() as at');
  const heardMs = clock.now();
  const toldMs = Date.parse(row!.at);
  return { clock: name, kind: 'OURS', differenceMs: askedMs > toldMs ? askedMs - toldMs : Math.min(0, heardMs - toldMs) };
}

/**
 * Writes down what was measured; readings then prove an order by that much later (`inventory.clock_margin()`). Clocks
 * nobody has measured for a day are forgotten. Answers those that are off by more than is tolerated.
 */
export async function recordClocks(database: Database, measured: readonly ClockDifference[]): Promise<readonly ClockDifference[]> {
  await database.run(
    `insert into inventory.clock_difference (clock, kind, difference_ms)
     select clock, kind, "differenceMs" from jsonb_to_recordset($1::jsonb) as m(clock text, kind text, "differenceMs" numeric)
     on conflict (clock) do update set difference_ms = excluded.difference_ms, measured_at = clock_timestamp()`,
    [JSON.stringify(measured)],
  );
  await database.run(`delete from inventory.clock_difference where measured_at < clock_timestamp() - interval '1 day'`);
  return measured.filter(({ differenceMs }) => Math.abs(differenceMs) > TOLERATED_MS);
}

/** Measures and writes down, again and again; warns when a clock begins to be off. */
export function createClockWatch({ database, clock, log, processName, vendorClock }: ClockWatchOptions): () => Promise<void> {
  let known = new Set<string>();
  return async () => {
    const vendor = vendorClock();
    const off = await recordClocks(database, [await compareClocks(database, clock, processName), ...(vendor === null ? [] : [vendor])]);
    for (const { clock: name, kind, differenceMs } of off.filter((one) => !known.has(one.clock))) {
      log.warn({ clock: name, differenceMs }, kind === 'OURS' ? 'this clock and the database differ: orders leave the ledger that much later' : 'the vendor tells another time than we have');
    }
    known = new Set(off.map((one) => one.clock));
  };
}

/** Sentences on clocks that are off by more than is tolerated. */
export async function reasonsOfClocks(database: Database): Promise<readonly string[]> {
  const rows = await database.query<{ clock: string; kind: ClockDifference['kind']; ms: string }>(
    `select clock, kind, round(difference_ms)::text as ms from inventory.clock_difference where abs(difference_ms) > $1 order by clock`,
    [TOLERATED_MS],
  );
  return rows.map(({ clock, kind, ms }) => {
    const off = `the clock of ${clock} is ${Math.abs(Number(ms)) / 1_000} s ${Number(ms) > 0 ? 'ahead of' : 'behind'} ${kind === 'OURS' ? "the database's" : 'ours'}`;
    return kind === 'OURS' ? `${off}: orders leave the ledger that much later; run NTP` : `${off}; run NTP`;
  });
}
