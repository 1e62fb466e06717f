import { delayBefore, type RetryOptions as Delays } from '../../platform/call/retry.ts';
import type { Clock } from '../../platform/clock.ts';
import { SubgraphFailure, type SubgraphAnswer, type SubgraphCall, type SubgraphClient, type SubgraphRequest } from '../execution/subgraph-client.ts';
import type { ClientMetrics } from './client-metrics.ts';
import type { ShareBudget } from './share-budget.ts';

export interface RetryOptions extends Delays {
  readonly name: string;
  readonly budget: ShareBudget;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly metrics: ClientMetrics;
}

/**
 * Asks again where there was no answer: reads only, with jitter, while the caller's deadline and the budget allow. An event of a
 * subscription is a read: the subgraph resolves the payload it is handed. Mutations are asked once, whatever happened.
 */
export function retryReads(client: SubgraphClient, options: RetryOptions): SubgraphClient {
  return {
    execute: async (request, call) => {
      if (request.operationKind === 'mutation') return client.execute(request, call);
      options.budget.earn();
      try {
        return await client.execute(request, call);
      } catch (error) {
        return await askAgain(client, request, call, options, error);
      }
    },
  };
}

async function askAgain(client: SubgraphClient, request: SubgraphRequest, call: SubgraphCall, options: RetryOptions, first: unknown): Promise<SubgraphAnswer> {
  const { name, attempts, budget, clock, random, metrics } = options;
  let failure = first;
  for (let attempt = 1; attempt < attempts && wasUnanswered(failure); attempt++) {
    const delayMs = delayBefore(attempt, failure, options, random);
    if (call.signal.aborted || (call.deadlineAtMs !== null && clock.now() + delayMs >= call.deadlineAtMs)) break;
    const spared = !budget.trySpend();
    metrics.retried(name, spared ? 'spent' : 'sent');
    if (spared || !(await sleep(delayMs, call.signal))) break;
    try {
      return await client.execute(request, call);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

const wasUnanswered = (error: unknown): boolean =>
  error instanceof SubgraphFailure && (error.reason === 'UNREACHABLE' || error.reason === 'TURNED_AWAY' || error.reason === 'SILENT');

/** False: the caller left meanwhile. */
function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done(!signal.aborted);
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
