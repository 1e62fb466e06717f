import type { Sql } from '../../../platform/stores/sql.ts';
import type { Instant } from '../../../domain/time.ts';
import type { PastOrder } from './past-order.ts';

export interface KnownOrder {
  readonly number: string;
  readonly hash: string | null;
}

/** Those of the source's orders that are stored already. */
export const findImported = (sql: Sql, source: string, numbers: readonly string[]): Promise<readonly KnownOrder[]> =>
  sql.query<KnownOrder>(
    `select number, payload_hash as hash from orders.sales_order where source = $1 and imported_at is not null and number = any($2::text[])`,
    [source, numbers],
  );

export interface TakenReference {
  readonly channel: string | null;
  readonly externalOrderId: string;
}

/** Channels' own numbers that belong to an order already. */
export const findTaken = (sql: Sql, references: readonly TakenReference[]): Promise<readonly TakenReference[]> =>
  sql.query<TakenReference>(
    `select o.channel, o.external_order_id as "externalOrderId" from jsonb_to_recordset($1::jsonb) as r(channel text, "externalOrderId" text)
     join orders.sales_order o on coalesce(o.channel, '') = coalesce(r.channel, '') and o.external_order_id = r."externalOrderId" and not o.compensated`,
    [JSON.stringify(references)],
  );

export interface PastRow {
  readonly id: string;
  readonly hash: string;
  readonly order: PastOrder;
}

/** Writes orders, lines and timelines. Answers the ids of those that were new: one stored meanwhile by somebody else is left alone. */
export async function insertPast(tx: Sql, source: string, rows: readonly PastRow[], importedAt: Instant): Promise<ReadonlySet<string>> {
  const inserted = await tx.query<{ id: string }>(
    `insert into orders.sales_order (id, number, source, owner, payload_hash, channel, external_order_id, customer_number, company_number, contact,
       currency_code, total, tax, charges, note, placed_at, state, imported_at)
     select r.id, r.number, $2, '', r.hash, r.channel, r."externalOrderId", r."customerNumber", r."companyNumber", r.contact,
       r."currencyCode", r.total, r.tax, r.charges, r.note, r."placedAt", r.state, $3
     from jsonb_to_recordset($1::jsonb) as r(id uuid, number text, hash text, channel text, "externalOrderId" text, "customerNumber" text, "companyNumber" text,
       contact jsonb, "currencyCode" text, total numeric, tax numeric, charges jsonb, note text, "placedAt" timestamptz, state text)
     on conflict (source, number) where imported_at is not null do nothing
     returning id`,
    [JSON.stringify(rows.map(orderRow)), source, importedAt],
  );
  const ids = new Set(inserted.map(({ id }) => id));
  const fresh = rows.filter(({ id }) => ids.has(id));
  await insertLines(tx, fresh);
  await insertTimelines(tx, source, fresh);
  return ids;
}

const orderRow = ({ id, hash, order }: PastRow): object => {
  const { lines: _, email, shipping, shippedAt: __, ...rest } = order;
  const charges = shipping === null ? [] : [{ kind: 'SHIPPING', code: 'SHIPPING', description: null, amount: shipping, taxes: null }];
  return { id, hash, ...rest, charges, contact: email === null ? null : { name: null, email, phone: null } };
};

async function insertLines(tx: Sql, rows: readonly PastRow[]): Promise<void> {
  const lines = rows.flatMap(({ id, order }) => order.lines.map((line, index) => ({
    ...line, id, lineNumber: index + 1, taxes: line.tax === null ? null : [{ code: 'TAX', ratePercent: null, amount: line.tax }],
  })));
  await tx.run(
    `insert into orders.order_line (order_id, line_number, sku, quantity, ordered_quantity, unit_price, line_total, discount, taxes, shipped_quantity)
     select l.id, l."lineNumber", l.sku, l.quantity, l.quantity, l."unitPrice", l."lineTotal", l.discount, l.taxes, l."shippedQuantity"
     from jsonb_to_recordset($1::jsonb) as l(id uuid, "lineNumber" int, sku text, quantity numeric, "unitPrice" numeric, "lineTotal" numeric,
       discount numeric, taxes jsonb, "shippedQuantity" numeric)`,
    [JSON.stringify(lines)],
  );
}

async function insertTimelines(tx: Sql, source: string, rows: readonly PastRow[]): Promise<void> {
  const entries = rows.flatMap(({ id, order: { placedAt, shippedAt, state } }) => [
    { id, at: placedAt, state: 'RECEIVED', kind: 'PLACED' },
    { id, at: shippedAt ?? placedAt, state, kind: state === 'CANCELLED' ? 'CANCELLED' : shippedAt === null ? 'ACCEPTED' : 'SHIPPED' },
  ]);
  await tx.run(
    `insert into orders.timeline (order_id, at, state, source, detail, kind, fact)
     select e.id, e.at, e.state, $2, 'as the source kept it', e.kind, '' from jsonb_to_recordset($1::jsonb) as e(id uuid, at timestamptz, state text, kind text)`,
    [JSON.stringify(entries), source],
  );
}

export async function countImported(sql: Sql, source: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>('select count(*) as count from orders.sales_order where source = $1 and imported_at is not null', [source]);
  return Number(row!.count);
}
