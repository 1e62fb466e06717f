import type { ChangeEvent } from '../../../domain/events.ts';
import { topicOf } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/time.ts';
import type { OutboxEvent } from '../../../platform/outbox.ts';
import type { ListPriceRow, PriceListRow, PriceRuleRow } from '../book/tables.ts';

/** What a change touches: sku null = many SKUs, list null = every list. No amount: who may see it is asked when it is read. */
export interface PriceChange {
  readonly sku: string | null;
  readonly priceListCode: string | null;
}

export const skuChanged = ({ sku }: ListPriceRow): PriceChange => ({ sku, priceListCode: null });
export const listChanged = ({ code }: PriceListRow): PriceChange => ({ sku: null, priceListCode: code });
export const ruleChanged = (row: PriceRuleRow): PriceChange => ({
  sku: row.target_kind === 'SKU' ? row.target_code : null, priceListCode: row.price_list_code,
});

/** One event per thing touched, however many rows touched it. */
export function uniqueEvents(changes: readonly PriceChange[], at: Instant): readonly OutboxEvent[] {
  const unique = new Map(changes.map((change) => [JSON.stringify([change.sku, change.priceListCode]), change]));
  return [...unique.values()].map((change) => {
    const payload: ChangeEvent = { type: 'price.changed', ...change, at };
    return { topic: topicOf(payload.type), payload };
  });
}
