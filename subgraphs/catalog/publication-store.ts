import type { ProductContent, VariantContent } from '../../domain/catalog.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { storableJson } from './fingerprint.ts';
import type { PublishedProduct, SkuSources } from './projection.ts';
import { tagKey, tagsOf } from './tags.ts';

/** Codes whose composition these changes may touch: where the SKUs are shown now, and where they may belong. */
export async function readAffectedCodes(tx: Sql, skus: readonly string[], productCodes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `with touched as (select unnest($1::text[]) collate "C" as sku union select sku from catalog.variant_content where product_code = any($2))
     select product_code as code from catalog.variant join touched using (sku)
     union select product_code from catalog.variant_content join touched using (sku)
     union select group_code from catalog.item join touched using (sku)
     union select unnest($2::text[])`,
    [skus, productCodes],
  );
  return rows.map((row) => row.code);
}

/** Every SKU that may belong to one of these codes. By keys in three steps: joined, a table that just grew is scanned. */
export async function readMembers(tx: Sql, codes: readonly string[]): Promise<SkuSources[]> {
  const members = await tx.query<{ sku: string }>(
    'select sku from catalog.item where group_code = any($1) union select sku from catalog.variant_content where product_code = any($1)',
    [codes],
  );
  const skus = members.map(({ sku }) => sku);
  const contents = await tx.query<{ record: VariantContent }>('select record from catalog.variant_content where sku = any($1)', [skus]);
  const bySku = new Map(contents.map(({ record }) => [record.sku, record]));
  const items = await tx.query<Omit<SkuSources, 'content'>>('select record as item, group_code as "groupCode" from catalog.item where sku = any($1)', [skus]);
  return items.map((member) => ({ ...member, content: bySku.get(member.item.sku) ?? null }));
}

export async function readContents(tx: Sql, codes: readonly string[]): Promise<ReadonlyMap<string, ProductContent>> {
  const rows = await tx.query<{ record: ProductContent }>('select record from catalog.product_content where code = any($1)', [codes]);
  return new Map(rows.map(({ record }) => [record.productCode, record]));
}

/** Fingerprints of what is shown. */
export async function readPublished(tx: Sql, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ code: string; fingerprint: string }>('select code, fingerprint from catalog.product where code = any($1)', [codes]);
  return new Map(rows.map((row) => [row.code, row.fingerprint]));
}

export interface ProductWrite {
  readonly product: PublishedProduct;
  readonly fingerprint: string;
  readonly handle: string;
  readonly givenAt: string;
}

export async function writeProducts(tx: Sql, writes: readonly ProductWrite[], tagIds: ReadonlyMap<string, number>): Promise<void> {
  const rows = writes.map(({ product, fingerprint, handle, givenAt }) => ({
    code: product.code,
    handle,
    fingerprint,
    source_locale: product.sourceLocale,
    name: product.name,
    description: product.description,
    brand: product.brand,
    category_codes: product.categoryCodes,
    tags: tagsOf(product).map((tag) => tagIds.get(tagKey(tag))!),
    attributes: product.attributes,
    media: product.media,
    options: product.options,
    variant_skus: product.variants.map((variant) => variant.sku),
    published_at: givenAt,
  }));
  await tx.run(
    `insert into catalog.product (code, handle, fingerprint, source_locale, name, description, brand, category_codes, category_tree, tags,
       attributes, media, options, variant_skus, published_at, updated_at)
     select code, handle, fingerprint, source_locale, name, description, brand, category_codes, catalog.category_tree(category_codes), tags,
       attributes, media, options, variant_skus, published_at, clock_timestamp()
     from jsonb_to_recordset($1::jsonb) as r(code text, handle text, fingerprint text, source_locale text, name jsonb, description jsonb, brand text,
       category_codes text[], tags integer[], attributes jsonb, media jsonb, options jsonb, variant_skus text[], published_at timestamptz)
     on conflict (code) do update set handle = excluded.handle, fingerprint = excluded.fingerprint, source_locale = excluded.source_locale,
       name = excluded.name, description = excluded.description, brand = excluded.brand, category_codes = excluded.category_codes,
       category_tree = excluded.category_tree, tags = excluded.tags, attributes = excluded.attributes, media = excluded.media,
       options = excluded.options, variant_skus = excluded.variant_skus, updated_at = excluded.updated_at`,
    [storableJson(rows)],
  );
}

export async function writeVariants(tx: Sql, products: readonly PublishedProduct[]): Promise<void> {
  const rows = products.flatMap((product) =>
    product.variants.map((variant) => ({
      sku: variant.sku,
      product_code: product.code,
      gtin: variant.gtin,
      source_locale: variant.sourceLocale,
      name: variant.name,
      options: variant.options,
      attributes: variant.attributes,
      media: variant.media,
      unit_code: variant.unitCode,
      quantity_digits: variant.quantityDigits,
      weight_kg: variant.weightKg,
      sellable: variant.sellable,
      refs: variant.references,
    })),
  );
  await tx.run(
    `insert into catalog.variant (${VARIANT_COLUMNS}) select ${VARIANT_COLUMNS}
     from jsonb_to_recordset($1::jsonb) as r(sku text, product_code text, gtin text, source_locale text, name jsonb, options jsonb, attributes jsonb,
       media jsonb, unit_code text, quantity_digits smallint, weight_kg numeric, sellable boolean, refs jsonb)
     on conflict (sku) do update set (${VARIANT_COLUMNS}) = row(excluded.${VARIANT_COLUMNS.replaceAll(', ', ', excluded.')})`,
    [storableJson(rows)],
  );
}

const VARIANT_COLUMNS = 'sku, product_code, gtin, source_locale, name, options, attributes, media, unit_code, quantity_digits, weight_kg, sellable, refs';

/** Takes down variants that left their product. */
export async function removeStrayVariants(tx: Sql, products: readonly PublishedProduct[]): Promise<void> {
  const skus = products.flatMap((product) => product.variants.map((variant) => variant.sku));
  await tx.run('delete from catalog.variant where product_code = any($1) and sku <> all($2)', [products.map((product) => product.code), skus]);
}

/** Takes down whole products, their variants and search rows; their handles stay theirs. */
export async function removeProducts(tx: Sql, codes: readonly string[]): Promise<void> {
  if (codes.length > 0) await tx.run('delete from catalog.product where code = any($1)', [codes]);
}
