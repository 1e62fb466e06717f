import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ONE } from '../../domain/decimal.ts';
import type { HoldOutcome, HoldRequest } from '../../domain/inventory.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { percentile } from './report.ts';

/** Callers that each wait for their answer before they ask again. */
export const WAITING = 256;

export type PlaceHold = (request: HoldRequest) => Promise<Pick<HoldOutcome, 'kind'>>;

export interface HoldRound {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly nodeCpuUs: number;
  /** Null where the system does not tell. */
  readonly databaseCpuUs: number | null;
}

/** One piece of the next SKU under a new key. */
export const requestOf = (sku: string): HoldRequest => ({
  idempotencyKey: randomUUID(), owner: 'bench', lines: [{ sku, quantity: ONE }], channel: null, ttlSeconds: 900, replacesHoldId: null,
});

/** Closed loop of `WAITING` callers for so long. @throws when a hold is refused: then something else is measured. */
export async function runHolds(database: Database, place: PlaceHold, nextSku: () => string, durationMs: number): Promise<HoldRound> {
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  const databaseBefore = await databaseCpuUs(database);
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  const caller = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const askedAt = performance.now();
      const outcome = await place(requestOf(nextSku()));
      times.push(performance.now() - askedAt);
      if (outcome.kind !== 'HELD') throw new Error('a hold was refused for want of stock');
    }
  };
  await Promise.all(Array.from({ length: WAITING }, caller));
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const databaseAfter = await databaseCpuUs(database);
  return {
    perSecond: times.length / seconds,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    nodeCpuUs: (cpu.user + cpu.system) / times.length,
    databaseCpuUs: databaseBefore === null || databaseAfter === null ? null : (databaseAfter - databaseBefore) / times.length,
  };
}

/** Linux counts in hundredths of a second. */
const US_PER_TICK = 10_000;

/** CPU the server's processes of this database, and those that write for all, have used so far; Linux on the same machine only. */
async function databaseCpuUs(database: Database): Promise<number | null> {
  const rows = await database.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() or backend_type in ('walwriter', 'checkpointer', 'background writer')`,
  );
  try {
    return rows.reduce((total, { pid }) => total + ticksOf(pid) * US_PER_TICK, 0);
  } catch {
    return null;
  }
}

/** Fields 14 and 15 of /proc/pid/stat, counted after the name in brackets: user and system time. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
