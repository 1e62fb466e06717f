import type { Sku } from '../../../domain/ids.ts';
import { topicOf, type ChangeEvent } from '../../../domain/events.ts';
import type { Instant } from '../../../domain/time.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { SCHEMA } from '../schema.sql.ts';

export type ReleaseReason = 'RELEASED' | 'EXPIRED' | 'CANCELLED' | 'OFFSET';

/** What could be sold today of a SKU at a location, as plain numeric text, by "sku location". */
export type Figures = ReadonlyMap<string, Figure>;

export interface Figure {
  readonly sku: Sku;
  readonly locationCode: string;
  readonly sellable: string;
}

interface FigureRow {
  readonly sku: Sku;
  readonly location_code: string;
  readonly sellable: string;
}

const FIGURES = `select sku, location_code,
    trim_scale(greatest(0, greatest(0, on_hand - unsellable) - case basis when 'ON_HAND' then allocated else 0 end - held))::text as sellable
  from inventory.stock_level where sku = any($1::text[]) order by sku, location_code`;

async function readFigures(tx: Sql, skus: readonly Sku[]): Promise<Figures> {
  const rows = await tx.query<FigureRow>(FIGURES, [skus]);
  return new Map(rows.map((row) => [`${row.sku} ${row.location_code}`, { sku: row.sku, locationCode: row.location_code, sellable: row.sellable }]));
}

/**
 * Locks these SKUs, always in SKU order: whoever changes figures, receipts, holds or their state does this first, so that
 * no two wait for each other in a ring and every decision sees the last one's outcome. The item's row stands for the SKU:
 * one lock whatever the number of locations, and there before any of them has a stock row. A SKU without item can be
 * neither stocked (its rows are parked) nor held. What is to be decided on must be read by a later statement: the one that
 * waited for the lock still sees what was before.
 */
export const lockSkus = (tx: Sql, skus: readonly Sku[]): Promise<unknown> =>
  tx.run('select from inventory.item_info where sku = any($1::text[]) order by sku for no key update', [skus]);

/** Locks these SKUs and reads what could be sold of them before anything is changed, for `announceDifferences`. */
export async function lockFigures(tx: Sql, skus: readonly Sku[]): Promise<Figures> {
  await lockSkus(tx, skus);
  return readFigures(tx, skus);
}

/** Announces the SKUs whose sellable figure is no longer what it was when the rows were locked. */
export async function announceDifferences(tx: Sql, before: Figures, skus: readonly Sku[], at: Instant): Promise<number> {
  const after = await readFigures(tx, skus);
  const changed = [...after].filter(([key, figure]) => (before.get(key)?.sellable ?? null) !== figure.sellable).map(([, figure]) => figure);
  const bySku = Map.groupBy(changed, (figure) => figure.sku);
  await announceStock(tx, [...bySku].map(([sku, figures]) => ({ sku, locationCodes: figures.map((figure) => figure.locationCode) })), at);
  return changed.length;
}

/** Writes one `stock.changed` per SKU into the outbox. */
export async function announceStock(tx: Sql, changes: readonly { readonly sku: Sku; readonly locationCodes: readonly string[] }[], at: Instant): Promise<void> {
  const events: ChangeEvent[] = changes.map(({ sku, locationCodes }) => ({ type: 'stock.changed', sku, locationCodes, at }));
  await announce(tx, SCHEMA, events.map((payload) => ({ topic: topicOf(payload.type), payload })));
}

/** Lines to take out: all of a hold's, or those of one SKU. */
export interface LineSelection {
  readonly holdId: string;
  readonly sku: Sku | null;
}

/** Takes open lines out of counters and ledger, exactly once: a closed line is not closed again. Rows must be locked. */
export async function closeLines(tx: Sql, lines: readonly LineSelection[], reason: ReleaseReason): Promise<void> {
  if (lines.length === 0) return;
  await tx.run(
    `with closed as (
       update inventory.hold_line line set open = false from jsonb_to_recordset($1::jsonb) as due("holdId" text, sku text)
       where line.hold_id = due."holdId" and (due.sku is null or line.sku = due.sku) and line.open
       returning line.hold_id, line.sku, line.location_code, line.quantity
     ), freed as (
       update inventory.stock_level stock set held = stock.held - sums.quantity, version = version + 1
       from (select sku, location_code, sum(quantity) as quantity from closed group by sku, location_code) sums
       where stock.sku = sums.sku and stock.location_code = sums.location_code
     )
     insert into inventory.ledger (sku, location_code, hold_id, delta, reason)
     select sku, location_code, hold_id, -quantity, $2 from closed`,
    [JSON.stringify(lines), reason],
  );
}
