import type { Clock } from '../../platform/clock.ts';
import { SubgraphFailure, type SubgraphCall, type SubgraphClient, type SubrequestLane } from '../execution/subgraph-client.ts';
import { callerLeft } from './caller-left.ts';
import type { ClientMetrics } from './client-metrics.ts';

export interface BulkheadOptions {
  /** Name of the subgraph, for messages. */
  readonly name: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Of those, kept free for the checkout. */
  readonly reserved: number;
  /** Requests of one lane that may wait; one more is refused. */
  readonly maxQueued: number;
  readonly clock: Clock;
  readonly metrics: ClientMetrics;
}

export interface Bulkhead extends SubgraphClient {
  /** Whether a request more would find room at once. */
  hasRoom(): boolean;
}

/**
 * Keeps one slow subgraph from holding everything: so many requests at once, so many waiting, the rest refused. Events of
 * subscriptions are never refused, only late: how many there are is bounded at the sockets. Where all wait the checkout goes first,
 * browsing and events in turn, so that neither starves the other.
 */
export function limitConcurrency(client: SubgraphClient, options: BulkheadOptions): Bulkhead {
  const places = new Places(options);
  return {
    hasRoom: () => places.hasRoom('BROWSING'),
    execute: async (request, call) => {
      const lane = call.lane ?? 'BROWSING';
      // Nothing to wait for is the rule: no promise for that.
      if (!places.tryTake(lane)) await places.wait(lane, call);
      try {
        return await client.execute(request, call);
      } finally {
        places.giveBack();
      }
    },
  };
}

interface Waiter {
  readonly deadlineAtMs: number | null;
  admit(): void;
  leave(): void;
}

/** Who has less time left is not let in any more: their request would be cut before it is answered, and somebody else's be late. */
const USEFUL_MS = 10;

class Places {
  readonly #options: BulkheadOptions;
  readonly #queues: Readonly<Record<SubrequestLane, Set<Waiter>>> = { CHECKOUT: new Set(), BROWSING: new Set(), EVENTS: new Set() };
  #taken = 0;
  /** Whose turn is after the checkout's. */
  #turn: SubrequestLane = 'BROWSING';

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  hasRoom(lane: SubrequestLane): boolean {
    const { concurrency, reserved } = this.#options;
    return this.#taken < (lane === 'CHECKOUT' ? concurrency : concurrency - reserved);
  }

  /** Passes nobody: where somebody waits there is no room for their lane. */
  tryTake(lane: SubrequestLane): boolean {
    if (!this.hasRoom(lane)) return false;
    this.#taken += 1;
    return true;
  }

  /** Resolves with a place taken. @throws SubgraphFailure HELD_BACK, or why the caller is gone */
  wait(lane: SubrequestLane, call: SubgraphCall): Promise<void> {
    const { name, clock, maxQueued, metrics } = this.#options;
    const queue = this.#queues[lane];
    if (call.signal.aborted) return Promise.reject(callerLeft(call, clock.now()));
    if (queue.size >= maxQueued && lane !== 'EVENTS') {
      metrics.refused(name, 'queue-full');
      return Promise.reject(new SubgraphFailure('UPSTREAM_UNAVAILABLE', `Subgraph "${name}" has too much to do.`, { reason: 'HELD_BACK', retryAfterMs: BUSY_RETRY_MS }));
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        queue.delete(waiter);
        metrics.waiting(name, lane, queue.size);
        call.signal.removeEventListener('abort', leave);
      };
      const waiter: Waiter = {
        deadlineAtMs: call.deadlineAtMs,
        admit: () => {
          settle();
          resolve();
        },
        leave: () => {
          settle();
          reject(callerLeft(call, clock.now() + USEFUL_MS));
        },
      };
      const leave = (): void => waiter.leave();
      queue.add(waiter);
      metrics.waiting(name, lane, queue.size);
      call.signal.addEventListener('abort', leave, { once: true });
    });
  }

  giveBack(): void {
    this.#taken -= 1;
    const other = this.#turn === 'BROWSING' ? 'EVENTS' : 'BROWSING';
    for (const lane of ['CHECKOUT', this.#turn, other] as const) {
      const first = this.#firstOf(lane);
      if (!first) continue;
      if (!this.hasRoom(lane)) return;
      if (lane === this.#turn) this.#turn = other;
      this.#taken += 1;
      first.admit();
      return;
    }
  }

  #firstOf(lane: SubrequestLane): Waiter | null {
    const usefulUntilMs = this.#options.clock.now() + USEFUL_MS;
    for (const waiter of this.#queues[lane]) {
      if (waiter.deadlineAtMs === null || waiter.deadlineAtMs > usefulUntilMs) return waiter;
      waiter.leave();
    }
    return null;
  }
}

/** What a caller who found the queue full is told to wait. */
const BUSY_RETRY_MS = 1_000;
