import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLog as log } from '../../platform/log.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import { SUBGRAPH_NAMES } from '../../subgraphs/frame/module.ts';
import { freePorts, readMemoryMiB, startNode } from './processes.ts';
import { printTable, type BenchOptions, type Outcome } from './report.ts';

const LOAD_TIMEOUT_MS = 120_000;
/** One pass of each feed and no more: what is measured is the full synchronisation. */
const ONCE = { STOCK_POLL_MS: '3600000', ORDER_POLL_MS: '3600000', PRICE_POLL_MS: '3600000', CONTENT_POLL_MS: '3600000', STALE_AFTER_MS: '3600000' };

interface FeedRow {
  readonly feed: string;
  readonly rows_in: number;
  readonly rows_changed: number;
  readonly rows_rejected: number;
  readonly started_at: string;
  readonly ended_at: string;
}

/** A merchant's whole data from vendors to graph: the embedded house, as `npm start` runs it, on an empty DATA_DIR. */
export async function run({ dataDirectory }: BenchOptions): Promise<Outcome> {
  if (!existsSync(dataDirectory)) {
    console.log(`  skipped: no AdventureWorks in ${dataDirectory}; give its folder with --data`);
    return { failures: [] };
  }
  const directory = mkdtempSync(join(tmpdir(), 'ucg-bench-'));
  const dataDir = join(directory, 'house');
  mkdirSync(dataDir);
  const [port, sandboxPort] = (await freePorts(2)) as [number, number];
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const sandbox = await startNode(['sandbox/main.ts', '--port', String(sandboxPort), '--data-dir', join(directory, 'vendors'), '--seed', 'empty'], {}, `${sandboxUrl}/sandbox/state`);
  try {
    console.log(indent(await loadSandbox(dataDirectory, sandboxUrl, directory)));
    const env = { ...ONCE, HOSTING: 'embedded', HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, SANDBOX_URL: sandboxUrl };
    const first = await runHouse(env, port, () => readFeeds(dataDir));
    const second = await runHouse(env, port, async () => null);
    report(first, second, readMemoryMiB(sandbox.pid, 'VmHWM'));
    // AdventureWorks brings no open orders.
    return { failures: first.result.filter(({ feed, rows_in }) => rows_in === 0 && !feed.startsWith('orders.')).map(({ feed }) => `${feed} read nothing`) };
  } finally {
    await sandbox.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const indent = (text: string): string => text.trimEnd().split('\n').map((line) => `  ${line}`).join('\n');

/** Answers what the loader says: rows in, out, merged and rejected by table. */
async function loadSandbox(folder: string, sandboxUrl: string, directory: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'sandbox/load.ts', 'adventureworks', folder], {
    env: { ...process.env, SANDBOX_URL: sandboxUrl, DATA_DIR: directory }, timeout: LOAD_TIMEOUT_MS,
  });
  return stdout.replaceAll(directory, '<data>');
}

interface Start<T> {
  readonly readyMs: number;
  readonly peakMiB: number;
  readonly result: T;
}

async function runHouse<T>(env: Readonly<Record<string, string>>, port: number, look: () => Promise<T>): Promise<Start<T>> {
  const startedAt = performance.now();
  const house = await startNode(['gateway/main.ts'], env, `http://127.0.0.1:${port}/health/ready`);
  const readyMs = performance.now() - startedAt;
  try {
    return { readyMs, result: await look(), peakMiB: readMemoryMiB(house.pid, 'VmHWM') };
  } finally {
    await house.stop();
  }
}

/** The feeds' own books: rows read, changed, refused, and when the pass began and ended. */
async function readFeeds(dataDir: string): Promise<readonly FeedRow[]> {
  const database = await openPostgres({ url: embeddedUrl(dataDir), maxConnections: 1, applicationName: 'bench', log });
  try {
    const schemas = await database.query<{ schema: string }>("select table_schema as schema from information_schema.tables where table_name = 'feed' and table_schema = any($1)", [SUBGRAPH_NAMES]);
    const books = schemas.map(({ schema }) => `select '${schema}.' || name as feed, rows_in::int, rows_changed::int, rows_rejected::int, pass_started_at as started_at, last_success_at as ended_at from ${schema}.feed`);
    return await database.query<FeedRow>(`${books.join(' union all ')} order by feed`);
  } finally {
    await database.close();
  }
}

/** The embedded PostgreSQL writes its port into the fourth line of postmaster.pid. */
function embeddedUrl(dataDir: string): string {
  const port = readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[3]!.trim();
  const password = readFileSync(join(dataDir, 'postgres/password'), 'utf8').trim();
  return `postgres://commerce:${password}@127.0.0.1:${port}/postgres`;
}

function report(first: Start<readonly FeedRow[]>, second: Start<null>, sandboxPeakMiB: number): void {
  const ms = ({ started_at, ended_at }: Pick<FeedRow, 'started_at' | 'ended_at'>): number => Date.parse(ended_at) - Date.parse(started_at);
  const line = (name: string, row: Omit<FeedRow, 'feed'>): string[] => [
    name, String(row.rows_in), String(row.rows_changed), String(row.rows_rejected), (ms(row) / 1000).toFixed(2), ((row.rows_in * 1000) / ms(row)).toFixed(0),
  ];
  const feeds = first.result;
  const sum = (value: (row: FeedRow) => number): number => feeds.reduce((total, row) => total + value(row), 0);
  const whole = {
    rows_in: sum((row) => row.rows_in), rows_changed: sum((row) => row.rows_changed), rows_rejected: sum((row) => row.rows_rejected),
    started_at: feeds.map((row) => row.started_at).sort()[0]!, ended_at: feeds.map((row) => row.ended_at).sort().at(-1)!,
  };
  console.log('');
  printTable(['feed', 'rows in', 'changed', 'rejected', 'seconds', 'rows/s'], [...feeds.map((row) => line(row.feed, row)), line('all, side by side', whole)]);
  console.log('');
  printTable(['', 'ready after s', 'peak memory MiB'], [
    ['first start, empty DATA_DIR', (first.readyMs / 1000).toFixed(1), first.peakMiB.toFixed(0)],
    ['second start', (second.readyMs / 1000).toFixed(1), second.peakMiB.toFixed(0)],
    ['the sandbox vendors', '', sandboxPeakMiB.toFixed(0)],
  ]);
  console.log(`
  The house as npm start runs it (embedded PostgreSQL, five subgraphs, one process), its vendors a sandbox process beside it
  on the same machine, whose answers are part of the time. Rows as the feeds' own books count them; a feed's seconds are
  from its pass's start to its end, feeds run side by side. Peak memory is VmHWM of the house process, without PostgreSQL.`);
}
