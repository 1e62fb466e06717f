import { systemClock } from '../../../platform/clock.ts';
import { migrate } from '../../../platform/stores/migrate.ts';
import { MIGRATIONS, SCHEMA } from '../../../subgraphs/inventory/schema.sql.ts';
import type { PortSource } from '../../../domain/ports.ts';
import { createErpPorts } from '../world/erp-ports.ts';
import type { Erp } from '../world/erp.ts';
import type { Network } from '../world/network.ts';
import { openProcess } from './open-process.ts';

/** Real time; nothing is lost between this process and the ERP inside it. */
export const REAL_NETWORK: Network = {
  now: () => systemClock.now(),
  pause: (ms) => new Promise((done) => void setTimeout(done, ms)),
  ask: async (work) => work(),
};

const LOCATIONS = ['L1', 'L2'].map((code, index) => ({ code, name: code, priority: index, active: true }));

export const portsOf = (erp: Erp, skus: readonly string[]): PortSource => createErpPorts({ erp, network: REAL_NETWORK, clock: systemClock, skus, locations: LOCATIONS });

/** Migrates, and reads the ERP whole, as at a first start. */
export async function prepareStock(url: string, erp: Erp, skus: readonly string[]): Promise<void> {
  const { node, database, close } = await openProcess(url, 'prepare', portsOf(erp, skus));
  await migrate(database, SCHEMA, MIGRATIONS);
  for (const feed of ['items', 'locations', 'stock', 'receipts']) await node.feed(feed, 'FULL');
  await close();
}
