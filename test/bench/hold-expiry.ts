import { instant } from '../../domain/time.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { Database, Sql } from '../../platform/stores/sql.ts';
import { startExpiryTimer } from '../../subgraphs/inventory/holds/expiry.ts';
import { createHoldPlacement } from '../../subgraphs/inventory/holds/placement.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';
import { requestOf } from './hold-load.ts';
import { percentile, printTable } from './report.ts';

const CASES = [
  { name: '1000 at one instant', holds: 1_000, spreadMs: 0 },
  { name: '5000 at one instant', holds: 5_000, spreadMs: 0 },
  { name: '5000 over 2 s', holds: 5_000, spreadMs: 2_000 },
];
/** Longer than setting up takes. */
const AHEAD_MS = 2_500;
const SKUS = 100;

/** From the instant a hold expires until the transaction that gives its goods back and announces it has committed. */
export async function reportExpiry(database: Database): Promise<void> {
  const rows: string[][] = [];
  for (const { name, holds, spreadMs } of CASES) {
    const late = await measure(database, holds, spreadMs);
    rows.push([name, percentile(late, 0.5).toFixed(1), percentile(late, 0.99).toFixed(1), percentile(late, 1).toFixed(1)]);
  }
  console.log();
  printTable(['expiry, lateness in ms', 'p50', 'p99', 'max'], rows);
  console.log(`  ${SKUS} SKUs. Until the commit that gives the goods back; availability ignores an expired hold at once, whenever that is.`);
}

async function measure(database: Database, holds: number, spreadMs: number): Promise<readonly number[]> {
  // Those of the rounds before belong to nobody any more.
  await database.run(`update inventory.hold set expires_at = expires_at + interval '1 day' where state = 'HELD'`);
  const { placeHold } = createHoldPlacement({ database, clock: systemClock, policy: DEFAULT_POLICY });
  const outcomes = await Promise.all(Array.from({ length: holds }, (_, index) => placeHold(requestOf(`S${index % SKUS}`))));
  const ids = outcomes.flatMap((outcome) => (outcome.kind === 'HELD' ? [outcome.hold.id] : []));
  await database.run('vacuum analyze inventory.hold, inventory.hold_line');
  const firstAtMs = systemClock.now() + AHEAD_MS;
  const dueAtMs = new Map(ids.map((id, index) => [id, firstAtMs + Math.floor((index * spreadMs) / holds)]));
  await database.run(
    'update inventory.hold set expires_at = due from unnest($1::text[], $2::timestamptz[]) as chosen(hold_id, due) where id = hold_id',
    [ids, ids.map((id) => instant(dueAtMs.get(id)!))],
  );
  const committedAtMs = new Map<string, number>();
  const timer = startExpiryTimer({ database: noting(database, committedAtMs), clock: systemClock }, silentLog);
  while (committedAtMs.size < ids.length) await new Promise((done) => setTimeout(done, 50));
  await timer.stop();
  return ids.map((id) => committedAtMs.get(id)! - dueAtMs.get(id)!);
}

/** The database, noting of each hold when the transaction that expired it had committed. */
function noting(database: Database, committedAtMs: Map<string, number>): Database {
  return {
    ...database,
    transaction: async (work) => {
      const expired: string[] = [];
      const note = async <Row>(tx: Sql, text: string, values?: readonly unknown[]): Promise<readonly Row[]> => {
        const rows = await tx.query<Row>(text, values);
        if (text.includes(`set state = 'EXPIRED'`)) expired.push(...rows.map((row) => (row as { readonly id: string }).id));
        return rows;
      };
      const result = await database.transaction((tx) => work({ run: tx.run, query: (text, values) => note(tx, text, values) }));
      for (const id of expired) committedAtMs.set(id, systemClock.now());
      return result;
    },
  };
}
