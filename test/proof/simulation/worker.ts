import 'reflect-metadata';
import { replaceBuiltins } from '../world/builtins.ts';

replaceBuiltins();
const { openSimulation } = await import('./simulation-database.ts');
const { runSeed } = await import('./seed.ts');

/** One process of the simulation: `worker.ts <first seed> <count>`; a line of JSON for each seed on standard output. */
const [first = 1, count = 1] = process.argv.slice(2).map(Number);
const simulation = await openSimulation(process.env['PROOF_DATABASE_URL']!);
const wantsTrace = process.env['PROOF_TRACE'] === 'true';
for (let seed = first; seed < first + count; seed += 1) {
  await simulation.reset(seed);
  const report = await runSeed(seed, simulation.sessions);
  process.stdout.write(`${JSON.stringify(wantsTrace || report.violation ? report : { ...report, trace: [] })}\n`);
  if (report.violation) break;
}
await simulation.close();
