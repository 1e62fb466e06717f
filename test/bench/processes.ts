import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface NodeProcess {
  readonly pid: number;
  readonly output: () => string;
  /** Ctrl-C, and waits until it has gone. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_TIMEOUT_MS = 180_000;
/** Apollo's standalone server answers a GET only to those who could not be a browser's form. */
const PROBE = { headers: { 'apollo-require-preflight': 'true' } };
const running = new Set<ChildProcess>();
/** Those we have asked to end. */
const stopping = new WeakSet<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([...running].map(stopChild)).then(() => process.exit(130)));
}

/** Starts one of our entries and waits until `readyUrl` answers 2xx. @throws Error with its last words */
export async function startNode(args: readonly string[], env: Readonly<Record<string, string>>, readyUrl: string): Promise<NodeProcess> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: ROOT, env: { ...inherited, NODE_ENV: 'production', LOG_LEVEL: 'error', ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  child.once('exit', (code, signal) => {
    running.delete(child);
    if (!stopping.has(child)) console.error(`  ${args.join(' ')} ended by itself: ${signal ?? `exit code ${code}`}\n${output.slice(-4_000)}`);
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  for (const deadline = performance.now() + READY_TIMEOUT_MS; ; await pause(50)) {
    if (hasEnded(child)) throw new Error(`${args.join(' ')} ended at start:\n${output}`);
    if (await fetch(readyUrl, PROBE).then((answer) => answer.ok, () => false)) break;
    if (performance.now() > deadline) throw new Error(`${readyUrl} did not become ready:\n${output}`);
  }
  return { pid: child.pid!, output: () => output, stop: () => stopChild(child) };
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  stopping.add(child);
  child.kill('SIGINT');
  const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(patience);
}

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const TICK_MS = 10;

interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  readonly parent: number;
  readonly cpuMs: number;
}

function readStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, command = ''] = /\((.*)\)/s.exec(text) ?? [];
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    // state ppid ... utime stime cutime cstime are fields 3, 4, 14, 15, 16, 17 of proc(5).
    return { pid, command, parent: fields[1]!, cpuMs: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) * TICK_MS };
  } catch {
    return null;
  }
}

/** Processor time of these processes and all they started, PostgreSQL not counted, in ms. Null where there is no /proc. */
export function readCpuMs(roots: readonly number[]): number | null {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => readStat(Number(name)) ?? []);
  const wanted = new Set(roots);
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  const counted = all.filter(({ pid, command }) => wanted.has(pid) && command !== 'postgres');
  return counted.length === 0 ? null : counted.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Processor time of each of these PostgreSQL backends, in ms by pid; empty when they run on another machine. */
export function readBackendCpuMs(pids: readonly number[]): ReadonlyMap<number, number> {
  const backends = pids.flatMap((pid) => readStat(pid) ?? []).filter(({ command }) => command === 'postgres');
  return new Map(backends.map(({ pid, cpuMs }) => [pid, cpuMs]));
}

/** Resident memory in MiB: now, or the highest it ever was. */
export function readMemoryMiB(pid: number, which: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export function isReachable(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 1_000 });
    const end = (reachable: boolean) => () => {
      socket.destroy();
      done(reachable);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
