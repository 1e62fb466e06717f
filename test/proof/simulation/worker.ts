import 'reflect-metadata';
import { replaceBuiltins } from '../world/builtins.ts';

// Before anything of the code under proof is loaded.
replaceBuiltins();
const { openSimulation } = await import('./simulation-database.ts');
const { runSeed } = await import('./seed.ts');

/** One process of the simulation: `worker.ts <database> <first seed> <last seed> <step> <trace?>`. A line of JSON per seed; ends at the first violation. */
const [url, first, last, step, wantsTrace] = process.argv.slice(2);
const simulation = await openSimulation(url!);
for (let seed = Number(first); seed <= Number(last); seed += Number(step)) {
  await simulation.reset();
  const report = await runSeed(seed, simulation.sessions, wantsTrace === 'true');
  await new Promise((written) => process.stdout.write(`${JSON.stringify(report)}\n`, written));
  // Its transactions are still open, perhaps waiting for each other.
  if (report.violation) process.exit(0);
}
await simulation.close();
