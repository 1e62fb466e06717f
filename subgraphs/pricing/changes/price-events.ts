import type { PriceChanged } from '../../../domain/events.ts';
import { topicOf } from '../../../domain/events.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { OutboxEvent } from '../../../platform/outbox.ts';
import type { ListPriceRow, PriceListRow, PriceRuleRow } from '../book/tables.ts';

/** What a change touches: sku null = many SKUs, list null = every list. No amount: who may see it is asked when it is read. */
export type PriceChange = Pick<PriceChanged, 'sku' | 'priceListCode'>;

/** How what was missed is made up for: tells of one SKU as it is now. */
export interface PriceSnapshot {
  readonly type: 'price.snapshot';
  readonly sku: Sku;
  readonly priceListCode: null;
  readonly at: Instant;
}

export type PriceEvent = PriceChanged | PriceSnapshot;

export const skuChanged = ({ sku }: ListPriceRow): PriceChange => ({ sku, priceListCode: null });
export const listChanged = ({ code }: PriceListRow): PriceChange => ({ sku: null, priceListCode: code });
export const ruleChanged = (row: Pick<PriceRuleRow, 'target_kind' | 'target_code' | 'price_list_code'>): PriceChange => ({
  sku: row.target_kind === 'SKU' ? row.target_code : null, priceListCode: row.price_list_code,
});

/** One event per thing touched, however many rows touched it. */
export function uniqueEvents(changes: readonly PriceChange[], at: Instant): readonly OutboxEvent[] {
  const unique = new Map(changes.map((change) => [JSON.stringify([change.sku, change.priceListCode]), change]));
  return [...unique.values()].map((change) => {
    const payload: PriceChanged = { type: 'price.changed', ...change, at };
    return { topic: topicOf(payload.type), payload };
  });
}

/** Two changes of one SKU told as one; of two lists it is one of any list. */
export function mergePrices(earlier: PriceEvent, later: PriceEvent): PriceEvent {
  if (later.type === 'price.snapshot' || earlier.priceListCode === later.priceListCode) return later;
  return { ...later, type: 'price.changed', priceListCode: null };
}
