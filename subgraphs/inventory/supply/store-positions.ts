import { add, ZERO } from '../../../domain/decimal.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { DatedQuantity, KitComponent, Location, UnitConversion } from '../../../domain/inventory.ts';
import { instant, type CalendarDate, type Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { ALLOCATED, presentAllocation, type AllocationJson } from '../channels/store-use.ts';
import type { Supply } from '../promise/plan.ts';
import { NO_STOCK, numeric, type ItemInfo, type LocationPosition, type StockPosition } from '../promise/position.ts';
import { NOT_READ_AGAIN } from './risen.ts';

interface LevelJson {
  readonly code: LocationCode;
  readonly basis: 'ON_HAND' | 'SELLABLE';
  readonly onHand: string;
  readonly allocated: string;
  readonly unsellable: string;
  readonly held: string;
  readonly issues: readonly DatedQuantity[];
  /** Null: never read, the row is there for holds of goods on their way. */
  readonly asOf: string | null;
}

interface DatedJson {
  readonly code: LocationCode;
  readonly quantity: string;
  readonly dueOn: CalendarDate;
}

interface PositionRow {
  readonly sku: Sku;
  readonly quantity_digits: number | null;
  readonly sellable: boolean | null;
  readonly active: boolean | null;
  readonly unit_code: string | null;
  readonly units: readonly UnitConversion[] | null;
  readonly components: readonly KitComponent[] | null;
  readonly levels: readonly LevelJson[] | null;
  readonly receipts: readonly DatedJson[] | null;
  readonly dated: readonly DatedJson[] | null;
  readonly allocation: AllocationJson | null;
}

/**
 * The SKUs asked and what kits among them are made of. Holds past their expiry are given back by computation here, whether
 * or not the timer has been around: an expired hold never blocks. `$2` is the asker's own hold, which never counts against
 * them. statement_timestamp() and not clock_timestamp(): stable, so that the index on expiry serves, and later than every
 * lock taken before the statement. `offset 0` keeps stock rows, holds and their lines looked up by key: a plan made while
 * the tables were empty, or before they were analysed, would read all of them.
 */
const POSITIONS = prepared(`
  with asked as materialized (
    select array(select unnest($1::text[]) union select component_sku from inventory.kit_component where kit_sku = any($1::text[])) as skus
  ), gone as materialized (
    select id from inventory.hold where state = 'HELD' and expires_at <= statement_timestamp()
    union select id from inventory.hold where id = $2 and state = 'HELD'
  ), not_counted as (
    select line.sku, line.location_code, sum(line.quantity) as quantity
    from gone cross join lateral (
      select sku, location_code, quantity from inventory.hold_line where hold_id = gone.id and open and due_on is null offset 0
    ) line
    where line.sku = any((select skus from asked)::text[])
    group by line.sku, line.location_code
  ), level as (
    select stock.sku, jsonb_agg(jsonb_build_object('code', stock.location_code, 'basis', stock.basis, 'onHand', stock.on_hand::text,
      'allocated', stock.allocated::text, 'unsellable', stock.unsellable::text, 'held', (stock.held - coalesce(not_counted.quantity, 0))::text,
      'issues', stock.issues,
      'asOf', case when stock.as_of > '-infinity' then greatest(stock.as_of, (select started_at from inventory.stock_pass)) end)) as rows
    from unnest((select skus from asked)::text[]) as named(sku)
      cross join lateral (select * from inventory.stock_level where sku = named.sku offset 0) stock
      left join not_counted on not_counted.sku = stock.sku and not_counted.location_code = stock.location_code
    group by stock.sku
  ), supply as (
    select sku, jsonb_agg(jsonb_build_object('code', location_code, 'quantity', open_quantity::text, 'dueOn', due_on)) as rows
    from inventory.receipt where sku = any((select skus from asked)::text[]) and open_quantity > 0
      and not exists (select from inventory.risen where risen.sku = receipt.sku and risen.location_code = receipt.location_code and ${NOT_READ_AGAIN})
    group by sku
  ), dated as (
    select line.sku, jsonb_agg(jsonb_build_object('code', line.location_code, 'quantity', line.quantity::text, 'dueOn', line.due_on)) as rows
    from inventory.hold_line line cross join lateral (select id, state, expires_at from inventory.hold where id = line.hold_id offset 0) hold
    where line.sku = any((select skus from asked)::text[]) and line.due_on is not null and line.open
      and (hold.state <> 'HELD' or (hold.expires_at > statement_timestamp() and hold.id is distinct from $2))
    group by line.sku
  ), kit as (
    select kit_sku as sku, jsonb_agg(jsonb_build_object('sku', component_sku, 'quantity', quantity::text) order by component_sku) as rows
    from inventory.kit_component where kit_sku = any((select skus from asked)::text[]) group by kit_sku
  ), ${ALLOCATED}
  select known.sku, item.quantity_digits, item.sellable, item.active, item.unit_code, item.units,
    kit.rows as components, level.rows as levels, supply.rows as receipts, dated.rows as dated, allocated.allocation
  from unnest((select skus from asked)::text[]) as known(sku)
    left join inventory.item_info item using (sku) left join kit using (sku) left join level using (sku) left join supply using (sku)
    left join dated using (sku) left join allocated using (sku)`);

/**
 * Everything a decision on these SKUs needs, of kits their components' positions too: one statement, however many. Only
 * active locations count. The caller's own hold counts for nothing in it.
 */
export async function readSupply(sql: Sql, skus: readonly Sku[], ownHoldId: string | null = null): Promise<Supply> {
  const [locations, rows] = await Promise.all([readLocations(sql), sql.query<PositionRow>(POSITIONS, [[...new Set(skus)], ownHoldId])]);
  const open = locations.filter((location) => location.active);
  return {
    positions: new Map(rows.map((row) => [row.sku, presentPosition(row, open)])),
    allocations: new Map(rows.flatMap(({ sku, allocation }) => (allocation === null ? [] : [[sku, presentAllocation(allocation)]]))),
  };
}

const LOCATIONS = prepared('select code, name, priority, active from inventory.location order by priority, code');

export async function readLocations(sql: Sql): Promise<readonly Location[]> {
  return sql.query<Location>(LOCATIONS);
}

function presentPosition(row: PositionRow, locations: readonly Location[]): StockPosition {
  const levelOf = new Map((row.levels ?? []).map((level) => [level.code, level]));
  const receiptsOf = Map.groupBy(row.receipts ?? [], (receipt) => receipt.code);
  const datedOf = Map.groupBy(row.dated ?? [], (line) => line.code);
  const known = locations.filter(({ code }) => levelOf.has(code) || receiptsOf.has(code) || datedOf.has(code));
  return {
    sku: row.sku,
    item: presentItem(row),
    components: (row.components ?? []).map(({ sku, quantity }) => ({ sku, quantity: numeric(quantity) })),
    locations: known.map((location) => presentLocation(location, levelOf.get(location.code), receiptsOf.get(location.code) ?? [], datedOf.get(location.code) ?? [])),
  };
}

const presentItem = ({ quantity_digits, sellable, active, unit_code, units }: PositionRow): ItemInfo | null =>
  quantity_digits === null ? null : { quantityDigits: quantity_digits, sellable: sellable === true, active: active === true, unitCode: unit_code ?? '', units: units ?? [] };

function presentLocation(location: Location, level: LevelJson | undefined, receipts: readonly DatedJson[], dated: readonly DatedJson[]): LocationPosition {
  const heldDated = addUpByDate(dated);
  return {
    locationCode: location.code,
    locationName: location.name,
    level: level
      ? { quantityBasis: level.basis, onHand: numeric(level.onHand), allocated: numeric(level.allocated), unsellable: numeric(level.unsellable) }
      : NO_STOCK,
    held: level ? numeric(level.held) : ZERO,
    receipts: addUpByDate(receipts),
    issues: [...(level?.issues ?? []), ...heldDated],
    heldDated,
    asOf: level?.asOf ? instant(level.asOf) : null,
  };
}

function addUpByDate(lines: readonly DatedJson[]): readonly DatedQuantity[] {
  if (lines.length === 0) return [];
  const byDate = new Map<CalendarDate, DatedQuantity>();
  for (const { dueOn: date, quantity } of lines) {
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
