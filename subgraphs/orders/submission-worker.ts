import { addMs, instant } from '../../domain/time.ts';
import { enqueueAttempt, submitOrder, type SubmissionTools } from './submission.ts';
import { SUBMIT_QUEUE, takeOverdue, type SubmitJob } from './store-submission.ts';

export interface SubmissionWorker {
  /** Takes no new job and waits for those at work, at most this long. */
  stop(drainMs: number): Promise<void>;
}

/** pg-boss repeats a job only when this process fails to keep its own book; the ERP's silence is planned there. */
const QUEUE = { retryLimit: 50, retryDelaySeconds: 1, expireInSeconds: 300 };

export const defineSubmitQueue = ({ jobs }: Pick<SubmissionTools, 'jobs'>): Promise<void> => jobs.defineQueue(SUBMIT_QUEUE, QUEUE);

/** Works the queue, and sweeps for orders whose job died with its process: at once, then from time to time. */
export async function startSubmissionWorker(tools: SubmissionTools): Promise<SubmissionWorker> {
  const { submission } = tools.settings;
  const atWork = new Set<Promise<void>>();
  let stopping = false;
  const handle = async (job: SubmitJob): Promise<void> => {
    if (stopping) throw new Error('this process is stopping; the job goes back to the queue');
    const work = submitOrder(tools, job);
    atWork.add(work);
    await work.finally(() => atWork.delete(work));
  };
  await tools.jobs.work<SubmitJob>(SUBMIT_QUEUE, (job) => handle(job.data), { workers: submission.workers, pollSeconds: submission.pollSeconds });
  // After a start nobody else's patience counts: what is due is looked at now.
  let sweeping = sweepOverdue(tools, submission.sweepGraceMs);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweepOverdue(tools, 0));
  }, submission.sweepEveryMs);
  return {
    stop: async (drainMs) => {
      stopping = true;
      clearInterval(timer);
      await sweeping;
      await Promise.race([Promise.allSettled(atWork), pause(drainMs)]);
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms).unref());

async function sweepOverdue(tools: SubmissionTools, aheadMs: number): Promise<void> {
  const { database, clock, log, settings: { submission } } = tools;
  const now = instant(clock.now());
  try {
    await database.transaction(async (tx) => {
      const overdue = await takeOverdue(tx, addMs(now, aheadMs), addMs(now, submission.sweepGraceMs));
      for (const job of overdue) await enqueueAttempt(tools, tx, job, 0);
      if (overdue.length > 0) log.info({ orders: overdue.length }, 'orders had lost their submission job; enqueued again');
    });
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'the sweep for lost submissions failed; it runs again');
  }
}
