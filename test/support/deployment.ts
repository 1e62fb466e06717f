import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxConnections } from '../../connectors/sandbox-connections.ts';
import { createTestDatabase } from './database.ts';
import { createSandboxControl, type SandboxControl } from './sandbox-control.ts';

export type HostingName = 'embedded' | 'services';

/** A whole deployment in processes of its own: what a user starts, addressed as a user addresses it. */
export interface Deployment {
  readonly hosting: HostingName;
  readonly url: string;
  /** GraphQL endpoint of each subgraph; empty in embedded hosting, where they have none. */
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly dataDir: string;
  /** Where everything is kept, for stories that look for what must not be there. */
  readonly databaseUrl: () => string;
  readonly pid: () => number;
  readonly sandbox: SandboxControl;
  readonly output: () => string;
  /** kill -9 of every process of the house but the vendors. */
  kill(): Promise<void>;
  /** Starts again on the same data after `kill`. */
  restart(): Promise<void>;
  /** One more gateway of the same services. @throws Error in embedded hosting, which has one by nature */
  startGateway(): Promise<{ readonly url: string; stop(): Promise<void> }>;
  /** Resolves when the house has ended by itself, or by a signal of the test. */
  ended(): Promise<void>;
  /** Ctrl-C, and everything has gone. */
  stop(): Promise<{ readonly exitCode: number | null }>;
}

export interface DeploymentOptions {
  readonly hosting: HostingName;
  readonly env?: Readonly<Record<string, string>>;
  /** A sandbox of its own process, so that killing the house does not kill the vendors. Always so in services. */
  readonly separateSandbox?: boolean;
  /** The sandbox by a CONNECTIONS_FILE, as a merchant's own systems are: no code of an order is built in. */
  readonly describedSandbox?: boolean;
  /** Fills the data folder before anything starts. */
  readonly prepare?: (dataDir: string) => Promise<void>;
  /** Kills the first start with -9 as soon as its output matches, then starts again on what it left. */
  readonly killFirstStartAt?: RegExp;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SUBGRAPHS = ['catalog', 'inventory', 'pricing', 'customer', 'orders'];
const READY_TIMEOUT_MS = 90_000;

/** Both hostings where PostgreSQL and Redis are given; says so where they are not. STORIES=services: only that, where another run has told the others. */
export function hostings(): readonly HostingName[] {
  const { DATABASE_URL, REDIS_URL } = process.env;
  if (DATABASE_URL && REDIS_URL) return process.env['STORIES'] === 'services' ? ['services'] : ['embedded', 'services'];
  console.log('stories run in embedded hosting only: DATABASE_URL and REDIS_URL are not set');
  return ['embedded'];
}

export async function startDeployment({ hosting, env = {}, separateSandbox = false, describedSandbox = false, prepare, killFirstStartAt }: DeploymentOptions): Promise<Deployment> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ucg-story-'));
  await prepare?.(dataDir);
  const ports = await freePorts(2 + SUBGRAPHS.length);
  const [port, sandboxPort, ...subgraphPorts] = ports as [number, number, ...number[]];
  const database = hosting === 'services' ? await createTestDatabase() : null;
  const ownSandbox = hosting === 'services' || separateSandbox || describedSandbox;
  const settings = {
    ...withoutStores(),
    HOSTING: hosting, HOST: '127.0.0.1', PORT: String(port), SANDBOX_PORT: String(sandboxPort), DATA_DIR: dataDir, LOG_LEVEL: 'warn',
    STOCK_POLL_MS: '300', ORDER_POLL_MS: '300', PRICE_POLL_MS: '500', CONTENT_POLL_MS: '1000',
    ...(ownSandbox && { SANDBOX_URL: `http://127.0.0.1:${sandboxPort}` }),
    ...(describedSandbox && { CONNECTIONS_FILE: connectionsFile(dataDir, sandboxPort) }),
    ...(database && { DATABASE_URL: database.url, REDIS_URL: redisDatabase(port), SUBGRAPH_SECRET: 'story-story-story-story-story-story' }),
    ...(database && { SUBGRAPH_URLS: SUBGRAPHS.map((name, index) => `${name}=http://127.0.0.1:${subgraphPorts[index]}/graphql`).join(',') }),
    ...env,
  };
  const url = `http://127.0.0.1:${port}`;
  const vendors = ownSandbox ? run(['sandbox/main.ts', '--port', String(sandboxPort), '--data-dir', dataDir], settings) : null;
  if (vendors) await waitUntilOk(`http://127.0.0.1:${sandboxPort}/sandbox/state`, vendors);
  const entry = hosting === 'embedded' ? 'gateway/main.ts' : 'scripts/start-services.ts';
  if (killFirstStartAt) await killWhenOutput(run([entry], settings), killFirstStartAt);
  let house = run([entry], settings);
  await waitUntilOk(`${url}/health/ready`, house);
  return {
    hosting,
    url,
    subgraphs: Object.fromEntries(hosting === 'services' ? SUBGRAPHS.map((name, index) => [name, `http://127.0.0.1:${subgraphPorts[index]}/graphql`]) : []),
    dataDir,
    databaseUrl: () => database?.url ?? embeddedUrl(join(dataDir, 'postgres')),
    pid: () => house.child.pid!,
    sandbox: createSandboxControl(`http://127.0.0.1:${sandboxPort}`),
    output: () => house.output,
    kill: async () => killGroup(house),
    restart: async () => {
      house = run([entry], settings);
      await waitUntilOk(`${url}/health/ready`, house);
    },
    startGateway: () => startGateway(hosting, settings),
    ended: async () => {
      if (!hasEnded(house)) await new Promise((done) => house.child.once('exit', done));
    },
    stop: async () => {
      const exitCode = await interrupt(house);
      if (vendors) await interrupt(vendors);
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
      return { exitCode };
    },
  };
}

function connectionsFile(dataDir: string, sandboxPort: number): string {
  const file = join(dataDir, 'connections.json');
  writeFileSync(file, JSON.stringify(sandboxConnections(`http://127.0.0.1:${sandboxPort}`)));
  return file;
}

function embeddedUrl(directory: string): string {
  const [password, pid] = ['password', join('cluster', 'postmaster.pid')].map((name) => readFileSync(join(directory, name), 'utf8').trim());
  return `postgres://commerce:${password}@127.0.0.1:${pid!.split('\n')[3]}/postgres`;
}

async function startGateway(hosting: HostingName, settings: Readonly<Record<string, string | undefined>>) {
  if (hosting === 'embedded') throw new Error('an embedded house has one gateway');
  const [port] = (await freePorts(1)) as [number];
  const gateway = run(['gateway/main.ts'], { ...settings, PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilOk(`${url}/health/ready`, gateway);
  return { url, stop: async () => void (await interrupt(gateway)) };
}

export interface Running {
  readonly child: ChildProcess;
  output: string;
}

export function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Running {
  // A process group of its own, so that kill -9 reaches the services it started as well.
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const running: Running = { child, output: '' };
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => (running.output += chunk));
  return running;
}

const hasEnded = ({ child }: Running): boolean => child.exitCode !== null || child.signalCode !== null;

export async function waitUntilOk(url: string, running: Running): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; Date.now() < deadline; ) {
    if (hasEnded(running)) throw new Error(`it ended at start:\n${running.output}`);
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} did not become ready:\n${running.output}`);
}

async function killWhenOutput(running: Running, pattern: RegExp): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; !pattern.test(running.output); ) {
    if (hasEnded(running) || Date.now() > deadline) throw new Error(`it never came to ${pattern}:\n${running.output}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  const ended = new Promise((done) => running.child.once('exit', done));
  killGroup(running);
  await ended;
}

export async function interrupt(running: Running, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  if (!hasEnded(running)) {
    const ended = new Promise((done) => running.child.once('exit', done));
    running.child.kill(signal);
    const patience = setTimeout(() => killGroup(running), 30_000);
    await ended;
    clearTimeout(patience);
  }
  return running.child.exitCode;
}

/** The services a launcher started are groups of their own, so they are found by their parent first. */
function killGroup(running: Running): void {
  for (const pid of [running.child.pid!, ...childrenOf(running.child.pid!)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had gone already.
    }
  }
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === pid && /(?:subgraphs|gateway)\/main\.ts/.test(match[3]!))
    .map((match) => Number(match![1]));
}

export function withoutStores(): Record<string, string | undefined> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  return rest;
}

/** One of Redis's 16 databases would collide with another test file's; a prefix is not needed as streams are per database. */
function redisDatabase(port: number): string {
  return Object.assign(new URL(process.env['REDIS_URL']!), { pathname: `/${1 + (port % 15)}` }).toString();
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((done) => {
      const server = createServer();
      server.listen(0, '127.0.0.1', () => done(server));
    })),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
