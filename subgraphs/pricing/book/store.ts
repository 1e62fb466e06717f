import type { Sku } from '../../../domain/ids.ts';
import type { ListPrice, PriceList, PriceRule, ResolutionPolicy } from '../../../domain/pricing.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { findCycle, type BaseLink } from './list-cycles.ts';
import { baseListOf } from '../resolve/price-breaks.ts';
import type { CurrencyRates, PriceFacts } from '../resolve/price-facts.ts';
import { covers, orderRules } from '../resolve/resolve-price.ts';
import {
  listPriceOf, priceListOf, priceRuleOf, type ListPriceRow, type PriceListRow, type PriceRuleRow,
} from './tables.ts';

/** Lists reachable from those of $1 over the rules' bases; `union` ends at a cycle. */
const CHAIN = `with recursive chain(code) as (
    select unnest($1::text[]) union
    select r.base_list_code from pricing.price_rule r join chain c on c.code = r.price_list_code where r.base_list_code is not null
  )`;

export interface FactsRequest {
  readonly skus: readonly Sku[];
  /** The buyer's lists and the base list. */
  readonly listCodes: readonly string[];
  readonly policy: ResolutionPolicy;
  readonly rates: CurrencyRates;
}

/** What decides the prices of these SKUs for a buyer of these lists: one statement a table, however many SKUs. */
export async function readFacts(sql: Sql, { skus, listCodes, policy, rates: exchange }: FactsRequest): Promise<ReadonlyMap<Sku, PriceFacts>> {
  const rows = await sql.query<ListPriceRow>('select * from pricing.list_price where sku = any($1)', [skus]);
  const listPrices = new Map(rows.map((row) => [row.sku, listPriceOf(row)]));
  const [lists, rules] = listCodes.length === 0
    ? [[], []]
    : await Promise.all([readLists(sql, listCodes), readRules(sql, listCodes, [...listPrices.values()])]);
  const listsByCode = new Map(lists.map((list) => [list.code, list]));
  return new Map(
    skus.map((sku) => {
      const listPrice = listPrices.get(sku) ?? null;
      const own = listPrice === null ? [] : rules.filter((rule) => covers(rule, listPrice));
      return [sku, { listPrice, lists: listsByCode, rules: byList(own), rates: exchange, policy }];
    }),
  );
}

async function readLists(sql: Sql, codes: readonly string[]): Promise<readonly PriceList[]> {
  const rows = await sql.query<PriceListRow>(`${CHAIN} select l.* from pricing.price_list l join chain using (code)`, [codes]);
  return rows.map(priceListOf);
}

async function readRules(sql: Sql, codes: readonly string[], listPrices: readonly ListPrice[]): Promise<readonly PriceRule[]> {
  const rows = await sql.query<PriceRuleRow>(
    `${CHAIN} select r.* from pricing.price_rule r join chain c on c.code = r.price_list_code
     where r.target_kind = 'ALL' or (r.target_kind = 'SKU' and r.target_code = any($2))
        or (r.target_kind = 'GROUP' and r.target_code = any($3)) or (r.target_kind = 'CATEGORY' and r.target_code = any($4))`,
    [codes, listPrices.map((price) => price.sku), unique(listPrices.map((price) => price.groupCode)), unique(listPrices.flatMap((price) => price.categoryCodes))],
  );
  return orderRules(rows.map(priceRuleOf));
}

function byList(rules: readonly PriceRule[]): ReadonlyMap<string, readonly PriceRule[]> {
  const grouped = new Map<string, PriceRule[]>();
  for (const rule of rules) grouped.set(rule.priceListCode, [...(grouped.get(rule.priceListCode) ?? []), rule]);
  return grouped;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/**
 * Names the rules among `records` that base a list on itself. They stay in the table: only there does a later change of
 * another rule mend them, and `resolvePrice` refuses every price that would follow such a circle.
 */
export async function rejectCycles(tx: Sql, records: readonly PriceRule[]): Promise<readonly FeedRejection[]> {
  if (!records.some((rule) => baseListOf(rule) !== null)) return [];
  const links = await tx.query<BaseLink>(
    'select distinct price_list_code as list, base_list_code as base from pricing.price_rule where base_list_code is not null',
  );
  return records.flatMap((rule) => {
    const base = baseListOf(rule);
    const cycle = base === null ? null : findCycle(links, { list: rule.priceListCode, base });
    return cycle === null ? [] : [{ key: rule.reference, reason: `the price list is based on itself: ${cycle.join(' -> ')}` }];
  });
}

/**
 * Until when the read model is known to agree with its source: the oldest success among the feeds. Null while one of
 * them has never run through: a contract may then be missing, and the list price in its place would be a guess.
 */
export async function readAsOf(sql: Sql, feeds: readonly string[]): Promise<Instant | null> {
  const [row] = await sql.query<{ known: number; as_of: string | null }>(
    'select count(last_full_at)::int as known, min(last_success_at) as as_of from pricing.feed where name = any($1)',
    [feeds],
  );
  return row && row.as_of !== null && row.known === feeds.length ? instant(row.as_of) : null;
}
