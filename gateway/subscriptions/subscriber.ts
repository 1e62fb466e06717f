import { GraphQLError, type ExecutionResult } from 'graphql';
import type { ExecuteEvent } from './event-execution.ts';
import { endedBy, slowConsumer, type News } from './news.ts';
import { createWaitingEvents, type WaitingEvents } from './waiting-events.ts';

/** What the subscribers of a group have in common. */
export interface SubscriberOptions {
  /** Whether it is news still: events that were coalesced may cancel each other. */
  readonly isNews: (news: News) => boolean;
  readonly merge: (earlier: News, later: News) => News;
  readonly execute: ExecuteEvent;
  readonly onCoalesced: () => void;
  readonly onDelivered: () => void;
  readonly onClosed: (subscriber: Subscriber) => void;
}

const CAPACITY = 256;
const DONE: IteratorResult<ExecutionResult> = { value: undefined, done: true };

/** Where a client that has this result resumes. */
const cursors = new WeakMap<ExecutionResult, string>();
export const cursorOfResult = (result: ExecutionResult): string | null => cursors.get(result) ?? null;

/** One subscriber's stream: results in the order of the log, each executed when it is asked for. */
export class Subscriber implements AsyncIterableIterator<ExecutionResult> {
  /** What its group tells up to here it has from the log itself. */
  has: string | null = null;
  readonly #options: SubscriberOptions;
  /** Null while nothing waits: most subscribers wait most of the time. */
  #waiting: WaitingEvents<News> | null = null;
  #wake: (() => void) | null = null;
  #giveRoom: (() => void) | null = null;
  #fullSinceMs: number | null = null;
  #resumeAfter: string;
  #toldAsOfMs = 0;
  #failure: GraphQLError | null = null;
  #ended = false;
  #last: Promise<unknown> | null = null;

  /** @param position everything after it is told */
  constructor(options: SubscriberOptions, position: string) {
    this.#options = options;
    this.#resumeAfter = position;
  }

  /** Everything after it has yet to be delivered. */
  get resumeAfter(): string {
    return this.#resumeAfter;
  }

  get isFull(): boolean {
    return this.#waiting !== null && this.#waiting.size >= CAPACITY;
  }

  /** @param key null = never coalesced */
  put(news: News, key: string | null): void {
    if (this.#ended) return;
    this.#waiting ??= createWaitingEvents(this.#options.merge);
    if (this.#waiting.put(news, key) === 'coalesced') this.#options.onCoalesced();
    this.#wake?.();
  }

  /** Null: there is room. Otherwise resolves when half of what waits has been taken, or all is over. */
  room(nowMs: number): Promise<void> | null {
    if (!this.isFull || this.#ended) return null;
    this.#fullSinceMs = nowMs;
    return new Promise((room) => (this.#giveRoom = room));
  }

  /** Ends one that has not made room for so long: its client comes back to where it was, and nothing waits for it here. */
  endIfSlow(nowMs: number, slowAfterMs: number): void {
    if (this.#fullSinceMs !== null && nowMs - this.#fullSinceMs >= slowAfterMs) this.fail(slowConsumer(this.#resumeAfter));
  }

  /** Delivers what waits, then ends. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onClosed(this);
    this.#wake?.();
    this.#giveRoom?.();
  }

  /** Ends at once; whoever asks next gets the error. */
  fail(error: GraphQLError): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#waiting = null;
    this.end();
  }

  /** One after the other, also for whoever asks for several at once. */
  next(): Promise<IteratorResult<ExecutionResult>> {
    const turn = this.#last === null ? this.#next() : this.#last.then(() => this.#next());
    const last: Promise<unknown> = turn.catch(() => undefined).finally(() => {
      if (this.#last === last) this.#last = null;
    });
    this.#last = last;
    return turn;
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.#waiting = null;
    this.end();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<ExecutionResult>> {
    for (;;) {
      const news = this.#take();
      // What has been coalesced may be no news any more.
      if (news && !this.#options.isNews(news)) continue;
      if (news) return { value: await this.#execute(news), done: false };
      const failure = this.#failure;
      this.#failure = null;
      if (failure) throw failure;
      if (this.#ended) return DONE;
      await new Promise<void>((wake) => (this.#wake = wake));
      this.#wake = null;
    }
  }

  #take(): News | undefined {
    const waiting = this.#waiting;
    if (waiting === null) return undefined;
    const news = waiting.take();
    if (waiting.size === 0) this.#waiting = null;
    if (waiting.size <= CAPACITY / 2 && this.#giveRoom) {
      this.#giveRoom();
      this.#giveRoom = null;
      this.#fullSinceMs = null;
    }
    return news;
  }

  async #execute(news: News): Promise<ExecutionResult> {
    const executed = this.#options.execute(news, this.#toldAsOfMs);
    this.#toldAsOfMs = executed.startedAtMs;
    const result = await executed.result.catch((error: unknown) => {
      const { message, extensions } = error instanceof GraphQLError ? error : new GraphQLError((error as Error).message);
      const failure = endedBy(message, extensions, this.#resumeAfter);
      this.fail(failure);
      this.#failure = null;
      throw failure;
    });
    // Of a gap nobody resumes: until an event after it was delivered its client has to hear of it again.
    if (!news.isGap) {
      cursors.set(result, news.cursor);
      this.#resumeAfter = news.cursor;
    }
    this.#options.onDelivered();
    return result;
  }
}
