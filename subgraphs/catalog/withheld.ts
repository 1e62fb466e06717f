import type { Sql } from '../../platform/stores/sql.ts';

/**
 * What is stored but not shown, listed among the feeds' rejections with its reason until it is shown. Kept here, not by
 * the feed that read the row: an arriving item of the ERP ends the waiting of the PIM's content.
 */
const VERDICTS = `
  with variant_verdict as (
    select v.sku as key, case
      when i.sku is null then 'waiting: the ERP has no item with this SKU'
      when not i.active then 'waiting: the item is inactive in the ERP'
      when not v.enabled or not coalesce(p.enabled, true) then 'waiting: disabled in the PIM'
      when p.code is null then 'waiting: its product ' || v.product_code || ' has not arrived; shown in the ERP''s grouping'
    end as reason
    from catalog.variant_content v left join catalog.item i on i.sku = v.sku left join catalog.product_content p on p.code = v.product_code
    where v.sku = any($1)
  ), product_verdict as (
    select c.code as key, case
      when not c.enabled then 'waiting: disabled in the PIM'
      when not exists (select from catalog.product p where p.code = c.code) then 'waiting: none of its variants is sold by the ERP'
    end as reason
    from catalog.product_content c where c.code = any($2)
  ), item_verdict as (
    select sku as key, case when not active then 'waiting: inactive in the ERP' end as reason from catalog.item where sku = any($1)
  ), verdict as (
    select 'variants' as feed, * from variant_verdict union all select 'products', * from product_verdict union all select 'items', * from item_verdict
  )`;

/** Brings the list up to date for these SKUs and products. Call after publishing them. */
export async function recordWithheld(tx: Sql, skus: readonly string[], productCodes: readonly string[]): Promise<void> {
  await tx.run(
    `${VERDICTS}, shown as (
       delete from catalog.feed_reject r where reason like 'waiting:%'
         and (feed = 'products' and key = any($2) or feed in ('variants', 'items') and key = any($1))
         and not exists (select from verdict v where v.feed = r.feed and v.key = r.key and v.reason is not null)
     )
     insert into catalog.feed_reject (feed, key, reason) select feed, key, reason from verdict where reason is not null
     on conflict (feed, key) do update set reason = excluded.reason, last_seen_at = clock_timestamp()`,
    [skus, productCodes],
  );
}
