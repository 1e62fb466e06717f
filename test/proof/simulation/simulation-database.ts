import { migrate, type Migration } from '../../../platform/stores/migrate.ts';
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

/** A subgraph's part of the database. */
export interface House {
  readonly schema: string;
  readonly migrations: readonly Migration[];
}

const INVENTORY: House = { schema: SCHEMA, migrations: MIGRATIONS };

/** Migrates an empty database under virtual time, for one process alone. */
export async function openSimulation(url: string, neighbours: readonly House[] = []): Promise<Simulation> {
  const houses = [INVENTORY, ...neighbours];
  const sessions = await openSessions(url, CONNECTIONS);
  const { monitor } = sessions;
  await monitor.query(VIRTUAL_TIME);
  for (const { schema, migrations } of houses) await migrate(ungated(monitor), schema, migrations);
  await monitor.query('create index proof_line_sku on inventory.hold_line (sku)');
  const schemas = houses.map(({ schema }) => schema);
  const { rows } = await monitor.query<{ name: string }>(`select schemaname || '.' || tablename as name from pg_tables where schemaname = any($1) and tablename <> 'migration'`, [schemas]);
  const tables = rows.map(({ name }) => name);
  const initial = await keepInitial(monitor, tables, schemas);
  let sinceEmptied = 0;
  return {
    sessions,
    reset: async () => {
      sinceEmptied += 1;
      if (sinceEmptied % EMPTY_EVERY === 0) await monitor.query(`truncate ${tables.join(', ')} restart identity`);
      await monitor.query(initial);
      await monitor.query({ name: 'time', text: 'update sim.clock set at = $1', values: [new Date(START_MS)] });
    },
    close: () => sessions.close(),
  };
}

/** SQL that brings the tables back to what the migrations left in them, numbers included; rules between and about them are looked away from meanwhile. */
async function keepInitial(monitor: Sessions['monitor'], tables: readonly string[], schemas: readonly string[]): Promise<string> {
  const restored: string[] = [];
  for (const name of tables) {
    const copy = `sim.${name.replace('.', '_')}_initial`;
    await monitor.query(`create table ${copy} as table ${name}`);
    const { rowCount } = await monitor.query(`select from ${copy}`);
    restored.push(`delete from ${name}`);
    if (rowCount) restored.push(`insert into ${name} overriding system value table ${copy}`);
  }
  const { rows } = await monitor.query<{ name: string }>(`select schemaname || '.' || sequencename as name from pg_sequences where schemaname = any($1)`, [schemas]);
  for (const { name } of rows) restored.push(`select setval('${name}', 1, false)`);
  return `begin; set local session_replication_role = replica; ${restored.join('; ')}; commit`;
}
