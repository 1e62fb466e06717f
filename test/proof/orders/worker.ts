import 'reflect-metadata';
import { replaceBuiltins } from '../world/builtins.ts';

// Before anything of the code under proof is loaded.
replaceBuiltins();
const { openSimulation } = await import('../simulation/simulation-database.ts');
const { MIGRATIONS, SCHEMA } = await import('../../../subgraphs/orders/schema.sql.ts');
const { JOB_DDL } = await import('./world/jobs.ts');
const { runOrdersSeed } = await import('./seed.ts');

/** One process of the simulation: `worker.ts <database> <first seed> <last seed> <step> <trace?>`. A line of JSON per seed; ends at the first violation. */
const [url, first, last, step, wantsTrace] = process.argv.slice(2);
const simulation = await openSimulation(url!, [{ schema: SCHEMA, migrations: MIGRATIONS }]);
await simulation.sessions.monitor.query(JOB_DDL);
for (let seed = Number(first); seed <= Number(last); seed += Number(step)) {
  await simulation.reset();
  await simulation.sessions.monitor.query('truncate sim.job restart identity');
  const report = await runOrdersSeed(seed, simulation.sessions, wantsTrace === 'true');
  await new Promise((written) => process.stdout.write(`${JSON.stringify(report)}\n`, written));
  // Its transactions are still open, perhaps waiting for each other.
  if (report.violation) process.exit(0);
}
await simulation.close();
