import { parseArgs } from 'node:util';
import { chooseMutations } from '../mutations/mutation.ts';
import { hunt, tellHunt } from '../mutations/run.ts';
import { FULL, WORKERS } from '../scale.ts';
import { tellExact, tellProgress, tellViolation } from '../simulation/progress.ts';
import { ORDER_MUTATIONS } from './mutations.ts';
import { holds as stormHolds, stormOnOdoo, stormOnSandbox, tellStorm } from './processes/parts.ts';
import { runOrdersSimulation } from './run.ts';

/*
 * npm run proof:orders -- [simulation | mutations | processes | odoo | all] [--seeds n] [--first n] [--seed n] [--mutation name] [--kills n]
 * `mutations --mutation name` hunts one planted bug; `simulation --mutation name` runs with it, `--seed n` step by step.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string' }, first: { type: 'string' }, seed: { type: 'string' }, mutation: { type: 'string' }, kills: { type: 'string' } },
});
const part = positionals[0] ?? 'all';
const mutations = chooseMutations(ORDER_MUTATIONS, values.mutation);
const planted = values.mutation === undefined ? {} : { mutation: values.mutation };

/** Each part says what it found and answers whether all held. */
const PARTS: Readonly<Record<string, () => Promise<boolean>>> = { simulation: simulate, mutations: mutate, processes: kill, odoo: killOnOdoo };

/** What the proof is asked for; among the other tests a shorter one runs. */
const STORM = { kills: 52, inFlight: 12, downMs: 60_000, replays: 10 };
const ODOO_STORM = { kills: 6, inFlight: 4, downMs: 20_000, replays: 3 };

async function simulate(): Promise<boolean> {
  if (values.seed !== undefined) return replay(Number(values.seed));
  const seeds = Number(values.seeds ?? FULL.orders.seeds);
  const report = await runOrdersSimulation({ firstSeed: Number(values.first ?? 1), seeds, workers: WORKERS, ...planted, onSeed: tellProgress(seeds, console.log) });
  console.log(`simulation: ${report.seeds} seeds, ${report.steps} steps, ${JSON.stringify(report.counts)}`);
  if (report.violated) console.log(tellViolation(report.violated, 60, 'npm run proof:orders'));
  return report.violated === null;
}

async function replay(seed: number): Promise<boolean> {
  let trace: readonly string[] = [];
  const { violated } = await runOrdersSimulation({
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
    const found = await hunt(mutation, Number(values.seeds ?? FULL.orders.seedsPerMutation), runOrdersSimulation);
    console.log(tellHunt(mutation, found));
    if (found.caught) caught += 1;
  }
  console.log(`mutations: ${caught} of ${mutations.length} caught`);
  return caught === mutations.length;
}

async function kill(): Promise<boolean> {
  const report = await stormOnSandbox({ ...STORM, kills: Number(values.kills ?? STORM.kills) }, Number(values.first ?? 1), console.log);
  console.log(tellStorm('processes', report));
  return stormHolds(report);
}

/** Where there is no real Odoo, the reason is printed and nothing is said of it. */
async function killOnOdoo(): Promise<boolean> {
  const report = await stormOnOdoo({ ...ODOO_STORM, kills: Number(values.kills ?? ODOO_STORM.kills) }, Number(values.first ?? 1), console.log);
  if (report) console.log(tellStorm('odoo', report));
  return report === null || stormHolds(report);
}

const chosen = part === 'all' ? Object.values(PARTS) : [PARTS[part]];
let holds = true;
for (const run of chosen) {
  if (!run) throw new Error(`no part is called ${part}; there are ${Object.keys(PARTS).join(', ')} and all`);
  holds = (await run()) && holds;
}
console.log(holds ? 'the proof holds' : 'THE PROOF DOES NOT HOLD');
process.exitCode = holds ? 0 : 1;
