/** Questions to one of the two tables that hold rules: `price_rule`, and `price_rule_held`. */
export type RuleTable = 'pricing.price_rule' | 'pricing.price_rule_held';

const SAME_PLACE = `a.price_list_code = b.price_list_code and a.target_kind = b.target_kind and a.target_code = b.target_code and a.precedence = b.precedence
  and a.min_quantity is not distinct from b.min_quantity and a.unit_code is not distinct from b.unit_code`;
const OVERLAP = `coalesce(a.valid_from, '-infinity') < coalesce(b.valid_until, 'infinity') and coalesce(b.valid_from, '-infinity') < coalesce(a.valid_until, 'infinity')`;

/** A rule the pass no longer saw makes room, though it is served until the gate has settled what comes and what goes together. */
const stays = (rule: string): string => `not exists (select from pricing.incoming_change gone where gone.feed = 'priceRules' and gone.key = ${rule}.reference and gone.row is null)`;

/** Rules of which one is held and the other, held or served, overlaps with it: what is served may itself have changed. */
export const HELD_OVERLAPPING = ['pricing.price_rule', 'pricing.price_rule_held']
  .map((other) => `select pair.reference from pricing.price_rule_held a join ${other} b on ${SAME_PLACE} and a.reference <> b.reference and ${OVERLAP} and ${stays('b')}
    cross join lateral (values (a.reference), (b.reference)) pair(reference)`)
  .join(' union ');

/** Served rules at the places where two of them overlap: one look at the whole table. */
export const SERVED_OVERLAPPING = `with place as (
    select price_list_code, target_kind, target_code, precedence, min_quantity, unit_code
    from (
      select *, max(coalesce(valid_until, 'infinity')) over (
        partition by price_list_code, target_kind, target_code, precedence, min_quantity, unit_code
        order by coalesce(valid_from, '-infinity'), reference rows between unbounded preceding and 1 preceding) as held_until
      from pricing.price_rule
    ) w where held_until > coalesce(valid_from, '-infinity')
    group by 1, 2, 3, 4, 5, 6
  )
  select distinct a.* from pricing.price_rule a join place b on ${SAME_PLACE}`;

/** Served rules with the list and target of a held one, of its own stored version too. */
export const SERVED_BESIDE_HELD = `select r.* from (
    select price_list_code, target_kind, target_code from pricing.price_rule_held
    union select t.price_list_code, t.target_kind, t.target_code from pricing.price_rule t join pricing.price_rule_held h on h.reference = t.reference
  ) place join pricing.price_rule r using (price_list_code, target_kind, target_code) where ${stays('r')}`;

/** Rules of lists, or based on lists, that are not there. */
export const withUnknownList = (table: RuleTable): string => `
  select r.reference, missing.code from ${table} r cross join lateral (values (r.price_list_code), (r.base_list_code)) missing(code)
  where missing.code is not null and not exists (select from pricing.price_list l where l.code = missing.code)`;

/** Every pair of a list's currency and one that something is priced in, which an amount may have to be converted from. */
export const CURRENCY_PAIRS = `select distinct l.currency_code as "into", other.code as "from" from pricing.price_list l cross join (
    select currency_code as code from pricing.list_price union select cost_currency_code from pricing.list_price union select currency_code from pricing.price_list
  ) other where other.code is not null`;

/** Computed rules of lists in the currencies $2, each with those it is computed from. $1: the base list, where there is one. */
export const withCurrencies = (table: RuleTable): string => `
  select r.reference, l.currency_code as "into", found.currencies as "from"
  from ${table} r join pricing.price_list l on l.code = r.price_list_code cross join lateral (
    select case
      when r.base_list_code is not null then (select array_agg(b.currency_code) from pricing.price_list b where b.code = r.base_list_code)
      when r.formula -> 'base' ->> 'kind' = 'LIST' and $1::text is not null then (select array_agg(b.currency_code) from pricing.price_list b where b.code = $1)
      else (
        select array_agg(distinct case when r.formula -> 'base' ->> 'kind' = 'COST' then p.cost_currency_code else p.currency_code end)
        from pricing.list_price p
        where r.target_kind = 'ALL' or (r.target_kind = 'SKU' and p.sku = r.target_code) or (r.target_kind = 'GROUP' and p.group_code = r.target_code)
          or (r.target_kind = 'CATEGORY' and r.target_code = any(p.category_codes))
      ) end as currencies
  ) found
  where r.formula is not null and l.currency_code = any($2) and found.currencies is not null`;
