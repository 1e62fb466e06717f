import type { Lifecycle } from '../../frame/lifecycle.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import { addMs, instant } from '../../../domain/time.ts';
import { createChangeOrder, type ChangeOrder } from './request-change.ts';
import type { ChangeSettings } from './settings.ts';
import { readOpenChanges } from './store.ts';
import type { ChangeTools } from './tools.ts';
import { startChangeWorker, type ChangeWorker } from './worker.ts';

type Parts = Pick<Lifecycle, 'start' | 'health' | 'stop'>;

export interface ChangeWork {
  readonly changeOrder: ChangeOrder;
  /** Adds the worker of changes to the moving parts. */
  around(lifecycle: Parts): Parts;
}

/** So long a change may wait for the ERP before people are told. */
const PATIENCE_MS = 15 * 60_000;

export function createChangeWork(dependencies: SubgraphDependencies, settings: ChangeSettings): ChangeWork {
  const stopping = new AbortController();
  const tools: ChangeTools = { ...dependencies, settings, signal: stopping.signal };
  let worker: ChangeWorker | null = null;
  return {
    changeOrder: createChangeOrder(tools),
    around: (lifecycle) => ({
      start: async () => {
        await lifecycle.start();
        worker = await startChangeWorker(tools);
      },
      health: async () => {
        const { ok, reasons } = await lifecycle.health();
        return { ok, reasons: [...reasons, ...(await reasonsOfChanges(tools))] };
      },
      stop: async () => {
        await worker?.stop(dependencies.config.DRAIN_TIMEOUT_MS / 2);
        stopping.abort(new Error('stopping'));
        await lifecycle.stop();
      },
    }),
  };
}

async function reasonsOfChanges({ database, clock }: ChangeTools): Promise<readonly string[]> {
  try {
    const { count, oldestAt, lastFailure } = await readOpenChanges(database, addMs(instant(clock.now()), -PATIENCE_MS));
    return count === 0 ? [] : [`${count} change(s) of orders wait since ${oldestAt}${lastFailure === null ? '' : `: ${lastFailure}`}`];
  } catch (error) {
    return [`how changes of orders stand cannot be read: ${(error as Error).message}`];
  }
}
