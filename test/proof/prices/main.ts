import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tellPrices } from './report.ts';
import { runPriceProof } from './run.ts';

/*
 * npm run proof:prices -- [--every n]: every basket AdventureWorks sold, priced as it was on its day. Reads the folder of reference data
 * at SHARED_DIR (../shared) and uses the PostgreSQL at DATABASE_URL, else one of its own. Exit code 1 when a line differs without a reason.
 */

const { values } = parseArgs({ options: { every: { type: 'string' } } });
const folder = resolve(process.env['SHARED_DIR'] ?? '../shared', 'data/adventureworks');
const MARK = 2_000;

const CONFIGURATIONS = { TOLD: 'offers as the tables tell them', GRANTED: 'offers without what the tables promise and the source never gave' } as const;

process.exitCode = 0;
for (const offers of ['TOLD', 'GRANTED'] as const) {
  console.log(`\n== ${CONFIGURATIONS[offers]}`);
  const report = await runPriceProof({ folder, offers, every: Number(values.every ?? 1), onProgress: (done, of) => {
    if (done % MARK === 0) console.log(`${done} of ${of} baskets`);
  } });
  console.log(tellPrices(report));
  if (!report.holds) process.exitCode = 1;
}
