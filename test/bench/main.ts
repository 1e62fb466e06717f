/**
 * The figures of this project: ratios measured in one run. Nothing is asserted on time; what must be equal or bounded is.
 *   npm run bench [-- section ...] [--seconds 6] [--rounds 5] [--data folder of AdventureWorks]
 *   npm run bench -- stock-scale --large [--skus 4000000]
 *   npm run bench -- price-scale [--rows 5000000]
 */
import { parseArgs } from 'node:util';
import { machine, type Section } from './report.ts';

const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  pages: () => import('./page-contest.ts'),
  overhead: () => import('./overhead.ts'),
  subrequests: () => import('./subrequests.ts'),
  adventureworks: () => import('./adventureworks.ts'),
  executor: () => import('./executor.ts'),
  holds: () => import('./holds.ts'),
  atp: () => import('./atp.ts'),
  'stock-feed': () => import('./stock-feed.ts'),
  'stock-scale': () => import('./stock-scale.ts'),
  'price-scale': () => import('./price-scale.ts'),
  orders: () => import('./orders.ts'),
  'price-push': () => import('./price-push.ts'),
  subscribers: () => import('./subscribers.ts'),
  'worst-documents': () => import('./worst-documents.ts'),
  'cache-invalidation': () => import('./cache-invalidation.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string', default: `${process.env['SHARED_DIR'] ?? '../shared'}/data/adventureworks` },
    large: { type: 'boolean', default: false },
    skus: { type: 'string', default: '4000000' },
    rows: { type: 'string', default: '200000' },
  },
});
const unknown = positionals.filter((name) => !(name in SECTIONS));
const options = { roundMs: Number(values.seconds) * 1000, rounds: Number(values.rounds), dataDirectory: values.data, large: values.large, skus: Number(values.skus), rows: Number(values.rows) };
if (unknown.length > 0 || !(options.roundMs > 0) || !(options.rounds >= 1) || !(options.skus >= 1) || !(options.rows >= 1)) {
  console.error(`usage: npm run bench -- [${Object.keys(SECTIONS).join(' | ')}] [--seconds 6] [--rounds 5] [--data folder] [--large] [--skus 4000000] [--rows 200000]`);
  process.exit(2);
}

console.log(machine());
let failed = false;
for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
  console.log(`\n${name}`);
  const { failures } = await (await SECTIONS[name]!()).run(options);
  for (const failure of failures) console.error(`  FAILED ${failure}`);
  failed ||= failures.length > 0;
}
process.exit(failed ? 1 : 0);
