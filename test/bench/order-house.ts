import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../support/database.ts';
import { createSandboxControl, type SandboxControl } from '../support/sandbox-control.ts';
import { freePorts, startNode } from './processes.ts';

/** The whole house in one process and the vendors in another, on a store of its own. */
export interface OrderHouse {
  readonly url: string;
  readonly databaseUrl: string;
  readonly sandbox: SandboxControl;
}

export interface OrderHouseOptions {
  /** The sandbox tells of its changes, as Odoo's server actions do; without, they are found at the usual cadence. */
  readonly webhooks: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export async function withOrderHouse<T>({ webhooks, env: given = {} }: OrderHouseOptions, work: (house: OrderHouse) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'ucg-bench-'));
  const [port, sandboxPort] = (await freePorts(2)) as [number, number];
  const [url, sandboxUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`];
  const database = await createTestDatabase();
  const telling = webhooks ? ['--webhook', `${url}/webhooks/erp`] : [];
  const sandbox = await startNode(['sandbox/main.ts', '--port', String(sandboxPort), '--data-dir', 'none', ...telling], {}, `${sandboxUrl}/sandbox/state`);
  const env = { HOSTING: 'embedded', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: database.url, DATA_DIR: directory, SANDBOX_URL: sandboxUrl, ...given };
  const house = await startNode(['gateway/main.ts'], env, `${url}/health/ready`);
  try {
    return await work({ url, databaseUrl: database.url, sandbox: createSandboxControl(sandboxUrl) });
  } finally {
    await house.stop();
    await sandbox.stop();
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  }
}
