import type { Lifecycle } from '../../frame/lifecycle.ts';
import { readReturnHealth } from './store-work.ts';
import type { ReturnTools } from './tools.ts';
import { startReturnWorker, type ReturnWorker } from './worker.ts';

type Parts = Pick<Lifecycle, 'start' | 'health' | 'stop'>;

const LATE_MS = 600_000;

/** Adds the work of returns to the moving parts of the subgraph. */
export function withReturnWork(tools: ReturnTools, parts: Parts): Parts {
  const stopping = new AbortController();
  let worker: ReturnWorker | null = null;
  return {
    start: async () => {
      await parts.start();
      worker = await startReturnWorker({ ...tools, signal: stopping.signal });
    },
    health: async () => {
      const { ok, reasons } = await parts.health();
      const more = await reasonsOfReturns(tools).catch((error: Error) => [`how returns stand cannot be read: ${error.message}`]);
      return { ok, reasons: [...reasons, ...more] };
    },
    stop: async () => {
      await worker?.stop(tools.config.DRAIN_TIMEOUT_MS / 2);
      stopping.abort(new Error('stopping'));
      await parts.stop();
    },
  };
}

/** Sentences on returns that do not come forward. */
async function reasonsOfReturns({ database, clock }: ReturnTools): Promise<readonly string[]> {
  const { needAttention, pending, oldestPendingAt, lastFailure } = await readReturnHealth(database);
  const isLate = oldestPendingAt !== null && Date.parse(oldestPendingAt) < clock.now() - LATE_MS;
  return [
    ...(needAttention > 0 ? [`${needAttention} step(s) of returns need attention: returns(filter: {needsAttention: true})`] : []),
    ...(isLate ? [`${pending} step(s) of returns wait, the oldest since ${oldestPendingAt}${lastFailure ? ` (${lastFailure})` : ''}`] : []),
  ];
}
