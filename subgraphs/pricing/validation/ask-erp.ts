import type { Answer, CallContext } from '../../../domain/connector.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import type { Money } from '../../../domain/money.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import { judge, type ErpQuestion, type Judgement } from './erp-question.ts';

export interface AskOptions {
  readonly prices: OwnedPort<'prices'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** When the prices hold. */
  readonly at: Instant;
  /** The caller's own end of interest. */
  readonly signal?: AbortSignal | undefined;
  /** W3C traceparent of the caller. */
  readonly traceparent?: string | null | undefined;
  /** CHECKOUT unless told: somebody waits. */
  readonly lane?: CallContext['lane'];
}

/** Whether the source says what it charges itself. */
export const hasServerPrice = (prices: OwnedPort<'prices'> | null): prices is OwnedPort<'prices'> =>
  prices !== null && prices.capabilities.serverPrice && prices.port.quotePrices !== undefined;

/**
 * Asks the source for its own prices, in batches side by side, and listens no longer than the deadline: what is not answered by
 * then is UNANSWERED, also where the connector ignores the signal. One judgement a question, in order. Never throws.
 */
export async function askErp(questions: readonly ErpQuestion[], { prices, clock, deadlineMs, at, signal, traceparent, lane = 'CHECKOUT' }: AskOptions): Promise<readonly Judgement[]> {
  if (questions.length === 0) return [];
  const timeout = AbortSignal.timeout(Math.max(1, deadlineMs));
  const call: CallContext = {
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout, deadlineAtMs: clock.now() + deadlineMs, lane, ...(traceparent && { traceparent }),
  };
  const answers = new Map<ErpQuestion, Answer<Money | null>>();
  const batches = split(questions, Math.max(1, prices.capabilities.maxBatch.price));
  const work = async (): Promise<void> => {
    for (let batch = batches.shift(); batch && !call.signal.aborted; batch = batches.shift()) {
      const found = await askBatch(prices, batch, at, call);
      if (!call.signal.aborted) for (const [index, question] of batch.entries()) answers.set(question, found[index]!);
    }
  };
  const workers = Array.from({ length: Math.min(prices.capabilities.maxConcurrency, batches.length) }, work);
  await Promise.race([Promise.all(workers), aborted(call.signal)]);
  const late = new Failure('UPSTREAM_TIMEOUT', `${prices.source} did not answer within ${deadlineMs} ms`, { system: prices.source });
  return questions.map((question) => judge(question, answers.get(question) ?? { ok: false, failure: late }));
}

async function askBatch({ port, source }: OwnedPort<'prices'>, batch: readonly ErpQuestion[], at: Instant, call: CallContext): Promise<readonly Answer<Money | null>[]> {
  const missing: Answer<never> = { ok: false, failure: new Failure('UPSTREAM_MALFORMED', `${source} gave fewer answers than there were questions`, { system: source }) };
  try {
    const found = await port.quotePrices!(batch.map(({ sku, quantity, priceListCode, currencyCode }) => ({ sku, quantity, priceListCode, customerId: null, currencyCode, at })), call);
    return batch.map((_, index) => found[index] ?? missing);
  } catch (error) {
    const failure = asFailure(error);
    return batch.map(() => ({ ok: false, failure }));
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));

const split = <T>(all: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
