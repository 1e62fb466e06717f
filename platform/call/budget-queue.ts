import type { Clock } from '../clock.ts';
import type { BudgetLedger, CallBudget } from './budget.ts';
import { countCall, countRefusal, countWait } from './budget-metrics.ts';
import { CallInterruption } from './interruption.ts';
import { LANES, type Lane } from './lane.ts';
import type { CallRequest } from './policy.ts';

export interface QueueOptions {
  readonly source: string;
  readonly ledger: BudgetLedger;
  readonly clock: Pick<Clock, 'now'>;
  /** Requests that may wait; the next one is refused at once. */
  readonly maxQueued: number;
}

interface Waiter {
  readonly request: CallRequest;
  readonly lane: Lane;
  admit(lease: string): void;
  refuse(error: CallInterruption): void;
}

/** Looks at least this often whether another process gave a place back. */
const LOOK_AGAIN_MS = 10;
const LONGEST_SLEEP_MS = 250;
/** What a caller who found every place taken is told to wait. */
const BUSY_RETRY_MS = 1_000;

/**
 * Lets requests through in lanes, each lane in order of arrival. Who cannot be served before the deadline is refused at once, as far as
 * the bucket can tell; who waits for a place is refused when the deadline comes.
 */
export function createBudget({ source, ledger, clock, maxQueued }: QueueOptions): CallBudget {
  const lanes: Readonly<Record<Lane, Set<Waiter>>> = { CHECKOUT: new Set(), HOT: new Set(), FEED: new Set() };
  let pumping = false;
  let news = false;
  let wakeUp: () => void = () => undefined;
  const wake = (): void => {
    news = true;
    wakeUp();
  };

  const waiting = (): number => lanes.CHECKOUT.size + lanes.HOT.size + lanes.FEED.size;
  const head = (): Waiter | undefined => LANES.map((lane) => lanes[lane].values().next().value).find((waiter) => waiter !== undefined);
  const giveBack = (lease: string): void => {
    ledger.giveBack(lease);
    wake();
  };

  const pump = async (): Promise<void> => {
    for (let first = head(); first; first = head()) {
      news = false;
      const take = await ledger.tryTake(first.lane);
      if (take.granted) {
        if (lanes[first.lane].has(first)) first.admit(take.lease);
        else giveBack(take.lease);
        continue;
      }
      if (take.waitMs !== null) refuseTooLate(take.waitMs, take.spacingMs);
      // A place that came free, or somebody who goes before, is looked at now.
      if (head() && !news) await sleep(take.waitMs === null ? LOOK_AGAIN_MS : Math.min(Math.max(1, take.waitMs), LONGEST_SLEEP_MS));
    }
    pumping = false;
  };
  const sleep = (ms: number): Promise<void> => new Promise((done) => {
    const timer = setTimeout(done, ms);
    wakeUp = () => {
      clearTimeout(timer);
      done();
    };
  });
  const refuseTooLate = (waitMs: number, spacingMs: number): void => {
    let servedInMs = waitMs;
    for (const waiter of LANES.flatMap((lane) => [...lanes[lane]])) {
      if (clock.now() + servedInMs >= waiter.request.deadlineAtMs) waiter.refuse(spent(source, Math.ceil(servedInMs)));
      else servedInMs += spacingMs;
    }
  };
  const start = (): void => {
    wake();
    if (pumping) return;
    pumping = true;
    void pump();
  };

  const enter = (request: CallRequest, lane: Lane): Promise<string> => new Promise((resolve, reject) => {
    const startedMs = clock.now();
    const settle = (): void => {
      lanes[lane].delete(waiter);
      clearTimeout(timer);
      request.signal.removeEventListener('abort', onAbort);
      if (lanes[lane].size === 0) ledger.leave(lane);
    };
    const waiter: Waiter = {
      request, lane,
      admit: (lease) => {
        settle();
        countCall(source, lane);
        countWait(source, lane, clock.now() - startedMs);
        resolve(lease);
      },
      refuse: (error) => {
        settle();
        countRefusal(source, lane, error.kind);
        reject(error);
      },
    };
    const onAbort = (): void => waiter.refuse(new CallInterruption('aborted', 'the caller went away', { cause: request.signal.reason }));
    const timer = setTimeout(() => waiter.refuse(spent(source, BUSY_RETRY_MS)), Math.max(0, request.deadlineAtMs - startedMs));
    request.signal.addEventListener('abort', onAbort, { once: true });
    lanes[lane].add(waiter);
    start();
  });

  return {
    take: async (request) => {
      const lane = request.lane ?? 'CHECKOUT';
      if (request.signal.aborted) throw new CallInterruption('aborted', 'the caller went away', { cause: request.signal.reason });
      if (waiting() >= maxQueued) {
        countRefusal(source, lane, 'queue-full');
        throw new CallInterruption('queue-full', 'too many calls are waiting');
      }
      const lease = await enter(request, lane);
      return () => giveBack(lease);
    },
  };
}

const spent = (source: string, retryAfterMs: number): CallInterruption =>
  new CallInterruption('budget-spent', `the call budget of ${source} has no room before the deadline`, { retryAfterMs });
