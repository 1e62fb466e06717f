import { migrate } from '../../../platform/stores/migrate.ts';
import { MIGRATIONS, SCHEMA } from '../../../subgraphs/inventory/schema.sql.ts';
import { ungated } from '../world/ungated-database.ts';
import { openSessions, type Sessions } from '../world/sessions.ts';
import { START_MS, VIRTUAL_TIME } from '../world/virtual-time.sql.ts';

export interface Simulation {
  readonly sessions: Sessions;
  /** As if nothing had been before. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const CONNECTIONS = 24;
/** Emptying the tables for good is dear and done so often only; in between their rows are deleted. */
const EMPTY_EVERY = 50;

/** Migrates an empty database under virtual time, for one process alone. */
export async function openSimulation(url: string): Promise<Simulation> {
  const sessions = await openSessions(url, CONNECTIONS);
  const { monitor } = sessions;
  await monitor.query(VIRTUAL_TIME);
  await migrate(ungated(monitor), SCHEMA, MIGRATIONS);
  await monitor.query('create index proof_line_sku on inventory.hold_line (sku)');
  const { rows } = await monitor.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'inventory'`);
  const tables = rows.map(({ name }) => name);
  const initial = await keepInitial(monitor, tables);
  let sinceEmptied = 0;
  return {
    sessions,
    reset: async () => {
      sinceEmptied += 1;
      if (sinceEmptied % EMPTY_EVERY === 0) await monitor.query(`truncate ${tables.filter((name) => name !== 'migration').map((name) => `inventory.${name}`).join(', ')} restart identity`);
      await monitor.query(initial);
      await monitor.query({ name: 'time', text: 'update sim.clock set at = $1', values: [new Date(START_MS)] });
    },
    close: () => sessions.close(),
  };
}

/** SQL that brings the tables back to what the migrations left in them, numbers included; rules between and about them are looked away from meanwhile. */
async function keepInitial(monitor: Sessions['monitor'], tables: readonly string[]): Promise<string> {
  const restored: string[] = [];
  for (const name of tables.filter((table) => table !== 'migration')) {
    await monitor.query(`create table sim.${name}_initial as table inventory.${name}`);
    const { rowCount } = await monitor.query(`select from sim.${name}_initial`);
    restored.push(`delete from inventory.${name}`);
    if (rowCount) restored.push(`insert into inventory.${name} overriding system value table sim.${name}_initial`);
  }
  const { rows } = await monitor.query<{ name: string }>(`select schemaname || '.' || sequencename as name from pg_sequences where schemaname = 'inventory'`);
  for (const { name } of rows) restored.push(`select setval('${name}', 1, false)`);
  return `begin; set local session_replication_role = replica; ${restored.join('; ')}; commit`;
}
