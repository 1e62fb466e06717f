import type { Sql } from '../../platform/stores/sql.ts';

/**
 * What is stored but not shown, listed among the feeds' rejections with its reason until it is shown. Kept here, not by
 * the feed that read the row: an arriving item of the ERP ends the waiting of the PIM's content.
 */
const VERDICTS = `
  with variant_verdict as (
    select k.key, case
      when v.sku is null then null
      when i.sku is null then 'waiting: the ERP has no item with this SKU'
      when not i.active then 'waiting: the item is inactive in the ERP'
      when not v.enabled or not coalesce(p.enabled, true) then 'waiting: disabled in the PIM'
      when p.code is null then 'waiting: its product ' || v.product_code || ' has not arrived; shown in the ERP''s grouping'
    end as reason
    from unnest($1::text[]) k(key) left join catalog.variant_content v on v.sku = k.key
    left join catalog.item i on i.sku = v.sku left join catalog.product_content p on p.code = v.product_code
  ), product_verdict as (
    select k.key, case
      when c.code is null then null
      when not c.enabled then 'waiting: disabled in the PIM'
      when p.code is null then 'waiting: none of its variants is sold by the ERP'
    end as reason
    from unnest($2::text[]) k(key) left join catalog.product_content c on c.code = k.key left join catalog.product p on p.code = c.code
  ), item_verdict as (
    select k.key, case when not i.active then 'waiting: inactive in the ERP' end as reason
    from unnest($1::text[]) k(key) left join catalog.item i on i.sku = k.key
  ), verdict as (
    select 'variants' as feed, * from variant_verdict union select 'products', * from product_verdict union select 'items', * from item_verdict
  )`;

/** Brings the list up to date for these SKUs and products. Call after publishing them. */
export async function recordWithheld(tx: Sql, skus: readonly string[], productCodes: readonly string[]): Promise<void> {
  if (skus.length === 0 && productCodes.length === 0) return;
  await tx.run(
    `${VERDICTS}, shown as (
       delete from catalog.feed_reject r using verdict v where r.feed = v.feed and r.key = v.key and v.reason is null and r.reason like 'waiting:%'
     )
     insert into catalog.feed_reject (feed, key, reason) select feed, key, reason from verdict where reason is not null
     on conflict (feed, key) do update set reason = excluded.reason, last_seen_at = clock_timestamp()`,
    [skus, productCodes],
  );
}
