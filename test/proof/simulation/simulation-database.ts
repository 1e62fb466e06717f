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
/** SKUs of every seed have names of their own; emptying the tables is dear and done so often only. */
const EMPTY_EVERY = 50;

/** What one seed leaves behind that the next would read. */
const LEFT_BEHIND = ['stock_level', 'receipt', 'item_info', 'kit_component', 'location', 'stock_pass', 'feed', 'feed_reject', 'parked', 'outbox'];

/** Migrates an empty database under virtual time, for one process alone. */
export async function openSimulation(url: string): Promise<Simulation> {
  const sessions = await openSessions(url, CONNECTIONS);
  const { monitor } = sessions;
  await monitor.query(VIRTUAL_TIME);
  await migrate(ungated(monitor), SCHEMA, MIGRATIONS);
  await monitor.query('create index proof_line_sku on inventory.hold_line (sku)');
  let sinceEmptied = 0;
  const everything = (await monitor.query<{ name: string }>(`select 'inventory.' || tablename as name from pg_tables where schemaname = 'inventory' and tablename <> 'migration'`)).rows;
  return {
    sessions,
    reset: async () => {
      sinceEmptied += 1;
      if (sinceEmptied % EMPTY_EVERY === 0) await monitor.query(`truncate ${everything.map(({ name }) => name).join(', ')} restart identity`);
      else await monitor.query(LEFT_BEHIND.map((table) => `delete from inventory.${table}`).join('; '));
      await monitor.query({ name: 'time', text: 'update sim.clock set at = $1', values: [new Date(START_MS)] });
    },
    close: () => sessions.close(),
  };
}
