import type { Clock } from '../../platform/clock.ts';
import type { SubgraphAnswer, SubgraphCall, SubgraphClient, SubgraphRequest } from '../execution/subgraph-client.ts';
import type { Bulkhead } from './bulkhead.ts';
import { callerLeft } from './caller-left.ts';
import type { ClientMetrics } from './client-metrics.ts';
import { createLatencies } from './latencies.ts';
import type { ShareBudget } from './share-budget.ts';

export interface HedgeOptions {
  readonly name: string;
  /** How many reads may be asked twice. */
  readonly budget: ShareBudget;
  readonly clock: Clock;
  readonly metrics: ClientMetrics;
}

/**
 * Asks a second time what takes longer than 95 of 100 reads do; the first answer wins and the other request is aborted. Only where
 * there is room at the subgraph, so that hedging never makes a slow subgraph slower for others.
 */
export function hedgeReads(client: Bulkhead, options: HedgeOptions): SubgraphClient {
  const { budget, clock } = options;
  const latencies = createLatencies();
  const timed = async (request: SubgraphRequest, call: SubgraphCall): Promise<SubgraphAnswer> => {
    const startedMs = clock.monotonic();
    const answer = await client.execute(request, call);
    latencies.record(clock.monotonic() - startedMs);
    return answer;
  };
  return {
    execute: (request, call) => {
      if (request.operationKind !== 'query') return client.execute(request, call);
      budget.earn();
      const delayMs = latencies.p95();
      return delayMs === null ? timed(request, call) : race(request, call, delayMs, { ...options, client, ask: timed });
    },
  };
}

interface RaceTools extends HedgeOptions {
  readonly client: Bulkhead;
  readonly ask: SubgraphClient['execute'];
}

function race(request: SubgraphRequest, call: SubgraphCall, delayMs: number, { name, client, ask, budget, clock, metrics }: RaceTools): Promise<SubgraphAnswer> {
  if (call.signal.aborted) return Promise.reject(callerLeft(call, clock.now()));
  return new Promise((resolve, reject) => {
    const runners: AbortController[] = [];
    let running = 0;
    const finish = (): void => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', leave);
    };
    const abortAllBut = (winner: AbortController | null): void => {
      for (const runner of runners) if (runner !== winner) runner.abort();
    };
    const leave = (): void => {
      finish();
      reject(callerLeft(call, clock.now()));
      abortAllBut(null);
    };
    const run = (): void => {
      const runner = new AbortController();
      runners.push(runner);
      running += 1;
      ask(request, { ...call, signal: runner.signal }).then(
        (answer) => {
          finish();
          if (runners.length > 1) metrics.hedged(name, runner === runners[1] ? 'won' : 'lost');
          resolve(answer);
          abortAllBut(runner);
        },
        (error: unknown) => {
          running -= 1;
          // Who still runs may answer; a failure before the second began is the retry's affair.
          if (running > 0) return;
          finish();
          reject(error as Error);
        },
      );
    };
    const timer = setTimeout(() => {
      if (client.hasRoom() && budget.trySpend()) run();
    }, delayMs);
    call.signal.addEventListener('abort', leave, { once: true });
    run();
  });
}
