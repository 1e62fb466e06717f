import type { Instant } from '../../../../domain/time.ts';
import type { Sql } from '../../../../platform/stores/sql.ts';
import { createRateReader } from '../../../../subgraphs/pricing/book/rate-store.ts';
import { readFacts } from '../../../../subgraphs/pricing/book/store.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, POLICY } from './price-samples.ts';

export interface PricedQuestion {
  readonly sku: string;
  readonly quantity: string;
  /** Null: the base price. */
  readonly list: string | null;
  readonly at: Instant;
}

/** What the store says one costs now, or why nothing. */
export async function readPriced(sql: Sql, { sku, quantity, list, at }: PricedQuestion): Promise<string> {
  const facts = await readFacts(sql, { skus: [sku], listCodes: list === null ? [] : [list], policy: POLICY, ratesAt: createRateReader(sql) });
  const resolved = resolvePrice(facts.get(sku)!, ask(quantity, list, { at }));
  return resolved.ok ? resolved.price.unitPrice.amount : resolved.reason;
}

/** Reasons of the refused rows, by key. */
export async function readRejects(sql: Sql): Promise<Readonly<Record<string, string>>> {
  const rows = await sql.query<{ key: string; reason: string }>('select key, reason from pricing.feed_reject order by key');
  return Object.fromEntries(rows.map(({ key, reason }) => [key, reason]));
}
