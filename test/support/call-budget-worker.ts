import { createCaller, DEFAULT_CALL_POLICY } from '../../platform/call/call.ts';
import type { Lane } from '../../platform/call/lane.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { createRedisBudgets } from '../../platform/stores/redis-budgets.ts';

/** What a worker is told, as JSON in its first argument. */
export interface WorkerTask {
  readonly redisUrl: string;
  readonly serverUrl: string;
  readonly lane: Lane;
  /** Callers side by side, each asking again and again. */
  readonly callers: number;
  readonly maxConcurrency: number;
  readonly requestsPerMinute: number | null;
  readonly callTimeoutMs: number;
  /** Of each request; who cannot be served before is refused. */
  readonly deadlineMs: number;
}

/** A line of its standard output. */
export interface WorkerLine {
  readonly outcome: 'answered' | 'refused' | 'failed' | 'troubled';
}

/** A process of its own that calls a server by the shared budget until it is killed. */
async function work(task: WorkerTask): Promise<void> {
  const budgets = await createRedisBudgets({ url: task.redisUrl, clock: systemClock, log: silentLog });
  const { maxConcurrency, requestsPerMinute, callTimeoutMs: timeoutMs } = task;
  const caller = createCaller('erp', { ...DEFAULT_CALL_POLICY, attempts: 1, breakAfter: 1_000_000, timeoutMs, maxConcurrency, requestsPerMinute }, {
    clock: systemClock, random: Math.random, budgets, address: task.serverUrl,
  });
  const tell = (outcome: WorkerLine['outcome']): void => void process.stdout.write(`${JSON.stringify({ outcome })}\n`);
  const ask = async (): Promise<void> => {
    const request = { signal: new AbortController().signal, deadlineAtMs: Date.now() + task.deadlineMs, repeatable: false, lane: task.lane };
    await caller(request, async ({ signal }) => void (await (await fetch(`${task.serverUrl}/${task.lane}`, { signal })).text())).then(
      () => tell('answered'),
      async (error: { kind?: string; retryAfterMs?: number }) => {
        tell(error.kind === 'budget-spent' ? 'refused' : 'failed');
        await new Promise((done) => setTimeout(done, Math.min(error.retryAfterMs ?? 50, 500)));
      },
    );
  };
  setInterval(() => budgets.troubles().length > 0 && tell('troubled'), 500);
  await Promise.all(Array.from({ length: task.callers }, async () => {
    for (;;) await ask();
  }));
}

await work(JSON.parse(process.argv[2]!) as WorkerTask);
