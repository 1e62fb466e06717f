import { decimal } from '../../../domain/decimal.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { createTestDatabase } from '../../support/database.ts';
import { Erp } from '../world/erp.ts';
import { createRandom } from '../world/random.ts';
import { startChild } from './child.ts';
import { prepareStock } from './prepare-stock.ts';

export interface BuyersReport {
  readonly asked: number;
  /** Acknowledged to buyers. */
  readonly sold: number;
  /** In the books. */
  readonly committed: number;
  readonly held: number;
  readonly seconds: number;
}

/** Many buyers, few units, over real processes on one real PostgreSQL. */
export async function runBuyers(options: { readonly units: number; readonly buyers: number; readonly processes: number; readonly inFlight: number }): Promise<BuyersReport> {
  const store = await createTestDatabase();
  try {
    const facts = { stock: [{ sku: 'HOT', locationCode: 'L1', quantity: decimal(options.units) }], purchases: [], kits: new Map() };
    await prepareStock(store.url, new Erp(facts, { random: createRandom(1), now: systemClock.now, note: () => undefined }), ['HOT']);
    const startedAt = systemClock.monotonic();
    const totals = { asked: 0, sold: 0 };
    const each = Math.ceil(options.buyers / options.processes);
    const codes = await Promise.all(Array.from({ length: options.processes }, (_, index) =>
      startChild('buyers-worker.ts', [store.url, `process${index + 1}`, String(each), String(options.inFlight)], (line) => {
        const { asked, sold } = JSON.parse(line) as { asked: number; sold: number };
        totals.asked += asked;
        totals.sold += sold;
      }).ended));
    if (codes.some((code) => code !== 0)) throw new Error(`a process of buyers broke down: ${codes.join(', ')}`);
    return { ...totals, ...(await readBooks(store.database)), seconds: (systemClock.monotonic() - startedAt) / 1_000 };
  } finally {
    await store.drop();
  }
}

async function readBooks(database: Database): Promise<{ committed: number; held: number }> {
  const [row] = await database.query<{ committed: number; held: number }>(
    `select (select coalesce(sum(line.quantity), 0)::integer from inventory.hold_line line join inventory.hold on hold.id = line.hold_id where hold.state = 'COMMITTED') as committed,
       (select sum(held)::integer from inventory.stock_level) as held`,
  );
  return row!;
}
