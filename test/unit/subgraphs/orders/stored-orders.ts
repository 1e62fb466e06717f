import { randomUUID } from 'node:crypto';
import type { Database } from '../../../../platform/stores/sql.ts';

export interface StoredOrder {
  readonly id: string;
  readonly number: string;
}

export interface StoredLine {
  readonly sku: string;
  readonly quantity: string;
}

/** An order as it stands after it was placed, without the placing: what a test is about may come in any order afterwards. */
export async function storeOrder(database: Database, columns: Readonly<Record<string, unknown>> = {}, lines: readonly StoredLine[] = [{ sku: 'A', quantity: '3' }]): Promise<StoredOrder> {
  const id = randomUUID();
  const number = typeof columns['number'] === 'string' ? columns['number'] : `R-${id.slice(0, 13)}`;
  const row: Record<string, unknown> = {
    id, number, source: 'graph', owner: 'ann', payload_hash: 'x', total: '30', currency_code: 'EUR', placed_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z', state: 'RECEIVED', channel: 'web', ...columns,
  };
  const names = Object.keys(row);
  await database.run(`insert into orders.sales_order (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(row));
  await database.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, ordered_quantity)
     select $1, l.n, l.sku, l.quantity, l.quantity from jsonb_to_recordset($2::jsonb) as l(n int, sku text, quantity numeric)`,
    [id, JSON.stringify(lines.map((line, index) => ({ ...line, n: index + 1 })))],
  );
  return { id, number };
}
