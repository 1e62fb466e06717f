import { decimal, sum, type Decimal } from '../../../domain/decimal.ts';
import { topicOf, type StockChanged } from '../../../domain/events.ts';
import type { LocationCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import { announce } from '../../../platform/outbox.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { kitChanges } from './kit-announcements.ts';
import { ON_HAND } from '../on-hand.sql.ts';
import { SCHEMA } from '../schema.sql.ts';
import { lockSkus } from '../sku-lock.ts';

/*
 * One `stock.changed` per SKU and transaction, written while the SKU is locked: its place in the outbox, which travels
 * with it as `version`, therefore grows with every change of the SKU. Nothing a buyer cannot see is announced.
 */

/** What could be sold today of a SKU at a location, by "sku location". */
export type Figures = ReadonlyMap<string, Figure>;

export interface Figure {
  readonly sku: Sku;
  readonly locationCode: LocationCode;
  /** Sum of what is on hand and neither allocated nor held; zero where nothing is sold: closed location, item not for sale. */
  readonly sellable: Decimal;
  /** Commitments with a day of their own, as text to compare: they change later days only. */
  readonly dated: string;
}

export interface FigureRow {
  readonly sku: Sku;
  readonly location_code: LocationCode;
  readonly sellable: string;
  readonly dated: string;
}

/**
 * The figures of these SKUs, an SQL expression of an array without repetitions, as rows of `FigureRow`. Looked up SKU by SKU:
 * where the planner knows nothing of a table yet (a first fill), it would read all of it for a page.
 */
export const figuresSql = (skus: string): string => `select stock.sku, stock.location_code, case when open then trim_scale(${ON_HAND}) else 0 end::text as sellable,
    case when open then trim_scale(stock.held_dated) || ' ' || stock.issues::text else '' end as dated
  from unnest(${skus}::text[]) as named(sku)
    cross join lateral (select * from inventory.stock_level where sku = named.sku offset 0) stock
    left join lateral (select sellable, active from inventory.item_info where sku = named.sku offset 0) item on true
    left join inventory.location location on location.code = stock.location_code
    cross join lateral (select coalesce(item.sellable and item.active and location.active, false) as open) as sold
  order by stock.sku, stock.location_code`;

const FIGURES = prepared(figuresSql('$1'));

/** The figures as they are; lock the SKUs before, in a statement of its own. */
export async function readFigures(tx: Sql, skus: readonly Sku[]): Promise<Figures> {
  return figuresOf(await tx.query<FigureRow>(FIGURES, [skus]));
}

export const figuresOf = (rows: readonly FigureRow[]): Figures =>
  new Map(rows.map(({ sku, location_code: locationCode, sellable, dated }) => [`${sku} ${locationCode}`, { sku, locationCode, sellable: decimal(sellable), dated }]));

/** Announces the SKUs that are no longer what they were when they were locked. Answers how many figures changed. */
export async function announceDifferences(tx: Sql, before: Figures, skus: readonly Sku[], at: Instant): Promise<number> {
  return announceChange(tx, before, await readFigures(tx, skus), at);
}

/** The same where both are known; `kits`, where it is known as well, are those with a locked SKU among their parts. */
export async function announceChange(tx: Sql, before: Figures, after: Figures, at: Instant, kits?: readonly Sku[]): Promise<number> {
  const changed = [...after].filter(([key, figure]) => isNews(before.get(key), figure)).map(([, figure]) => figure);
  if (changed.length === 0) return 0;
  const totals = { before: totalsOf(before), after: totalsOf(after) };
  await write(tx, [...Map.groupBy(changed, (figure) => figure.sku)].map(([sku, figures]) => ({
    type: 'stock.changed', sku, locationCodes: figures.map((figure) => figure.locationCode), at,
    sellableBefore: totals.before(sku), sellableAfter: totals.after(sku),
  })), kits);
  return changed.length;
}

/** A stock row that is new is news, also with nothing on it: from now on something is known. */
const isNews = (before: Figure | undefined, after: Figure): boolean => before?.sellable !== after.sellable || before.dated !== after.dated;

function totalsOf(figures: Figures): (sku: Sku) => Decimal {
  const bySku = Map.groupBy(figures.values(), (figure) => figure.sku);
  return (sku) => sum((bySku.get(sku) ?? []).map((figure) => figure.sellable));
}

/** Announces supply on its way that has changed: what can be sold today has not. */
export async function announceSupply(tx: Sql, changed: readonly { readonly sku: Sku; readonly locationCode: LocationCode }[], at: Instant): Promise<void> {
  if (changed.length === 0) return;
  const bySku = Map.groupBy(changed, (row) => row.sku);
  const skus = [...bySku.keys()].sort();
  await lockSkus(tx, skus);
  const total = totalsOf(await readFigures(tx, skus));
  await write(tx, skus.map((sku) => ({
    type: 'stock.changed', sku, locationCodes: [...new Set(bySku.get(sku)!.map((row) => row.locationCode))], at,
    sellableBefore: total(sku), sellableAfter: total(sku),
  })));
}

/** What began or ceased to be sold, as a whole: items, or everything at a location. */
export type Switched = { readonly skus: readonly Sku[] } | { readonly locationCodes: readonly LocationCode[] };

const SKUS_AT = `select distinct sku from inventory.stock_level where location_code = any($1::text[]) order by sku`;

/** Both figures follow from the one row: before, what was switched was the other way round. */
const SWITCHED = `select stock.sku, jsonb_agg(stock.location_code order by stock.location_code) filter (where moved) as codes,
    sum(case when (item.sellable and item.active) <> (stock.sku = any($2::text[])) and location.active <> (location.code = any($3::text[])) then ${ON_HAND} else 0 end)::text as before,
    sum(case when item.sellable and item.active and location.active then ${ON_HAND} else 0 end)::text as after
  from inventory.stock_level stock
    join inventory.item_info item using (sku) join inventory.location location on location.code = stock.location_code
    cross join lateral (select stock.sku = any($2::text[]) or location.code = any($3::text[]) as moved) as touched
  where stock.sku = any($1::text[]) and (item.sellable and item.active or stock.sku = any($2::text[]))
  group by stock.sku order by stock.sku`;

/** Announces after the switch has been written. A location that opens says nothing of items nobody may buy. */
export async function announceSwitched(tx: Sql, switched: Switched, at: Instant): Promise<void> {
  const [items, codes] = 'skus' in switched ? [switched.skus, []] : [[], switched.locationCodes];
  const skus = 'skus' in switched ? switched.skus : (await tx.query<{ sku: Sku }>(SKUS_AT, [codes])).map((row) => row.sku);
  if (skus.length === 0) return;
  await lockSkus(tx, skus);
  const rows = await tx.query<{ sku: Sku; codes: readonly LocationCode[]; before: string; after: string }>(SWITCHED, [skus, items, codes]);
  await write(tx, rows.map((row) => ({
    type: 'stock.changed', sku: row.sku, locationCodes: row.codes, at, sellableBefore: decimal(row.before), sellableAfter: decimal(row.after),
  })));
}

async function write(tx: Sql, changes: readonly StockChanged[], kits?: readonly Sku[]): Promise<void> {
  const events = [...changes, ...(await kitChanges(tx, changes, kits))];
  await announce(tx, SCHEMA, events.map((payload) => ({ topic: topicOf(payload.type), payload })));
}
