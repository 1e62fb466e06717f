import type { LaneName, LimitMetrics, ShedReason } from '../limit-metrics.ts';

export interface LaneOptions {
  readonly name: LaneName;
  readonly places: number;
  /** Operations that may wait for a place, and how long at most. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly metrics: LimitMetrics;
}

interface Waiter {
  /** Places it must leave free. */
  readonly spare: number;
  readonly enter: () => void;
}

/** An operation found no place in time. */
export class Shed extends Error {
  readonly reason: ShedReason;

  constructor(reason: ShedReason) {
    super(reason);
    this.reason = reason;
  }
}

/** So many operations at a time; a few more wait, in order, for a short while. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting = new Set<Waiter>();
  #places: number;
  #running = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#places = options.places;
    options.metrics.places(options.name, options.places);
  }

  get places(): number {
    return this.#places;
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.size === 0;
  }

  /** Takes effect as operations end: those that run are not stopped. */
  resize(places: number): void {
    if (places === this.#places) return;
    this.#places = places;
    this.#options.metrics.places(this.#options.name, places);
    this.#admit();
  }

  /**
   * Takes a place and answers what gives it back; at once where one is free.
   * @param spare places that must stay free for others
   * @param signal aborted when the caller leaves
   * @throws Shed, or the reason of `signal`; where it had to wait, the promise rejects with them
   */
  enter(spare: number, signal: AbortSignal): (() => void) | Promise<() => void> {
    const { maxWaiting } = this.#options;
    // Whoever waits could not use the place: it would have been let in.
    if (this.#hasPlace(spare)) return this.#take();
    if (this.#waiting.size >= maxWaiting) throw this.#shed('full');
    return this.#wait(spare, signal);
  }

  #hasPlace = (spare: number): boolean => this.#running < Math.max(1, this.#places - spare);

  #wait(spare: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        spare,
        enter: () => {
          settle();
          resolve(this.#take());
        },
      };
      const onAbort = (): void => {
        settle();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        settle();
        reject(this.#shed('late'));
      }, this.#options.maxWaitMs);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiter);
      return undefined;
    });
  }

  #take(): () => void {
    const { name, metrics } = this.#options;
    this.#running += 1;
    metrics.entered(name);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#running -= 1;
      metrics.left(name);
      this.#admit();
    };
  }

  /** Who may use every place is not held up by one before it that may not. */
  #admit(): void {
    for (const waiter of this.#waiting) if (this.#hasPlace(waiter.spare)) waiter.enter();
  }

  #shed(reason: ShedReason): Shed {
    this.#options.metrics.shed(this.#options.name, reason);
    return new Shed(reason);
  }
}
