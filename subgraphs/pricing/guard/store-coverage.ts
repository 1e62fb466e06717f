import type { Sku } from '../../../domain/ids.ts';
import type { PriceTarget } from '../../../domain/pricing.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { ListLink } from './reach.ts';

/** Fewer are all looked at; of more a sample. */
export const SAMPLED_ABOVE = 400;
const SAMPLE = 150;
/** Of the cheapest and of the dearest: where an amount, a margin or a rounding shows first. */
const EXTREMES = 25;
/** Of those the list has a price of its own for. */
const NAMED = 50;

interface CoverageParameters {
  readonly all: boolean;
  readonly skus: readonly string[];
  readonly groups: readonly string[];
  readonly categories: readonly string[];
}

function parametersOf(targets: readonly PriceTarget[]): readonly unknown[] {
  const found: CoverageParameters = {
    all: targets.some(({ kind }) => kind === 'ALL'),
    skus: targets.flatMap((target) => (target.kind === 'SKU' ? [target.sku] : [])),
    groups: targets.flatMap((target) => (target.kind === 'GROUP' ? [target.groupCode] : [])),
    categories: targets.flatMap((target) => (target.kind === 'CATEGORY' ? [target.categoryCode] : [])),
  };
  return [found.all, found.skus, found.groups, found.categories];
}

const COVERED = 'from pricing.list_price where $1 or sku = any($2) or group_code = any($3) or category_codes && $4';

export async function countCovered(sql: Sql, targets: readonly PriceTarget[]): Promise<number> {
  const [row] = await sql.query<{ count: number }>(`select count(*)::int as count ${COVERED}`, parametersOf(targets));
  return row!.count;
}

export const readCovered = async (sql: Sql, targets: readonly PriceTarget[]): Promise<readonly Sku[]> =>
  (await sql.query<{ sku: string }>(`select sku ${COVERED}`, parametersOf(targets))).map(({ sku }) => sku);

/** The same SKUs whenever it is asked again: the cheapest, the dearest, those the list names, and others in an order without meaning. */
export async function sampleCovered(sql: Sql, targets: readonly PriceTarget[], listCode: string | null): Promise<readonly Sku[]> {
  const rows = await sql.query<{ sku: string }>(
    `with covered as materialized (select sku, amount ${COVERED}),
     named as (
       select target_code as sku from pricing.price_rule r where r.price_list_code = $5 and r.target_kind = 'SKU'
       order by md5(target_code), target_code limit ${NAMED * 4})
     (select sku from covered order by amount, sku limit ${EXTREMES})
     union (select sku from covered order by amount desc, sku limit ${EXTREMES})
     union (select sku from covered join named using (sku) order by sku limit ${NAMED})
     union (select sku from covered order by md5(sku), sku limit ${SAMPLE})`,
    [...parametersOf(targets), listCode],
  );
  return rows.map(({ sku }) => sku);
}

export const readLinks = (sql: Sql): Promise<readonly ListLink[]> =>
  sql.query<ListLink>('select distinct price_list_code as list, base_list_code as base from pricing.price_rule where base_list_code is not null');

/** Lists whose prices may move otherwise than the base price they are computed from. */
export const readComputedLists = async (sql: Sql, most: number): Promise<readonly string[]> =>
  (await sql.query<{ code: string }>('select distinct price_list_code as code from pricing.price_rule where formula is not null order by 1 limit $1', [most])).map(({ code }) => code);

export const readListsIn = async (sql: Sql, currencies: readonly string[], most: number): Promise<readonly string[]> =>
  (await sql.query<{ code: string }>('select code from pricing.price_list where currency_code = any($1) order by code limit $2', [currencies, most])).map(({ code }) => code);
