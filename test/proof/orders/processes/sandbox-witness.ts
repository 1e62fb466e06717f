import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, interrupt, run, waitUntilOk, withoutStores } from '../../../support/deployment.ts';
import { createSandboxControl } from '../../../support/sandbox-control.ts';
import type { ErpWitness } from './erp-witness.ts';

/**
 * Every edge of a call to the ERP: not sent, answered too late, carried out and not answered, answered with rubbish, refused for now.
 * Rarely enough that the queue does not pause for them all the time: then nothing would be sent for anybody to kill.
 */
const FLAKY = [
  { kind: 'dropBefore', probability: 0.012 }, { kind: 'dropAfterProcessing', probability: 0.012 }, { kind: 'timeoutAfterProcessing', probability: 0.003, match: { model: 'sale.order' } },
  { kind: 'malformed', probability: 0.02, match: { model: 'sale.order', method: 'create' } }, { kind: 'html', probability: 0.005, status: 502 },
  { kind: 'status', probability: 0.008, status: 503 }, { kind: 'status', probability: 0.005, status: 429, retryAfterSeconds: 1 }, { kind: 'latency', probability: 0.05, latencyMs: 400 },
] as const;

const PLENTY = '1000000';

export async function startSandboxWitness(): Promise<ErpWitness> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ucg-erp-'));
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const start = () => run(['sandbox/main.ts', '--port', String(port), '--data-dir', dataDir], withoutStores());
  let running = start();
  await waitUntilOk(`${url}/sandbox/state`, running);
  const control = createSandboxControl(url);
  return {
    env: { SANDBOX: 'on', SANDBOX_URL: url },
    stockUp: async (skus) => {
      for (const sku of skus) await control.command('set-stock', { sku, quantity: PLENTY });
    },
    documents: async () => {
      const orders = (await (await fetch(`${url}/sandbox/orders?limit=1000000`)).json()) as readonly { client_order_ref: string | null; state: string }[];
      const ours = orders.filter((order) => order.client_order_ref !== null);
      return new Map([...Map.groupBy(ours, (order) => order.client_order_ref!)].map(([reference, documents]) => [reference, documents.map(({ state }) => state)]));
    },
    trouble: async (kind, seed) => {
      await control.clearFaults();
      if (kind === 'DOWN') await control.fault({ kind: 'dropBefore' });
      if (kind === 'FLAKY') for (const [index, rule] of FLAKY.entries()) await control.fault({ ...rule, seed: seed * 100 + index, match: { face: 'odoo', ...('match' in rule && rule.match) } });
    },
    kill: async () => {
      const ended = new Promise((done) => running.child.once('exit', done));
      process.kill(running.child.pid!, 'SIGKILL');
      await ended;
      running = start();
      await waitUntilOk(`${url}/sandbox/state`, running);
    },
    stop: async () => {
      await interrupt(running);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
