import type { Answer } from '../../../domain/connector.ts';
import { ZERO } from '../../../domain/decimal.ts';
import { Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { StockLevel } from '../../../domain/inventory.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { askInBatches, type BatchOptions } from './batches.ts';

/** What the ERP said of one SKU: figures, "I do not know it", or nothing in time. */
export type LiveAnswer =
  | { readonly kind: 'FIGURES'; readonly levels: readonly StockLevel[]; readonly askedAt: Instant }
  | { readonly kind: 'UNKNOWN' }
  | { readonly kind: 'SILENT'; readonly failure: Failure };

export interface LiveReadOptions extends BatchOptions {
  readonly stock: OwnedPort<'stock'> | null;
}

/** Asks the ERP for just these SKUs, in batches side by side, and listens no longer than the deadline (see `askInBatches`). */
export async function readLive(skus: readonly Sku[], { stock, ...options }: LiveReadOptions): Promise<ReadonlyMap<Sku, LiveAnswer>> {
  if (!stock?.capabilities.liveStock) {
    const failure = new Failure('UNSUPPORTED', 'no configured system answers for live stock');
    return new Map(skus.map((sku) => [sku, { kind: 'SILENT', failure }]));
  }
  const askedAt = new Map<Sku, Instant>();
  const answers = await askInBatches(stock, skus, (batch, call) => {
    const now = instant(options.clock.now());
    for (const sku of batch) askedAt.set(sku, now);
    return stock.port.readStock(batch, call);
  }, options);
  return new Map([...answers].map(([sku, answer]) => [sku, understand(answer, askedAt.get(sku))]));
}

function understand(answer: Answer<readonly StockLevel[] | null>, askedAt: Instant | undefined): LiveAnswer {
  if (!answer.ok) return { kind: 'SILENT', failure: answer.failure };
  return answer.value === null ? { kind: 'UNKNOWN' } : { kind: 'FIGURES', levels: answer.value, askedAt: askedAt! };
}

/** A live answer names every location that stocks the SKU: what we have beyond that is zero by now. */
export function completeLevels(sku: Sku, levels: readonly StockLevel[], storedLocations: readonly string[], askedAt: Instant): readonly StockLevel[] {
  const named = new Set(levels.map((level) => level.locationCode));
  const gone = storedLocations.filter((code) => !named.has(code));
  const none = { quantityBasis: 'ON_HAND', onHand: ZERO, allocated: ZERO, unsellable: ZERO, asOf: askedAt } as const;
  return [...levels, ...gone.map((locationCode) => ({ sku, locationCode, ...none }))];
}
