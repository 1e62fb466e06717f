import { add, ZERO } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity, Location } from '../../../domain/inventory.ts';
import { instant, type CalendarDate, type Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { NO_STOCK, numeric, type LocationPosition, type StockPosition } from '../promise/position.ts';

interface LevelJson {
  readonly code: LocationCode;
  readonly basis: 'ON_HAND' | 'SELLABLE';
  readonly onHand: string;
  readonly allocated: string;
  readonly unsellable: string;
  readonly held: string;
  readonly asOf: string;
}

interface ReceiptJson {
  readonly code: LocationCode;
  readonly quantity: string;
  readonly dueOn: CalendarDate;
}

interface PositionRow {
  readonly sku: Sku;
  readonly quantity_digits: number | null;
  readonly sellable: boolean | null;
  readonly active: boolean | null;
  readonly levels: readonly LevelJson[];
  readonly receipts: readonly ReceiptJson[];
}

/**
 * Holds past their expiry are given back by computation here, whether or not the timer has been around: an expired
 * hold never blocks. `$2` is the asker's own hold, which never counts against them. statement_timestamp() and not
 * clock_timestamp(): stable, so that the index on expiry serves, and later than every lock taken before the statement.
 */
const POSITIONS = `
  with not_counted as (
    select line.sku, line.location_code, sum(line.quantity) as quantity
    from inventory.hold join inventory.hold_line line on line.hold_id = hold.id and line.open
    where hold.state = 'HELD' and (hold.expires_at <= statement_timestamp() or hold.id = $2) and line.sku = any($1::text[])
    group by line.sku, line.location_code
  ), level as (
    select stock.sku, jsonb_agg(jsonb_build_object('code', stock.location_code, 'basis', stock.basis, 'onHand', stock.on_hand::text,
      'allocated', stock.allocated::text, 'unsellable', stock.unsellable::text, 'held', (stock.held - coalesce(not_counted.quantity, 0))::text,
      'asOf', greatest(stock.as_of, (select started_at from inventory.stock_pass)))) as rows
    from inventory.stock_level stock left join not_counted using (sku, location_code)
    where stock.sku = any($1::text[]) group by stock.sku
  ), supply as (
    select sku, jsonb_agg(jsonb_build_object('code', location_code, 'quantity', open_quantity::text, 'dueOn', due_on)) as rows
    from inventory.receipt where sku = any($1::text[]) and open_quantity > 0 group by sku
  )
  select asked.sku, item.quantity_digits, item.sellable, item.active,
    coalesce(level.rows, '[]') as levels, coalesce(supply.rows, '[]') as receipts
  from unnest($1::text[]) as asked(sku)
    left join inventory.item_info item using (sku) left join level using (sku) left join supply using (sku)`;

/** The position of every SKU asked, in the order asked: one statement, however many. Only active locations count. */
export async function readPositions(sql: Sql, skus: readonly Sku[], ownHoldId: string | null = null): Promise<readonly StockPosition[]> {
  const locations = (await readLocations(sql)).filter((location) => location.active);
  const rows = await sql.query<PositionRow>(POSITIONS, [[...new Set(skus)], ownHoldId]);
  const bySku = new Map(rows.map((row) => [row.sku, presentPosition(row, locations)]));
  return skus.map((sku) => bySku.get(sku) ?? { sku, item: null, locations: [] });
}

export async function readLocations(sql: Sql): Promise<readonly Location[]> {
  return sql.query<Location>('select code, name, priority, active from inventory.location order by priority, code');
}

function presentPosition({ sku, quantity_digits, sellable, active, levels, receipts }: PositionRow, locations: readonly Location[]): StockPosition {
  const levelOf = new Map(levels.map((level) => [level.code, level]));
  const receiptsOf = Map.groupBy(receipts, (receipt) => receipt.code);
  const item = quantity_digits === null ? null : { quantityDigits: quantity_digits, sellable: sellable === true, active: active === true };
  const known = locations.filter(({ code }) => levelOf.has(code) || receiptsOf.has(code));
  return { sku, item, locations: known.map((location) => presentLocation(location, levelOf.get(location.code), receiptsOf.get(location.code) ?? [])) };
}

function presentLocation(location: Location, level: LevelJson | undefined, receipts: readonly ReceiptJson[]): LocationPosition {
  return {
    locationCode: location.code,
    locationName: location.name,
    level: level
      ? { quantityBasis: level.basis, onHand: numeric(level.onHand), allocated: numeric(level.allocated), unsellable: numeric(level.unsellable) }
      : NO_STOCK,
    held: level ? numeric(level.held) : ZERO,
    receipts: addUpByDate(receipts),
    issues: [],
    asOf: level ? instant(level.asOf) : null,
  };
}

function addUpByDate(receipts: readonly ReceiptJson[]): readonly DatedQuantity[] {
  const byDate = new Map<CalendarDate, DatedQuantity>();
  for (const { dueOn: date, quantity } of receipts) {
    byDate.set(date, { date, quantity: add(byDate.get(date)?.quantity ?? ZERO, numeric(quantity)) });
  }
  return [...byDate.values()];
}

export interface FeedState {
  /** When the last stock pass that ended had ended; null = never. */
  readonly stockFinishedAt: Instant | null;
  readonly itemsKnown: boolean;
}

/** How far the feeds are: what freshness is judged by. */
export async function readFeedState(sql: Sql): Promise<FeedState> {
  const [row] = await sql.query<{ stock: Instant | null; items: boolean }>(
    `select (select finished_at from inventory.stock_pass) as stock,
       exists (select from inventory.feed where name = 'items' and last_success_at is not null) as items`,
  );
  return { stockFinishedAt: row!.stock, itemsKnown: row!.items };
}
