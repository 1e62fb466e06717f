import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { readLive } from '../check/live-read.ts';
import { writeThrough } from '../check/write-through.ts';
import { chooseLane, planLane, type LanePlan } from './hot-lane-choice.ts';
import { measureDemand, readCandidates } from './hot-lane-demand.ts';
import { markRefreshed, readMembers, readMemberSkus, replaceMembers, type HotMemberStatus } from './hot-lane-members.ts';

export interface HotLaneOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly stock: OwnedPort<'stock'> | null;
  readonly config: Pick<Config, 'HOT_REFRESH_MS' | 'HOT_LANE_SIZE' | 'HOT_CALL_SHARE'>;
}

/** The lane as operations people see it. */
export interface HotLaneStatus {
  /** SKUs at most, and time between two refreshes; null: there is no lane. */
  readonly plan: LanePlan | null;
  readonly members: readonly HotMemberStatus[];
}

export interface HotLane {
  status(): Promise<HotLaneStatus>;
  /** What is wrong, in sentences. */
  reasons(): Promise<readonly string[]>;
  start(): void;
  stop(): Promise<void>;
}

/** Another process works the lane: look again whether it still does. */
const STAND_BY_MS = 2_000;
const LATE_AFTER_TURNS = 5;
const LATE_AFTER_MS = 15_000;

/**
 * Asks the ERP every few seconds for the SKUs that sell fast and may soon be gone; everything else comes by schedule. One process at
 * a time does so; it measures demand, chooses, reads live in the lane HOT and writes what it hears where the feed's figures go.
 */
export function createHotLane(options: HotLaneOptions): HotLane {
  const { database, clock, stock } = options;
  const plan = stock?.capabilities.liveStock ? planLane(stock.capabilities, settingsOf(options)) : null;
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  return {
    start: () => {
      if (plan && stock) finished = work(options, stock, plan, stopping.signal);
    },
    stop: async () => {
      stopping.abort();
      await finished;
    },
    status: async () => ({ plan, members: await readMembers(database) }),
    reasons: async () => (plan ? reasonsOf(await readMembers(database), plan, clock.now()) : []),
  };
}

const settingsOf = ({ config }: HotLaneOptions): Parameters<typeof planLane>[1] =>
  ({ maxSize: config.HOT_LANE_SIZE, refreshMs: config.HOT_REFRESH_MS, callShare: config.HOT_CALL_SHARE / 100 });

async function work(options: HotLaneOptions, stock: OwnedPort<'stock'>, plan: LanePlan, signal: AbortSignal): Promise<void> {
  const { database, clock, log } = options;
  const turn = (): Promise<void> => refreshHotLane(options, stock, plan, signal).catch((error: Error) => {
    if (!signal.aborted) log.warn({ error: error.message }, 'the hot lane could not be refreshed; it is tried again');
  });
  const lead = async (): Promise<void> => {
    while (!signal.aborted) {
      const startedMs = clock.monotonic();
      await turn();
      await sleep(Math.max(0, plan.everyMs - (clock.monotonic() - startedMs)), signal);
    }
  };
  while (!signal.aborted) {
    await database.tryWithLock('inventory hot lane', lead).catch((error: Error) => log.warn({ error: error.message }, 'nobody can be chosen to work the hot lane; tried again'));
    await sleep(STAND_BY_MS, signal);
  }
}

/** One turn: measure, choose, ask, write. */
export async function refreshHotLane(options: HotLaneOptions, stock: OwnedPort<'stock'>, plan: LanePlan, signal?: AbortSignal): Promise<void> {
  const { database, clock } = options;
  await measureDemand(database);
  const [candidates, before] = await Promise.all([readCandidates(database, plan.size * 2), readMemberSkus(database)]);
  const members = chooseLane(candidates, before, plan.size);
  if (members.length > 0 || before.size > 0) await database.transaction((tx) => replaceMembers(tx, members));
  if (members.length === 0) return;
  const skus = members.map((member) => member.sku);
  const live = await readLive(skus, { stock, clock, deadlineMs: plan.everyMs, lane: 'HOT', signal });
  const stored = await readStoredPlaces(database, skus);
  await writeThrough(options, live, (sku) => stored.get(sku) ?? []);
  await markRefreshed(database, skus.filter((sku) => live.get(sku)?.kind !== 'SILENT'));
}

async function readStoredPlaces(sql: Sql, skus: readonly Sku[]): Promise<ReadonlyMap<Sku, readonly LocationCode[]>> {
  const rows = await sql.query<{ sku: Sku; codes: readonly LocationCode[] }>(
    `select sku, array_agg(location_code) as codes from inventory.stock_level where sku = any($1::text[]) and as_of > '-infinity' group by sku`, [skus]);
  return new Map(rows.map((row) => [row.sku, row.codes]));
}

function reasonsOf(members: readonly HotMemberStatus[], { everyMs }: LanePlan, nowMs: number): readonly string[] {
  const limitMs = Math.max(LATE_AFTER_MS, everyMs * LATE_AFTER_TURNS);
  const late = members.filter(({ refreshedAt, enteredAt }) => nowMs - Date.parse(refreshedAt ?? enteredAt) > limitMs);
  return late.length === 0 ? [] : [`hot lane: ${late.length} of ${members.length} SKUs have not been refreshed for ${Math.round(limitMs / 1_000)} s, first ${late[0]!.sku}`];
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const wake = (): void => {
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', wake);
      done();
    }, ms);
    signal.addEventListener('abort', wake, { once: true });
  });
}
