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
  readonly lane: Lane;
  readonly deadlineAtMs: number;
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
export class BudgetQueue implements CallBudget {
  readonly #options: QueueOptions;
  readonly #lanes: Readonly<Record<Lane, Set<Waiter>>> = { CHECKOUT: new Set(), HOT: new Set(), FEED: new Set() };
  #serving = false;
  #news = false;
  #wakeUp: () => void = () => undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  async take(request: CallRequest): Promise<() => void> {
    const { source, maxQueued } = this.#options;
    if (request.signal.aborted) throw leaving(request);
    if (this.#waiters().length >= maxQueued) {
      countRefusal(source, request.lane ?? 'CHECKOUT', 'queue-full');
      throw new CallInterruption('queue-full', 'too many calls are waiting');
    }
    const lease = await this.#enter(request);
    return () => this.#giveBack(lease);
  }

  #waiters(): readonly Waiter[] {
    return LANES.flatMap((lane) => [...this.#lanes[lane]]);
  }

  #enter(request: CallRequest): Promise<string> {
    const { source, clock, ledger } = this.#options;
    const { lane = 'CHECKOUT', deadlineAtMs, signal } = request;
    const startedMs = clock.now();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#lanes[lane].delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        if (this.#lanes[lane].size === 0) ledger.leave(lane);
      };
      const waiter: Waiter = {
        lane, deadlineAtMs,
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
      const leave = (): void => waiter.refuse(leaving(request));
      const timer = setTimeout(() => waiter.refuse(spent(source, BUSY_RETRY_MS)), Math.max(0, deadlineAtMs - startedMs));
      signal.addEventListener('abort', leave, { once: true });
      this.#lanes[lane].add(waiter);
      this.#wake();
      if (!this.#serving) void this.#serve();
    });
  }

  #giveBack(lease: string): void {
    this.#options.ledger.giveBack(lease);
    this.#wake();
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    for (let [first] = this.#waiters(); first; [first] = this.#waiters()) {
      this.#news = false;
      const take = await this.#options.ledger.tryTake(first.lane);
      if (take.granted) {
        if (this.#lanes[first.lane].has(first)) first.admit(take.lease);
        else this.#giveBack(take.lease);
        continue;
      }
      if (take.waitMs !== null) this.#refuseTooLate(take.waitMs, take.spacingMs);
      // A place that came free, or somebody who goes before, is looked at now.
      if (this.#waiters().length > 0 && !this.#news) await this.#sleep(take.waitMs === null ? LOOK_AGAIN_MS : Math.min(Math.max(1, take.waitMs), LONGEST_SLEEP_MS));
    }
    this.#serving = false;
  }

  #refuseTooLate(waitMs: number, spacingMs: number): void {
    const { clock, source } = this.#options;
    let servedInMs = waitMs;
    for (const waiter of this.#waiters()) {
      if (clock.now() + servedInMs >= waiter.deadlineAtMs) waiter.refuse(spent(source, Math.ceil(servedInMs)));
      else servedInMs += spacingMs;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  #wake(): void {
    this.#news = true;
    this.#wakeUp();
  }
}

const leaving = ({ signal }: CallRequest): CallInterruption => new CallInterruption('aborted', 'the caller went away', { cause: signal.reason });

const spent = (source: string, retryAfterMs: number): CallInterruption =>
  new CallInterruption('budget-spent', `the call budget of ${source} has no room before the deadline`, { retryAfterMs });
