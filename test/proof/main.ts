import { parseArgs } from 'node:util';
import { hasRedisServer } from '../support/redis-server.ts';
import { runBuyers } from './concurrency/run-buyers.ts';
import { runStorm } from './concurrency/run-storm.ts';
import { chooseMutations } from './mutations/mutation.ts';
import { MUTATIONS } from './mutations/mutations.ts';
import { hunt, tellHunt } from './mutations/run.ts';
import { FULL, WORKERS } from './scale.ts';
import { tellExact, tellProgress, tellViolation } from './simulation/progress.ts';
import { runSimulation } from './simulation/run.ts';

/* npm run proof:oversell -- [simulation | mutations | concurrency | all] [--seeds n] [--first n] [--seed n] [--mutation name] [--buyers n] [--kills n] */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string' }, first: { type: 'string' }, seed: { type: 'string' }, kills: { type: 'string' }, buyers: { type: 'string' }, mutation: { type: 'string' } },
});
const part = positionals[0] ?? 'all';
const mutations = chooseMutations(MUTATIONS, values.mutation);
const planted = values.mutation === undefined ? {} : { mutation: values.mutation };

/** Each part says what it found and answers whether all held. */
const PARTS: Readonly<Record<string, () => Promise<boolean>>> = { simulation: simulate, mutations: mutate, concurrency: compete };

async function simulate(): Promise<boolean> {
  if (values.seed !== undefined) return replay(Number(values.seed));
  const seeds = Number(values.seeds ?? FULL.seeds);
  const report = await runSimulation({ firstSeed: Number(values.first ?? 1), seeds, workers: WORKERS, ...planted, onSeed: tellProgress(seeds, console.log) });
  console.log(`simulation: ${report.seeds} seeds, ${report.steps} steps, ${JSON.stringify(report.counts)}`);
  if (report.violated) console.log(tellViolation(report.violated));
  return report.violated === null;
}

async function replay(seed: number): Promise<boolean> {
  let trace: readonly string[] = [];
  const { violated } = await runSimulation({
    firstSeed: seed, seeds: 1, workers: 1, wantsTrace: true, ...planted, onSeed: (report) => (trace = report.trace),
  });
  console.log(`seed ${seed}: ${tellExact(seed)}`);
  console.log(trace.join('\n'));
  console.log(violated ? `seed ${seed}: ${violated.violation!.message}` : `seed ${seed}: every rule held`);
  return violated === null;
}

async function mutate(): Promise<boolean> {
  let caught = 0;
  for (const mutation of mutations) {
    const found = await hunt(mutation, Number(values.seeds ?? FULL.seedsPerMutation));
    console.log(tellHunt(mutation, found));
    if (found.caught) caught += 1;
  }
  console.log(`mutations: ${caught} of ${mutations.length} caught`);
  return caught === mutations.length;
}

async function compete(): Promise<boolean> {
  const sale = await runBuyers({ ...FULL.buyers, buyers: Number(values.buyers ?? FULL.buyers.buyers) });
  console.log(`concurrency: ${sale.asked} buyers, ${sale.sold} of ${FULL.buyers.units} units sold, ${sale.committed} in the books, ${sale.seconds.toFixed(1)} s`);
  const kills = Number(values.kills ?? FULL.storm.kills);
  const storm = await runStorm({ ...FULL.storm, kills, withRedis: hasRedisServer(), onKill: (count, acknowledged) => console.log(`${count} kills, ${acknowledged} commits acknowledged`) });
  console.log(`concurrency: ${JSON.stringify(storm)}`);
  return sale.sold === FULL.buyers.units && sale.committed === sale.sold && Object.keys(storm.failures).length === 0 && storm.outboxLeft === 0;
}

const chosen = part === 'all' ? Object.values(PARTS) : [PARTS[part]];
let holds = true;
for (const run of chosen) {
  if (!run) throw new Error(`no part is called ${part}; there are simulation, mutations, concurrency and all`);
  holds = (await run()) && holds;
}
console.log(holds ? 'the proof holds' : 'THE PROOF DOES NOT HOLD');
process.exitCode = holds ? 0 : 1;
