import { instant } from '../../domain/time.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { startExpiryTimer } from '../../subgraphs/inventory/holds/expiry.ts';
import { createHoldPlacement } from '../../subgraphs/inventory/holds/placement.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';
import { requestOf } from './hold-load.ts';
import { percentile, printTable } from './report.ts';

const HOLDS = 5_000;
/** All at the same instant, and over two seconds. */
const CASES = [{ name: `${HOLDS} at one instant`, spreadMs: 0 }, { name: `${HOLDS} over 2 s`, spreadMs: 2_000 }];
const AHEAD_MS = 6_000;

/** From the instant a hold expires to the ledger entry that gives its goods back, by the database's clock. */
export async function reportExpiry(database: Database): Promise<void> {
  const rows: string[][] = [];
  for (const { name, spreadMs } of CASES) {
    const late = await measure(database, spreadMs);
    rows.push([name, percentile(late, 0.5).toFixed(1), percentile(late, 0.99).toFixed(1), percentile(late, 1).toFixed(1)]);
  }
  console.log();
  printTable(['expiry, lateness in ms', 'p50', 'p99', 'max'], rows);
}

async function measure(database: Database, spreadMs: number): Promise<readonly number[]> {
  await database.run(`update inventory.hold set state = 'RELEASED' where state = 'HELD'`);
  const { placeHold } = createHoldPlacement({ database, clock: systemClock, policy: DEFAULT_POLICY });
  const outcomes = await Promise.all(Array.from({ length: HOLDS }, (_, index) => placeHold(requestOf(`S${index % 100}`))));
  const ids = outcomes.flatMap((outcome) => (outcome.kind === 'HELD' ? [outcome.hold.id] : []));
  const from = instant(systemClock.now() + AHEAD_MS);
  await database.run(
    `update inventory.hold set expires_at = $1::timestamptz + (position - 1) * $3::double precision / $4::double precision * interval '1 millisecond'
     from unnest($2::text[]) with ordinality as chosen(hold_id, position) where id = hold_id`, [from, ids, spreadMs, HOLDS],
  );
  const timer = startExpiryTimer({ database, clock: systemClock }, silentLog);
  try {
    return await untilExpired(database, ids);
  } finally {
    await timer.stop();
  }
}

async function untilExpired(database: Database, ids: readonly string[]): Promise<readonly number[]> {
  for (;;) {
    await new Promise((done) => setTimeout(done, 250));
    const rows = await database.query<{ late_ms: number }>(
      `select (extract(epoch from ledger.at - hold.expires_at) * 1000)::double precision as late_ms
       from inventory.ledger join inventory.hold on hold.id = ledger.hold_id where hold.id = any($1::text[]) and ledger.reason = 'EXPIRED'`, [ids],
    );
    if (rows.length === ids.length) return rows.map((row) => row.late_ms);
  }
}
