import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../platform/log.ts';
import { startEmbeddedPostgres } from '../../platform/stores/embedded-postgres.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import type { Database } from '../../platform/stores/sql.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  drop(): Promise<void>;
}

/** A real, empty database of its own: on the server at DATABASE_URL where one is given, else on an embedded one. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const given = process.env['DATABASE_URL'];
  return given ? createOn(given, async () => undefined) : createEmbedded();
}

async function createEmbedded(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'ucg-test-'));
  const server = await startEmbeddedPostgres({ directory, log: silentLog });
  return createOn(server.url, async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
}

async function createOn(serverUrl: string, stop: () => Promise<void>): Promise<TestDatabase> {
  const name = `ucg_test_${randomBytes(6).toString('hex')}`;
  const admin = await openPostgres({ url: serverUrl, maxConnections: 1, applicationName: 'test-admin', log: silentLog });
  await admin.run(`create database ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).toString();
  const database = await openPostgres({ url, maxConnections: 20, applicationName: 'test', log: silentLog });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await admin.run(`drop database ${name} with (force)`);
      await admin.close();
      await stop();
    },
  };
}
