import { Gauge } from 'prom-client';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { partMetrics } from '../../../platform/metrics.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { findAbsence, HOURS_A_WEEK, WINDOWS_MINUTES, type Absence, type WeeklyRhythm } from './absence.ts';
import type { AlertSettings } from './settings.ts';
import { countSince, findStuck, findUnshipped, readRhythms, recordFindings, ALERT_KINDS, type Finding } from './store.ts';

export interface AlertTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

const openAlerts = new Gauge({ name: 'order_alerts_open', help: 'Alerts on orders that are open, by kind', labelNames: ['kind'], registers: [partMetrics] });

/** Of one kind, so that one alert's flood leaves the others readable. */
const MOST = 500;

export interface Rhythm extends WeeklyRhythm {
  readonly channel: string;
}

/** How each channel's orders usually come in: of the whole weeks before the longest window, so that today's silence is no part of it. */
export async function readUsual(sql: Sql, now: Instant, weeks: number): Promise<readonly Rhythm[]> {
  const hours = await readRhythms(sql, addMs(now, -Math.max(...WINDOWS_MINUTES) * 60_000), weeks);
  return [...Map.groupBy(hours, ({ channel }) => channel)].map(([channel, rows]) => {
    const counts = Array<number>(HOURS_A_WEEK).fill(0);
    for (const { hour, count } of rows) counts[hour]! += count;
    return { channel, weeks: rows[0]!.weeks, counts };
  });
}

/** Looks once; by one process at a time. What is found is opened, what is found no more is resolved, both are told in the log. */
export async function lookOnce({ database, clock, log }: AlertTools, settings: AlertSettings, usual: readonly Rhythm[]): Promise<void> {
  await database.tryWithLock('orders alerts', async () => {
    const now = instant(clock.now());
    const findings = [
      ...(await findUnshipped(database, addMs(now, -settings.unshippedAfterMs), MOST)),
      ...(await findStuck(database, addMs(now, -settings.stuckAfterMs), MOST)),
      ...(await findAbsent(database, now, usual)),
    ];
    const { opened, resolved } = await database.transaction((tx) => recordFindings(tx, findings, now));
    for (const kind of ALERT_KINDS) openAlerts.set({ kind }, findings.filter((finding) => finding.kind === kind).length);
    for (const { kind, subject, detail, since } of opened) log.warn({ alert: kind, subject, since }, detail);
    for (const { kind, subject } of resolved) log.info({ alert: kind, subject }, 'an alert has resolved itself');
  });
}

/** Channels from which fewer orders come than at this hour of the week in the weeks before. */
async function findAbsent(sql: Sql, now: Instant, usual: readonly Rhythm[]): Promise<readonly Finding[]> {
  if (usual.length === 0) return [];
  const moments = WINDOWS_MINUTES.map((minutes) => addMs(now, -minutes * 60_000));
  const counts = await countSince(sql, moments, now);
  return usual.flatMap((rhythm): Finding[] => {
    const counted = moments.map((since) => counts.find((row) => row.channel === rhythm.channel && row.since === since)?.count ?? 0);
    const absence = findAbsence(rhythm, counted, Date.parse(now));
    return absence === null ? [] : [findingOf(rhythm.channel, absence, now)];
  });
}

const findingOf = (channel: string, { minutes, expected, counted }: Absence, now: Instant): Finding => ({
  kind: 'ABSENT', subject: channel, orderId: null, since: addMs(now, -minutes * 60_000),
  detail: `${counted} order(s) of ${channel === '' ? 'no channel' : `channel ${channel}`} in ${minutes} minutes; about ${Math.round(expected)} are usual at this time of the week`,
});

const HOUR_MS = 3_600_000;

/** What is usual changes slowly and takes a look at weeks of orders: read once an hour. */
function createUsual({ database, clock }: AlertTools, { weeks }: AlertSettings): () => Promise<readonly Rhythm[]> {
  let known: { readonly hour: number; readonly usual: readonly Rhythm[] } | null = null;
  return async () => {
    const hour = Math.floor(clock.now() / HOUR_MS);
    if (known?.hour !== hour) known = { hour, usual: await readUsual(database, instant(clock.now()), weeks) };
    return known.usual;
  };
}

export interface Alerts {
  stop(): Promise<void>;
}

/** Looks now and then until stopped. */
export function startAlerts(tools: AlertTools, settings: AlertSettings): Alerts {
  const usual = createUsual(tools, settings);
  const look = async (): Promise<void> => {
    try {
      await lookOnce(tools, settings, await usual());
    } catch (error) {
      tools.log.warn({ error: (error as Error).message }, 'alerts could not be looked for; they are again');
    }
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, settings.everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
