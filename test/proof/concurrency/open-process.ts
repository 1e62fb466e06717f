import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { openPostgres } from '../../../platform/stores/postgres.ts';
import type { PortSource } from '../../../domain/ports.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { createInventoryNode, type InventoryNode } from '../world/inventory-node.ts';

const NO_PORTS: PortSource = { port: () => null };

/** Inventory as one real process has it: real PostgreSQL, real time. */
export async function openProcess(url: string, name: string, ports: PortSource = NO_PORTS): Promise<{ node: InventoryNode; database: Database; close(): Promise<void> }> {
  const database = await openPostgres({ url, maxConnections: 10, applicationName: `proof ${name}`, log: silentLog });
  return { node: createInventoryNode({ name, clock: systemClock, database, ports }), database, close: () => database.close() };
}
