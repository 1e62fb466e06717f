import { findRealOdoo, lockRealOdoo } from '../../../support/real-odoo.ts';
import { hasRedisServer } from '../../../support/redis-server.ts';
import { startOdooWitness } from './odoo-witness.ts';
import { runOrderStorm, type OrderStormReport } from './order-storm.ts';
import { startSandboxWitness } from './sandbox-witness.ts';

export interface StormScale {
  readonly kills: number;
  readonly inFlight: number;
  readonly downMs: number;
  readonly replays: number;
}

export type Say = (line: string) => void;

/** Everything dies, the sandbox as ERP. */
export async function stormOnSandbox(scale: StormScale, seed: number, say: Say): Promise<OrderStormReport> {
  const erp = await startSandboxWitness();
  try {
    return await runOrderStorm({ ...scale, erp, gateways: 2, seed, withRedis: hasRedisServer(), say });
  } finally {
    await erp.stop();
  }
}

/** The same on a real Odoo behind a proxy that loses requests and answers; null, with the reason printed, where there is none. */
export async function stormOnOdoo(scale: StormScale, seed: number, say: Say): Promise<OrderStormReport | null> {
  const odoo = await findRealOdoo();
  if (!odoo) return null;
  const unlock = await lockRealOdoo();
  const erp = await startOdooWitness(odoo);
  try {
    return await runOrderStorm({ ...scale, erp, gateways: 2, seed, withRedis: hasRedisServer(), say });
  } finally {
    await erp.stop();
    unlock();
  }
}

export const holds = ({ problems, wrongAnswers, replayed }: OrderStormReport): boolean => problems.length + wrongAnswers.length + replayed.doubled.length === 0;

export function tellStorm(name: string, report: OrderStormReport): string {
  const { problems, wrongAnswers, replayed, ...figures } = report;
  const replays = `replay: ${replayed.orders} orders, ${replayed.times} times each, ${replayed.doubled.length} with another number of documents than one`;
  return [`${name}: ${JSON.stringify(figures)}`, `${name}: ${replays}`, ...[...problems, ...wrongAnswers, ...replayed.doubled].slice(0, 20).map((problem) => `  ${problem}`)].join('\n');
}
