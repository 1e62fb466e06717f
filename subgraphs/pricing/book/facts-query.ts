import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import type { ListPriceRow, PriceListRow, PriceRuleRow } from './tables.ts';

/** What is kept of some SKUs and lists, in one snapshot. */
export interface FactsRow {
  readonly prices: readonly ListPriceRow[];
  readonly lists: readonly PriceListRow[];
  /** Of these lists, those that cover one of the SKUs. */
  readonly rules: readonly PriceRuleRow[];
  readonly rate_revision: string;
}

/**
 * Base prices of SKUs $1, lists $2, and the rules of these lists that cover one of the SKUs: each list and target is one probe
 * of `price_rule_target`, and `offset 0` keeps it one whatever the planner thinks of how many there are.
 * Amounts travel as text: a number of JSON is a float.
 */
export const FACTS = prepared(`with item as materialized (
    select * from pricing.list_price where sku = any($1::text[])
  ), target(kind, code) as (
    select 'SKU', sku from item union all select 'ALL', ''
    union select 'GROUP', group_code from item
    union select 'CATEGORY', category from item cross join lateral unnest(category_codes) category
  )
  select
    (select coalesce(json_agg(p), '[]') from (
      select sku, amount::text, currency_code, cost_amount::text, cost_currency_code, group_code, category_codes, reference, unit_code, units, tax_codes from item
    ) p) as prices,
    (select coalesce(json_agg(l), '[]') from (
      select code, name, currency_code, rounding_mode, rounding_digits, rounding_place, tax_included, active from pricing.price_list where code = any($2::text[])
    ) l) as lists,
    (select coalesce(json_agg(r), '[]') from (
      select hit.* from unnest($2::text[]) asked(code) cross join target cross join lateral (
        select reference, price_list_code, precedence, target_kind, target_code, min_quantity::text, unit_code, valid_from, valid_until, amount::text, formula, base_list_code
        from pricing.price_rule where price_list_code = asked.code and target_kind = target.kind and target_code = target.code offset 0
      ) hit
    ) r) as rules,
    (select revision from pricing.rate_revision) as rate_revision`);

/**
 * The same, with the lists that rules found are computed from, and their rules. Contracts are mostly amounts: one round trip.
 * Another for each step from list to base, until no list is new; a list that is based on itself ends it too.
 */
export async function readFactRows(sql: Sql, skus: readonly string[], listCodes: readonly string[]): Promise<FactsRow> {
  const read = async (codes: readonly string[]): Promise<FactsRow> => (await sql.query<FactsRow>(FACTS, [skus, codes]))[0]!;
  let found = await read(listCodes);
  const known = new Set(listCodes);
  for (let rules = found.rules; ; ) {
    const bases = [...new Set(rules.flatMap(({ base_list_code: base }) => (base === null || known.has(base) ? [] : [base])))];
    if (bases.length === 0) return found;
    for (const base of bases) known.add(base);
    const below = await read(bases);
    found = { ...found, lists: [...found.lists, ...below.lists], rules: [...found.rules, ...below.rules] };
    ({ rules } = below);
  }
}
