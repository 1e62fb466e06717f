import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchOptions, Outcome } from './report.ts';
import { printTable } from './report.ts';

const SUBSCRIBERS = 10_000;
/** Of this many at once in the first run, for comparison with a gateway of which that was measured. */
const FEW = 2_000;
/** A process of clients has ports and descriptors of its own. */
const PER_PROCESS = 2_500;
const EVENTS = 5;

interface Memory {
  readonly rss: number;
  readonly heap: number;
}

/** What the gateway's process is asked, and what it answers. */
type Order = 'MEMORY' | { readonly figure: number };

interface Told {
  /** When the first and the last client had the event, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/**
 * Subscribers that wait, and one event for all of them, enriched through the graph by a second subgraph. The gateway is a process, its
 * clients are others: every socket is one.
 */
export async function run(_options: BenchOptions): Promise<Outcome> {
  const failures: string[] = [];
  const rows: string[][] = [];
  for (const [count, transport] of [[FEW, 'websocket'], [SUBSCRIBERS, 'websocket'], [SUBSCRIBERS, 'sse']] as const) {
    const measured = await measure(count, transport);
    failures.push(...measured.failures);
    rows.push([`${count} by ${transport}`, ...measured.cells]);
  }
  printTable(['subscribers', 'KiB each (RSS)', 'KiB each (heap)', 'to first ms', 'to last ms', 'CPU ms an event', 'executions an event'], rows);
  return { failures };
}

async function measure(count: number, transport: 'websocket' | 'sse'): Promise<{ readonly cells: readonly string[]; readonly failures: readonly string[] }> {
  const gateway = start('subscribers-gateway.ts', [], ['--expose-gc']);
  const { url } = await gateway.hear<{ url: string }>();
  const before = await gateway.ask<Memory>('MEMORY');
  const processes = Array.from({ length: Math.ceil(count / PER_PROCESS) }, (_, n) => start('subscribers-clients.ts', [url, String(Math.min(PER_PROCESS, count - n * PER_PROCESS)), transport]));
  await Promise.all(processes.map((clients) => clients.hear('OPEN')));
  const after = await gateway.ask<Memory>('MEMORY');
  const firsts: number[] = [];
  const lasts: number[] = [];
  const cpus: number[] = [];
  let heard = 0;
  let executions = 0;
  for (let figure = 1; figure <= EVENTS; figure += 1) {
    const told = processes.map((clients) => clients.hear<Told>());
    const { at, executed, cpuMs } = await gateway.ask<{ at: number; executed: number; cpuMs: number }>({ figure });
    const all = await Promise.all(told);
    executions = executed;
    cpus.push(cpuMs);
    heard += all.reduce((sum, each) => sum + each.count, 0);
    firsts.push(Math.min(...all.map(({ first }) => first)) - at);
    lasts.push(Math.max(...all.map(({ last }) => last)) - at);
  }
  await Promise.all([gateway, ...processes].map((each) => each.stop()));
  const kib = (bytes: number): string => (bytes / count / 1024).toFixed(1);
  const failures = [
    ...(heard === count * EVENTS ? [] : [`${transport}: ${heard} of ${count * EVENTS} events arrived`]),
    ...(executions === EVENTS ? [] : [`${transport}: ${EVENTS} events were executed ${executions} times`]),
  ];
  const range = (values: readonly number[]): string => `${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)}`;
  return { cells: [kib(after.rss - before.rss), kib(after.heap - before.heap), range(firsts), range(lasts), range(cpus), (executions / EVENTS).toFixed(0)], failures };
}

interface Worker {
  /** Its next message. */
  hear<T>(expected?: T): Promise<T>;
  ask<T>(order: Order): Promise<T>;
  stop(): Promise<void>;
}

function start(file: string, args: readonly string[], flags: readonly string[] = []): Worker {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--import', 'tsx', ...flags], env: { ...process.env, NODE_ENV: 'production' } });
  const hear = <T>(): Promise<T> =>
    new Promise((done, fail) => {
      const onExit = (code: number | null): void => fail(new Error(`${file} ended with ${code}`));
      child.once('exit', onExit).once('message', (message) => {
        child.off('exit', onExit);
        done(message as T);
      });
    });
  return {
    hear,
    ask: (order) => {
      const answer = hear<never>();
      child.send(order);
      return answer;
    },
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}
