import type { Clock } from '../../platform/clock.ts';
import { copyAnswer } from '../execution/fetching/merge.ts';
import type { SubgraphAnswer, SubgraphCall, SubgraphClient, SubgraphRequest } from '../execution/subgraph-client.ts';
import { callerLeft } from './caller-left.ts';
import type { ClientMetrics } from './client-metrics.ts';

export interface SingleFlightOptions {
  readonly name: string;
  /** Equal questions of one asker may be asked once; null: this request is nobody else's. */
  readonly questionOf: (request: SubgraphRequest, call: SubgraphCall) => string | null;
  readonly isSameAsker: (one: SubgraphCall, other: SubgraphCall) => boolean;
  /** A flight that lasts longer no longer holds up those who ask after it. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly metrics: ClientMetrics;
}

/**
 * Equal questions asked while one is on its way wait for the next flight and travel together. A flight leaves after all its
 * passengers have asked, so that nobody gets an answer older than the question: what the caller wrote before, here or through another
 * node, is in it (docs/decisions/0028). Each passenger gets data of its own; one who leaves does not end the others' flight, the last one does.
 */
export function shareFlights(client: SubgraphClient, options: SingleFlightOptions): SubgraphClient {
  const flights = new Map<string, readonly Flight[]>();
  const tools: FlightTools = { ...options, client, flights };
  return {
    execute: (request, call) => {
      const question = options.questionOf(request, call);
      if (question === null) return client.execute(request, call);
      const flight = flights.get(question)?.find((one) => options.isSameAsker(one.call, call));
      return flight ? flight.boardNext(call) : new Flight(question, request, call, tools).fly();
    },
  };
}

interface FlightTools extends SingleFlightOptions {
  readonly client: SubgraphClient;
  /** The latest flights of each question, one an asker, until they land. */
  readonly flights: Map<string, readonly Flight[]>;
}

/** One request under way, and those who wait for the one after it. */
class Flight {
  readonly #question: string;
  readonly #request: SubgraphRequest;
  readonly #tools: FlightTools;
  /** Of whoever asks, or of the first of those who ask together. */
  readonly call: SubgraphCall;
  readonly #waiting = new Set<Passenger>();
  #patience: NodeJS.Timeout | undefined;

  constructor(question: string, request: SubgraphRequest, call: SubgraphCall, tools: FlightTools) {
    this.#question = question;
    this.#request = request;
    this.#tools = tools;
    this.call = call;
    tools.flights.set(question, [...(tools.flights.get(question) ?? []), this]);
  }

  async fly(): Promise<SubgraphAnswer> {
    try {
      return await this.#tools.client.execute(this.#request, this.call);
    } finally {
      this.#passOn();
    }
  }

  boardNext(call: SubgraphCall): Promise<SubgraphAnswer> {
    const { clock, patienceMs } = this.#tools;
    if (call.signal.aborted) return Promise.reject(callerLeft(call, clock.now()));
    this.#patience ??= setTimeout(() => this.#passOn(), patienceMs);
    return new Promise((resolve, reject) => {
      const passenger = new Passenger(call, resolve, reject, () => {
        this.#waiting.delete(passenger);
        passenger.fail(callerLeft(call, clock.now()));
      });
      this.#waiting.add(passenger);
    });
  }

  /** Once: at the landing, or when those who wait have waited long enough. */
  #passOn(): void {
    clearTimeout(this.#patience);
    const { flights } = this.#tools;
    const all = flights.get(this.#question);
    if (!all?.includes(this)) return;
    if (all.length === 1) flights.delete(this.#question);
    else flights.set(this.#question, all.filter((flight) => flight !== this));
    if (this.#waiting.size > 0) this.#takeOff([...this.#waiting]);
  }

  #takeOff(passengers: readonly Passenger[]): void {
    const { clock, metrics, name } = this.#tools;
    const aboard = new Set(passengers);
    const controller = new AbortController();
    for (const passenger of passengers) {
      passenger.onLeave(() => {
        aboard.delete(passenger);
        passenger.fail(callerLeft(passenger.call, clock.now()));
        if (aboard.size === 0) controller.abort();
      });
    }
    if (passengers.length > 1) metrics.shared(name, passengers.length);
    const deadlines = passengers.map(({ call }) => call.deadlineAtMs ?? Infinity);
    const latestMs = Math.max(...deadlines);
    const call = { ...passengers[0]!.call, signal: controller.signal, deadlineAtMs: Number.isFinite(latestMs) ? latestMs : null };
    void new Flight(this.#question, this.#request, call, this.#tools).#carry(aboard);
  }

  async #carry(aboard: ReadonlySet<Passenger>): Promise<void> {
    try {
      const answer = await this.fly();
      const [first, ...others] = aboard;
      for (const passenger of others) passenger.succeed({ ...answer, data: copyAnswer(answer.data) });
      first?.succeed(answer);
    } catch (error) {
      for (const passenger of aboard) passenger.fail(error as Error);
    }
  }
}

/** Somebody who waits for a shared answer. */
class Passenger {
  readonly call: SubgraphCall;
  readonly #resolve: (answer: SubgraphAnswer) => void;
  readonly #reject: (error: Error) => void;
  #leave: () => void;
  readonly #onAbort = (): void => this.#leave();

  constructor(call: SubgraphCall, resolve: (answer: SubgraphAnswer) => void, reject: (error: Error) => void, leave: () => void) {
    this.call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#leave = leave;
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** What to do from now on when the caller leaves. */
  onLeave(leave: () => void): void {
    this.#leave = leave;
  }

  succeed(answer: SubgraphAnswer): void {
    this.call.signal.removeEventListener('abort', this.#onAbort);
    this.#resolve(answer);
  }

  fail(error: Error): void {
    this.call.signal.removeEventListener('abort', this.#onAbort);
    this.#reject(error);
  }
}
