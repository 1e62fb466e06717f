import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '../../support/database.ts';
import type { SeedReport } from './seed.ts';

export interface SimulationOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly workers: number;
  /** Ends by then with the seeds run so far. */
  readonly atMostMs?: number;
  readonly wantsTrace?: boolean;
  /** A planted bug the workers load in place of the real source: see mutations. */
  readonly mutation?: string;
  /** Path of the program that runs seeds of another world than inventory's. */
  readonly worker?: string;
  /** Told of every seed as it ends. */
  readonly onSeed?: (report: SeedReport) => void;
}

export interface SimulationReport {
  readonly seeds: number;
  readonly steps: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The violation of the lowest seed; null: none. */
  readonly violated: SeedReport | null;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const HOOK = new URL('../mutations/load-mutated.ts', import.meta.url).href;

/** Runs seeds over processes with a database each, until all have passed, one has not, or time is up. @throws Error when a process breaks down */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const totals = { seeds: 0, steps: 0, counts: {} as Record<string, number> };
  const violations: SeedReport[] = [];
  const stop = new AbortController();
  const take = (report: SeedReport): void => {
    totals.seeds += 1;
    totals.steps += report.steps;
    for (const [what, times] of Object.entries(report.counts)) totals.counts[what] = (totals.counts[what] ?? 0) + times;
    options.onSeed?.(report);
    if (!report.violation) return;
    violations.push(report);
    stop.abort();
  };
  const timeIsUp = options.atMostMs === undefined ? null : setTimeout(() => stop.abort(), options.atMostMs);
  await Promise.all(Array.from({ length: Math.min(options.workers, options.seeds) }, (_, index) => runWorker(options, index, take, stop.signal)));
  if (timeIsUp) clearTimeout(timeIsUp);
  return { ...totals, violated: violations.sort((a, b) => a.seed - b.seed)[0] ?? null };
}

async function runWorker({ firstSeed, seeds, workers, wantsTrace = false, mutation, worker = WORKER }: SimulationOptions, index: number, take: (report: SeedReport) => void, stopping: AbortSignal): Promise<void> {
  const store = await createTestDatabase();
  try {
    const hooks = mutation === undefined ? [] : ['--import', HOOK];
    const child = spawn(process.execPath, ['--import', 'tsx', ...hooks, worker, store.url, String(firstSeed + index), String(firstSeed + seeds - 1), String(workers), String(wantsTrace)], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...(mutation !== undefined && { PROOF_MUTATION: mutation }) },
    });
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    const stop = (): void => void child.kill();
    stopping.addEventListener('abort', stop, { once: true });
    for await (const line of createInterface({ input: child.stdout })) {
      // What a process was killed in the middle of saying is no report.
      if (!stopping.aborted) take(JSON.parse(line) as SeedReport);
    }
    const code = await ended;
    if (code !== 0 && !stopping.aborted) throw new Error(`a process of the simulation broke down (${code})`);
  } finally {
    await store.drop();
  }
}
