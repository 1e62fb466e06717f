import { setTimeout as pause } from 'node:timers/promises';
import { addMs, instant } from '../../../domain/time.ts';
import { enqueueChange, sweepAt } from './settlement.ts';
import { CHANGE_QUEUE, takeOverdueChanges, type ChangeJob } from './store.ts';
import type { ChangeTools } from './tools.ts';
import { workOnChange } from './work-on-change.ts';

export interface ChangeWorker {
  /** Takes no new job and waits for those at work, at most this long. */
  stop(drainMs: number): Promise<void>;
}

/** pg-boss repeats a job only when this process fails to keep its own book; the ERP's silence is planned there. */
const QUEUE = { retryLimit: 50, retryDelaySeconds: 1, expireInSeconds: 300 };

export const defineChangeQueue = ({ jobs }: Pick<ChangeTools, 'jobs'>): Promise<void> => jobs.defineQueue(CHANGE_QUEUE, QUEUE);

/** Works the queue, and sweeps for changes whose job died with its process: at once, then from time to time. */
export async function startChangeWorker(tools: ChangeTools): Promise<ChangeWorker> {
  const { settings } = tools;
  const pump = await tools.jobs.work<ChangeJob>(CHANGE_QUEUE, (job) => workOnChange(tools, job.data), { workers: settings.workers, pollSeconds: settings.pollSeconds });
  // After a start nobody else's patience counts: what is due is looked at now.
  let sweeping = sweep(tools, settings.sweepGraceMs);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(tools, 0));
  }, settings.sweepEveryMs);
  return {
    stop: async (drainMs) => {
      clearInterval(timer);
      await Promise.race([Promise.all([pump.stop(), sweeping]), pause(drainMs, undefined, { ref: false })]);
    },
  };
}

async function sweep(tools: ChangeTools, aheadMs: number): Promise<void> {
  const { database, clock, log, settings } = tools;
  const now = instant(clock.now());
  try {
    await database.transaction(async (tx) => {
      const overdue = await takeOverdueChanges(tx, addMs(now, aheadMs), sweepAt(now, settings));
      for (const job of overdue) await enqueueChange(tools, tx, job, 0);
      if (overdue.length > 0) log.info({ changes: overdue.length }, 'changes of orders had lost their job; enqueued again');
    });
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'the sweep for lost changes failed; it runs again');
  }
}
