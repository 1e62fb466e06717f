import type { Answer, CallContext } from '../../../domain/connector.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import type { Clock } from '../../../platform/clock.ts';

export interface BatchOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The caller's own end of interest. */
  readonly signal?: AbortSignal | undefined;
  /** W3C traceparent of the caller. */
  readonly traceparent?: string | null | undefined;
  /** CHECKOUT unless told. */
  readonly lane?: CallContext['lane'];
}

/**
 * Asks a stock port one question of each SKU, in batches side by side, and listens no longer than the deadline: whoever has not
 * answered by then is silent, also where the connector ignores the signal. A later answer is dropped unread. Never
 * throws: a failed call is the failure of each of its SKUs.
 */
export async function askInBatches<T>(
  stock: OwnedPort<'stock'>,
  skus: readonly Sku[],
  ask: (skus: readonly Sku[], call: CallContext) => Promise<readonly Answer<T>[]>,
  { clock, deadlineMs, signal, traceparent, lane }: BatchOptions,
): Promise<ReadonlyMap<Sku, Answer<T>>> {
  const answers = new Map<Sku, Answer<T>>();
  const timeout = AbortSignal.timeout(deadlineMs);
  const call: CallContext = {
    signal: signal ? AbortSignal.any([timeout, signal]) : timeout, deadlineAtMs: clock.now() + deadlineMs,
    ...(traceparent && { traceparent }), ...(lane && { lane }),
  };
  const batches = split(skus, stock.capabilities.maxBatch.stock);
  const askAll = async (): Promise<void> => {
    for (let batch = batches.shift(); batch && !call.signal.aborted; batch = batches.shift()) {
      const found = await askBatch(stock.source, batch, ask, call);
      if (!call.signal.aborted) for (const [sku, answer] of found) answers.set(sku, answer);
    }
  };
  const workers = Array.from({ length: Math.min(stock.capabilities.maxConcurrency, batches.length) }, askAll);
  await Promise.race([Promise.all(workers), aborted(call.signal)]);
  const late = new Failure('UPSTREAM_TIMEOUT', `no answer within ${deadlineMs} ms`, { system: stock.source });
  return new Map(skus.map((sku) => [sku, answers.get(sku) ?? { ok: false, failure: late }]));
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));

const split = (skus: readonly Sku[], size: number): Sku[][] =>
  Array.from({ length: Math.ceil(skus.length / size) }, (_, index) => skus.slice(index * size, (index + 1) * size));

async function askBatch<T>(
  system: string, skus: readonly Sku[], ask: (skus: readonly Sku[], call: CallContext) => Promise<readonly Answer<T>[]>, call: CallContext,
): Promise<readonly (readonly [Sku, Answer<T>])[]> {
  try {
    const found = await ask(skus, call);
    const missing = new Failure('UPSTREAM_MALFORMED', 'fewer answers than keys', { system });
    return skus.map((sku, index) => [sku, found[index] ?? { ok: false, failure: missing }]);
  } catch (error) {
    const failure = asFailure(error);
    return skus.map((sku) => [sku, { ok: false, failure }]);
  }
}
