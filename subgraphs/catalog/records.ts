import type { AttributeValue, Localized, MediaAsset } from '../../domain/catalog.ts';
import type { ExternalReference, Locale, Sku } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { ProductOptionValues, VariantOption } from './projection.ts';

/** A document that is parsed when first asked for: a listing of names pays for no attributes. */
type Lazy<T> = () => T;

function lazy<T>(text: string): Lazy<T> {
  let parsed: T | undefined;
  return () => (parsed ??= JSON.parse(text) as T);
}

export interface ProductRecord {
  readonly code: string;
  readonly handle: string;
  readonly sourceLocale: Locale;
  readonly brand: string | null;
  readonly categoryCodes: readonly string[];
  readonly variantSkus: readonly Sku[];
  readonly updatedAt: string;
  readonly names: Lazy<Localized>;
  readonly descriptions: Lazy<Localized>;
  readonly attributeValues: Lazy<readonly AttributeValue[]>;
  readonly mediaAssets: Lazy<readonly MediaAsset[]>;
  readonly optionValues: Lazy<readonly ProductOptionValues[]>;
}

export interface VariantRecord {
  readonly sku: Sku;
  readonly productCode: string;
  readonly gtin: string | null;
  readonly sourceLocale: Locale;
  readonly unitCode: string;
  readonly quantityDigits: number;
  readonly weightKg: string | null;
  readonly sellable: boolean;
  readonly names: Lazy<Localized>;
  readonly attributeValues: Lazy<readonly AttributeValue[]>;
  readonly mediaAssets: Lazy<readonly MediaAsset[]>;
  readonly optionTexts: Lazy<readonly VariantOption[]>;
  readonly references: Lazy<readonly ExternalReference[]>;
}

const PRODUCT = `select code, handle, source_locale, brand, category_codes, variant_skus, updated_at,
  name::text, description::text, attributes::text, media::text, options::text from catalog.product`;

const VARIANT = `select sku, product_code, gtin, source_locale, unit_code, quantity_digits, weight_kg, sellable,
  name::text, attributes::text, media::text, options::text, refs::text from catalog.variant`;

type ProductRow = Readonly<Record<'code' | 'handle' | 'source_locale' | 'updated_at' | 'name' | 'description' | 'attributes' | 'media' | 'options', string>> & {
  readonly brand: string | null;
  readonly category_codes: readonly string[];
  readonly variant_skus: readonly string[];
};

type VariantRow = Readonly<Record<'sku' | 'product_code' | 'source_locale' | 'unit_code' | 'name' | 'attributes' | 'media' | 'options' | 'refs', string>> & {
  readonly gtin: string | null;
  readonly quantity_digits: number;
  readonly weight_kg: string | null;
  readonly sellable: boolean;
};

const toProduct = (row: ProductRow): ProductRecord => ({
  code: row.code,
  handle: row.handle,
  sourceLocale: row.source_locale,
  brand: row.brand,
  categoryCodes: row.category_codes,
  variantSkus: row.variant_skus,
  updatedAt: row.updated_at,
  names: lazy(row.name),
  descriptions: lazy(row.description),
  attributeValues: lazy(row.attributes),
  mediaAssets: lazy(row.media),
  optionValues: lazy(row.options),
});

const toVariant = (row: VariantRow): VariantRecord => ({
  sku: row.sku,
  productCode: row.product_code,
  gtin: row.gtin,
  sourceLocale: row.source_locale,
  unitCode: row.unit_code,
  quantityDigits: row.quantity_digits,
  weightKg: row.weight_kg,
  sellable: row.sellable,
  names: lazy(row.name),
  attributeValues: lazy(row.attributes),
  mediaAssets: lazy(row.media),
  optionTexts: lazy(row.options),
  references: lazy(row.refs),
});

export const readProductsByCode = async (sql: Sql, codes: readonly string[]): Promise<ProductRecord[]> =>
  (await sql.query<ProductRow>(`${PRODUCT} where code = any($1)`, [codes])).map(toProduct);

export const readProductsByHandle = async (sql: Sql, handles: readonly string[]): Promise<ProductRecord[]> =>
  (await sql.query<ProductRow>(`${PRODUCT} where handle = any($1)`, [handles])).map(toProduct);

export const readVariantsBySku = async (sql: Sql, skus: readonly string[]): Promise<VariantRecord[]> =>
  (await sql.query<VariantRow>(`${VARIANT} where sku = any($1)`, [skus])).map(toVariant);

/** The lowest SKU wins where the ERP gave one GTIN to several. */
export const readVariantsByGtin = async (sql: Sql, gtins: readonly string[]): Promise<VariantRecord[]> =>
  (await sql.query<VariantRow>(`${VARIANT} where gtin = any($1) order by sku desc`, [gtins])).map(toVariant);

/** In SKU order within their product. */
export const readVariantsByProduct = async (sql: Sql, codes: readonly string[]): Promise<VariantRecord[]> =>
  (await sql.query<VariantRow>(`${VARIANT} where product_code = any($1) order by product_code, sku`, [codes])).map(toVariant);
