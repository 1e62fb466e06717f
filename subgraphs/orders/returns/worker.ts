import { addMs } from '../../../domain/time.ts';
import { advanceReturn } from './advance-return.ts';
import type { AdvanceTools } from './steps.ts';
import { RETURN_QUEUE, takeOverdue, type ReturnJob } from './store-work.ts';
import { enqueueWork, nowOf, type ReturnTools } from './tools.ts';

export interface ReturnWorker {
  /** Takes no new job and waits for those at work, at most this long. */
  stop(drainMs: number): Promise<void>;
}

const QUEUE = { retryLimit: 50, retryDelaySeconds: 1, expireInSeconds: 300 };

/** Returns are few beside orders. */
const WORKERS = 2;

export const defineReturnQueue = ({ jobs }: Pick<ReturnTools, 'jobs'>): Promise<void> => jobs.defineQueue(RETURN_QUEUE, QUEUE);

/** Works the queue, and sweeps for what the ERP's feeds set in motion and for turns whose job died with its process. */
export async function startReturnWorker(tools: AdvanceTools): Promise<ReturnWorker> {
  const { submission } = tools.settings;
  const pump = await tools.jobs.work<ReturnJob>(RETURN_QUEUE, (job) => advanceReturn(tools, job.data), { workers: WORKERS, pollSeconds: submission.pollSeconds });
  // After a start nobody else's patience counts: what is due is looked at now.
  let sweeping = sweep(tools, submission.sweepGraceMs);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(tools, 0));
  }, submission.sweepEveryMs);
  return {
    stop: async (drainMs) => {
      clearInterval(timer);
      await sweeping;
      await Promise.race([pump.stop(), pause(drainMs)]);
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms).unref());

async function sweep(tools: AdvanceTools, aheadMs: number): Promise<void> {
  const now = nowOf(tools);
  try {
    await tools.database.transaction(async (tx) => {
      const overdue = await takeOverdue(tx, addMs(now, aheadMs), addMs(now, tools.settings.submission.sweepGraceMs));
      await enqueueWork(tools, tx, overdue);
    });
  } catch (error) {
    tools.log.warn({ error: (error as Error).message }, 'the sweep for returns failed; it runs again');
  }
}
