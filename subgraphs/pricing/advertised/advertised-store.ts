import { decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';

interface Row {
  readonly sku: Sku;
  readonly amount: string;
  readonly currency_code: string;
  readonly valid_from: Instant | null;
  readonly valid_until: Instant | null;
}

/** Below which a SKU's price must not be advertised, in a span of time. */
export interface MinimumAdvertised {
  readonly sku: Sku;
  readonly price: Money;
  /** Null: since ever. */
  readonly validFrom: Instant | null;
  /** Exclusive; null: for ever. */
  readonly validUntil: Instant | null;
}

const AT = prepared(`select sku, amount, currency_code from pricing.minimum_advertised where sku = any($1) and valid_from <= $2 and valid_until > $2`);

/** What holds of these SKUs at that instant; a SKU without an entry may be advertised at any price. */
export async function readMinimumAdvertised(sql: Sql, skus: readonly Sku[], at: Instant): Promise<ReadonlyMap<Sku, Money>> {
  const rows = await sql.query<Pick<Row, 'sku' | 'amount' | 'currency_code'>>(AT, [skus, at]);
  return new Map(rows.map(({ sku, amount, currency_code }) => [sku, money(decimal(amount), currency_code)]));
}
