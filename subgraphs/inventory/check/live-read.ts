import type { Answer, CallContext } from '../../../domain/connector.ts';
import { ZERO } from '../../../domain/decimal.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { StockLevel } from '../../../domain/inventory.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';

/** What the ERP said of one SKU: figures, "I do not know it", or nothing in time. */
export type LiveAnswer =
  | { readonly kind: 'FIGURES'; readonly levels: readonly StockLevel[]; readonly askedAt: Instant }
  | { readonly kind: 'UNKNOWN' }
  | { readonly kind: 'SILENT'; readonly failure: Failure };

export interface LiveReadOptions {
  readonly stock: OwnedPort<'stock'> | null;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The caller's own end of interest. */
  readonly signal?: AbortSignal | undefined;
  /** W3C traceparent of the caller. */
  readonly traceparent?: string | null | undefined;
}

/**
 * Asks the ERP for just these SKUs, in batches side by side, and listens no longer than the deadline: whoever has not
 * answered by then is silent, also where the connector ignores the signal. A later answer is dropped unread.
 */
export async function readLive(skus: readonly Sku[], { stock, clock, deadlineMs, signal, traceparent }: LiveReadOptions): Promise<ReadonlyMap<Sku, LiveAnswer>> {
  if (!stock?.capabilities.liveStock) {
    const failure = new Failure('UNSUPPORTED', 'no configured system answers for live stock');
    return new Map(skus.map((sku) => [sku, { kind: 'SILENT', failure }]));
  }
  const answers = new Map<Sku, LiveAnswer>();
  const timeout = AbortSignal.timeout(deadlineMs);
  const call: CallContext = { signal: signal ? AbortSignal.any([timeout, signal]) : timeout, deadlineAtMs: clock.now() + deadlineMs, ...(traceparent && { traceparent }) };
  const batches = split(skus, stock.capabilities.maxBatch.stock);
  const askAll = async (): Promise<void> => {
    for (let batch = batches.shift(); batch && !call.signal.aborted; batch = batches.shift()) {
      const found = await askBatch(stock, batch, call, clock);
      if (!call.signal.aborted) for (const [sku, answer] of found) answers.set(sku, answer);
    }
  };
  const workers = Array.from({ length: Math.min(stock.capabilities.maxConcurrency, batches.length) }, askAll);
  await Promise.race([Promise.all(workers), aborted(call.signal)]);
  const late = new Failure('UPSTREAM_TIMEOUT', `no answer within ${deadlineMs} ms`, { system: stock.source });
  return new Map(skus.map((sku) => [sku, answers.get(sku) ?? { kind: 'SILENT', failure: late }]));
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));

const split = (skus: readonly Sku[], size: number): Sku[][] =>
  Array.from({ length: Math.ceil(skus.length / size) }, (_, index) => skus.slice(index * size, (index + 1) * size));

/** Never throws: a failed call is silence for each of its SKUs. */
async function askBatch({ port, source }: OwnedPort<'stock'>, skus: readonly Sku[], call: CallContext, clock: Clock): Promise<[Sku, LiveAnswer][]> {
  const askedAt = instant(clock.now());
  try {
    const found = await port.readStock(skus, call);
    return skus.map((sku, index) => [sku, understand(found[index], askedAt, source)]);
  } catch (error) {
    const failure = asFailure(error);
    return skus.map((sku) => [sku, { kind: 'SILENT', failure }]);
  }
}

function understand(answer: Answer<readonly StockLevel[] | null> | undefined, askedAt: Instant, system: string): LiveAnswer {
  if (!answer) return { kind: 'SILENT', failure: new Failure('UPSTREAM_MALFORMED', 'fewer answers than keys', { system }) };
  if (!answer.ok) return { kind: 'SILENT', failure: answer.failure };
  return answer.value === null ? { kind: 'UNKNOWN' } : { kind: 'FIGURES', levels: answer.value, askedAt };
}

/** A live answer names every location that stocks the SKU: what we have beyond that is zero by now. */
export function completeLevels(sku: Sku, levels: readonly StockLevel[], storedLocations: readonly string[], askedAt: Instant): readonly StockLevel[] {
  const named = new Set(levels.map((level) => level.locationCode));
  const gone = storedLocations.filter((code) => !named.has(code));
  const none = { quantityBasis: 'ON_HAND', onHand: ZERO, allocated: ZERO, unsellable: ZERO, asOf: askedAt } as const;
  return [...levels, ...gone.map((locationCode) => ({ sku, locationCode, ...none }))];
}
