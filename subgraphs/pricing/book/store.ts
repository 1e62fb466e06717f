import type { Sku } from '../../../domain/ids.ts';
import type { ListPrice, PriceRule, ResolutionPolicy } from '../../../domain/pricing.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import { readFactRows } from './facts-query.ts';
import type { CurrencyRates, PriceFacts } from '../resolve/price-facts.ts';
import { covers, orderRules } from '../resolve/rule-fit.ts';
import { listPriceOf, priceListOf, priceRuleOf } from './tables.ts';

export interface FactsRequest {
  readonly skus: readonly Sku[];
  /** The buyer's lists and the base list. */
  readonly listCodes: readonly string[];
  readonly policy: ResolutionPolicy;
  /** Rates of exchange at the revision the facts were read with, or a later one. */
  readonly ratesAt: (revision: string) => Promise<CurrencyRates>;
}

/** What decides the prices of these SKUs for a buyer of these lists: as many statements for many SKUs as for one. */
export async function readFacts(sql: Sql, { skus, listCodes, policy, ratesAt }: FactsRequest): Promise<ReadonlyMap<Sku, PriceFacts>> {
  const found = await readFactRows(sql, skus, listCodes);
  const rates = await ratesAt(found.rate_revision);
  const listPrices = new Map(found.prices.map((price) => [price.sku, listPriceOf(price)]));
  const lists = new Map(found.lists.map((list) => [list.code, priceListOf(list)]));
  const rulesOf = indexByTarget(orderRules(found.rules.map(priceRuleOf)));
  return new Map(
    skus.map((sku) => {
      const listPrice = listPrices.get(sku) ?? null;
      return [sku, { listPrice, lists, rules: listPrice === null ? new Map() : rulesOf(listPrice), rates, policy }];
    }),
  );
}

/** The rules that cover an item, in order and by list, without asking each rule about each item. */
function indexByTarget(rules: readonly PriceRule[]): (item: ListPrice) => ReadonlyMap<string, readonly PriceRule[]> {
  const bySku = new Map<Sku, PriceRule[]>();
  const wider: PriceRule[] = [];
  for (const rule of rules) {
    if (rule.target.kind === 'SKU') push(bySku, rule.target.sku, rule);
    else wider.push(rule);
  }
  return (item) => {
    const own = [...(bySku.get(item.sku) ?? []), ...wider.filter((rule) => covers(rule, item))];
    const byList = new Map<string, PriceRule[]>();
    for (const rule of wider.length === 0 ? own : orderRules(own)) push(byList, rule.priceListCode, rule);
    return byList;
  };
}

function push<Key, Value>(grouped: Map<Key, Value[]>, key: Key, value: Value): void {
  const group = grouped.get(key);
  if (group) group.push(value);
  else grouped.set(key, [value]);
}

/**
 * Until when the read model is known to agree with its source: the oldest success among the feeds. Null while one of
 * them has never run through, or the rules have not been compared with each other: a contract may then be missing, and the list
 * price in its place would be a guess.
 */
export async function readAsOf(sql: Sql, feeds: readonly string[]): Promise<Instant | null> {
  const [row] = await sql.query<{ known: number; as_of: string | null; examined: boolean }>(
    prepared('select count(last_full_at)::int as known, min(last_success_at) as as_of, (select examined from pricing.book_state) as examined from pricing.feed where name = any($1)'),
    [feeds],
  );
  return row && row.as_of !== null && row.examined && row.known === feeds.length ? instant(row.as_of) : null;
}
