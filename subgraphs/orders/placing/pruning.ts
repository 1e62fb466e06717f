import { asFailure } from '../../../domain/failure.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import type { PlacementPolicy } from '../settings.ts';
import { pruneClaims } from './store-claims.ts';

export interface Pruning {
  stop(): Promise<void>;
}

/** Few enough that a request for one of the keys waits for milliseconds. */
const BATCH = 1_000;

/** Forgets keys of longer ago than they are kept, batch by batch; answers how many. Any number of processes may do so at once. */
export async function pruneKeys({ database }: Pick<SubgraphDependencies, 'database'>, { keepKeysMs }: PlacementPolicy, isStopping: () => boolean = () => false): Promise<number> {
  let pruned = 0;
  for (let batch = BATCH; batch === BATCH && !isStopping(); pruned += batch) batch = await pruneClaims(database, keepKeysMs, BATCH);
  return pruned;
}

/** Prunes at once and then from time to time. A failure is told in the log; the next turn does the work. */
export function startPruning({ database, log }: Pick<SubgraphDependencies, 'database' | 'log'>, policy: PlacementPolicy): Pruning {
  let stopping = false;
  const turn = async (): Promise<void> => {
    try {
      const pruned = await pruneKeys({ database }, policy, () => stopping);
      if (pruned > 0) log.info({ keys: pruned }, 'idempotency keys of long ago were forgotten');
    } catch (error) {
      log.warn({ error: asFailure(error).message }, 'old idempotency keys could not be pruned; the next turn tries again');
    }
  };
  let running = turn();
  const timer = setInterval(() => {
    running = running.then(turn);
  }, policy.pruneEveryMs);
  return {
    stop: async () => {
      stopping = true;
      clearInterval(timer);
      await running;
    },
  };
}
