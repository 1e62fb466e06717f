import { prepared } from '../../../platform/stores/sql.ts';

/**
 * All that decides the prices of SKUs $1 for a buyer of lists $2, in one snapshot and one round trip, whatever their number.
 * `hit` are the rules that cover one of the SKUs, on these lists and those they are based on: each is one probe of
 * `price_rule_target` by list and target, and `union` ends at a list that is based on itself.
 * Amounts travel as text: a number of JSON is a float.
 */
export const FACTS = prepared(`with recursive item as materialized (
    select * from pricing.list_price where sku = any($1::text[])
  ), target(kind, code) as materialized (
    select 'SKU', sku from item union all select 'ALL', ''
    union select 'GROUP', group_code from item
    union select 'CATEGORY', category from item cross join lateral unnest(category_codes) category
  ), hit as (
    select r.* from unnest($2::text[]) asked(code) cross join target t cross join lateral (
      select * from pricing.price_rule where price_list_code = asked.code and target_kind = t.kind and target_code = t.code offset 0
    ) r
    union
    select r.* from hit h cross join target t cross join lateral (
      select * from pricing.price_rule where price_list_code = h.base_list_code and target_kind = t.kind and target_code = t.code offset 0
    ) r where h.base_list_code is not null
  )
  select
    (select coalesce(json_agg(p), '[]') from (
      select sku, amount::text, currency_code, cost_amount::text, cost_currency_code, group_code, category_codes, reference, unit_code, units, tax_codes from item
    ) p) as prices,
    (select coalesce(json_agg(l), '[]') from (
      select code, name, currency_code, rounding_mode, rounding_digits, rounding_place, tax_included, active from pricing.price_list
      where code = any($2::text[]) or code in (select base_list_code from hit)
    ) l) as lists,
    (select coalesce(json_agg(r), '[]') from (
      select reference, price_list_code, precedence, target_kind, target_code, min_quantity::text, unit_code, valid_from, valid_until, amount::text, formula, base_list_code from hit
    ) r) as rules,
    (select revision from pricing.rate_revision) as rate_revision`);
