import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import type { Pump } from '../../../platform/job-pump.ts';
import type { OrderRecord } from '../records.ts';

const RELEASE_QUEUE = 'release-order-stock';

interface ReleaseJob {
  readonly orderReference: string;
  readonly owner: string;
  readonly holdId: string | null;
}

/** Inventory is asked again until it has answered: days, if need be. */
const QUEUE = { retryLimit: 100, retryDelaySeconds: 2, expireInSeconds: 60 };

export const defineReleaseQueue = ({ jobs }: Pick<SubgraphDependencies, 'jobs'>): Promise<void> => jobs.defineQueue(RELEASE_QUEUE, QUEUE);

/** Has the stock of a cancelled order given back, in the transaction that cancels it. */
export const enqueueRelease = ({ jobs }: Pick<SubgraphDependencies, 'jobs'>, tx: Sql, { number, owner, holdId }: OrderRecord): Promise<void> =>
  jobs.enqueue(tx, RELEASE_QUEUE, { orderReference: number, owner, holdId } satisfies ReleaseJob);

/** Whether its hold was final yet or not; may be done again, and after whatever was done before. */
async function releaseStock({ clients: { inventory } }: Pick<SubgraphDependencies, 'clients'>, { orderReference, owner, holdId }: ReleaseJob): Promise<void> {
  await inventory.cancelCommitted({ orderReference });
  if (holdId === null) return;
  const hold = await inventory.releaseHold({ holdId, owner });
  // It may have become final between the two.
  if (hold?.state === 'COMMITTED') await inventory.cancelCommitted({ orderReference });
}

export const startReleaseWorker = (dependencies: SubgraphDependencies): Promise<Pump> =>
  dependencies.jobs.work<ReleaseJob>(RELEASE_QUEUE, (job) => releaseStock(dependencies, job.data), { workers: 2, pollSeconds: 0.5 });
