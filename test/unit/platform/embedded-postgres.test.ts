import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLog } from '../../../platform/log.ts';
import { startEmbeddedPostgres } from '../../../platform/stores/embedded-postgres.ts';
import { openPostgres } from '../../../platform/stores/postgres.ts';
import type { Database } from '../../../platform/stores/sql.ts';

const directory = mkdtempSync(join(tmpdir(), 'ucg-embedded-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const open = (url: string): Promise<Database> => openPostgres({ url, maxConnections: 2, applicationName: 'test', log: silentLog });
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('keeps its data, syncs to disk, adopts what a crash left running, and goes when told', async () => {
  const first = await startEmbeddedPostgres({ directory, log: silentLog });
  const database = await open(first.url);
  await database.run('create table note (text text); ');
  await database.run("insert into note values ('kept')");
  expect(await database.query('select setting from pg_settings where name = $1', ['fsync'])).toEqual([{ setting: 'on' }]);
  await database.close();

  // The process that started it is gone; its successor finds the server and takes it over.
  const pidFile = join(directory, 'cluster', 'postmaster.pid');
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const second = await startEmbeddedPostgres({ directory, log: silentLog });
  expect(Number(readFileSync(pidFile, 'utf8').split('\n')[0])).toBe(pid);
  const again = await open(second.url);
  expect(await again.query('select text from note')).toEqual([{ text: 'kept' }]);
  await again.close();
  await second.stop();
  expect(isAlive(pid)).toBe(false);
});

it('keeps its password to itself', () => {
  expect(statSync(join(directory, 'password')).mode & 0o077).toBe(0);
});
