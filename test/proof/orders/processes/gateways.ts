import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, interrupt, run, waitUntilOk, withoutStores, type Running } from '../../../support/deployment.ts';

/** Whole houses - gateway and five subgraphs in one process each - that share store, Redis and vendors. */
export interface Gateways {
  readonly urls: readonly string[];
  /** kill -9, and a start on what it left. Resolves when it answers again. */
  kill(index: number): Promise<void>;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;
}

export async function startGateways({ count, env }: GatewayOptions): Promise<Gateways> {
  const ports = await freePorts(count);
  const directories = ports.map(() => mkdtempSync(join(tmpdir(), 'ucg-house-')));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const start = (index: number): Running =>
    run(['gateway/main.ts'], {
      ...withoutStores(), HOSTING: 'embedded', HOST: '127.0.0.1', PORT: String(ports[index]), DATA_DIR: directories[index], LOG_LEVEL: 'error',
      STOCK_POLL_MS: '1000', ORDER_POLL_MS: '500', PRICE_POLL_MS: '5000', CONTENT_POLL_MS: '10000', ...env,
    });
  const running: Running[] = [];
  // One after the other: the first fills the store, the others find it filled.
  for (const [index, url] of urls.entries()) {
    running[index] = start(index);
    await waitUntilOk(`${url}/health/ready`, running[index]);
  }
  return {
    urls,
    kill: async (index) => {
      const { child } = running[index]!;
      const ended = new Promise((done) => child.once('exit', done));
      process.kill(child.pid!, 'SIGKILL');
      await ended;
      running[index] = start(index);
      await waitUntilOk(`${urls[index]}/health/ready`, running[index]);
    },
    stop: async () => {
      await Promise.all(running.map((one) => interrupt(one)));
      for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    },
  };
}
