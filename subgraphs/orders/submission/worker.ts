import { setTimeout as pause } from 'node:timers/promises';
import { asFailure } from '../../../domain/failure.ts';
import { addMs, instant } from '../../../domain/time.ts';
import { confirmHold } from '../placing/hold-confirmation.ts';
import { readOrders } from '../reading/store-reads.ts';
import { closedUntil } from './erp-gate.ts';
import { readStanding } from './store-pause.ts';
import { submitOrder } from './submit-order.ts';
import type { SubmissionTools } from './tools.ts';
import { SUBMIT_QUEUE, takeOverdue, readUnheld, type SubmitJob } from './store-submission.ts';

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
  const options = { workers: workersFor(tools), pollSeconds: submission.pollSeconds, admit: (free: number) => admit(tools, free) };
  const pump = await tools.jobs.work<SubmitJob>(SUBMIT_QUEUE, (job) => submitOrder(tools, job.data), options);
  // After a start nobody else's patience counts: what is due is looked at now.
  let sweeping = sweep(tools, submission.sweepGraceMs);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(tools, 0));
  }, submission.sweepEveryMs);
  return {
    stop: async (drainMs) => {
      clearInterval(timer);
      await Promise.race([Promise.all([pump.stop(), sweeping]), pause(drainMs, undefined, { ref: false })]);
    },
  };
}

/**
 * Enough to keep the ERP's places taken while half of the orders are busy with our own database, and no more than its rate
 * serves within a call's time: who waits longer for the budget than a call may take has waited for nothing.
 */
function workersFor({ ports, settings: { submission } }: SubmissionTools): number {
  const { maxConcurrency = 1, requestsPerMinute = null } = ports.port('orders')?.capabilities ?? {};
  const served = requestsPerMinute === null ? Infinity : Math.floor((requestsPerMinute * submission.callTimeoutMs) / 120_000);
  return Math.max(1, Math.min(submission.workers, 2 * maxConcurrency, served));
}

/** Nobody while the ERP does not answer, or is not to be asked: jobs keep their places; then one, to see. */
async function admit({ database, ports, clock }: SubmissionTools, free: number): Promise<number> {
  const system = ports.port('orders')?.source;
  if (system === undefined) return free;
  const now = instant(clock.now());
  const until = closedUntil(await readStanding(database, system, now), now);
  if (until === null) return free;
  return until > now ? 0 : 1;
}

async function sweep(tools: SubmissionTools, aheadMs: number): Promise<void> {
  try {
    await enqueueLost(tools, aheadMs);
    await confirmHolds(tools);
  } catch (error) {
    tools.log.warn({ error: (error as Error).message }, 'the sweep for lost submissions failed; it runs again');
  }
}

/** A job that waits for a worker, however long, is not lost. */
async function enqueueLost({ database, jobs, clock, log, settings: { submission } }: SubmissionTools, aheadMs: number): Promise<void> {
  const now = instant(clock.now());
  await database.transaction(async (tx) => {
    const overdue = await takeOverdue(tx, addMs(now, aheadMs), addMs(now, submission.sweepGraceMs));
    const lost = new Set(await jobs.withoutJob(tx, SUBMIT_QUEUE, 'orderId', overdue.map(({ orderId }) => orderId)));
    if (lost.size === 0) return;
    await jobs.enqueueAll(tx, SUBMIT_QUEUE, overdue.filter(({ orderId }) => lost.has(orderId)));
    log.info({ orders: lost.size }, 'orders had lost their submission job; enqueued again');
  });
}

/** The stock of an order is taken though the ERP, and with it the order's job, be away for long. */
async function confirmHolds({ database, clients, clock, log, settings: { submission, holdTtlSeconds } }: SubmissionTools): Promise<void> {
  const ids = await readUnheld(database, addMs(instant(clock.now()), -submission.sweepGraceMs));
  for (const order of await readOrders(database, ids)) {
    await confirmHold({ database, clients, clock, holdTtlSeconds }, order).catch((error: unknown) =>
      log.warn({ order: order.number, error: asFailure(error).message }, 'a hold is not confirmed yet; the next sweep asks again'));
  }
}
