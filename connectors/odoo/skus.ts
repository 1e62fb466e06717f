import type { CallContext } from '../../domain/connector.ts';
import type { Sku } from '../../domain/ids.ts';
import { converter } from '../../platform/mapping.ts';
import type { OdooClient } from './client.ts';
import { lookUp, textOf, textOrNull } from './convert.ts';
import { ARCHIVED_TOO, readAll, readByIds } from './paging.ts';
import type { OdooKitProductRow, OdooMany2One, OdooProductRow } from './wire.ts';

type CodedRow = OdooKitProductRow;

const COLUMNS = ['default_code', 'product_tmpl_id', 'type', 'is_storable', 'active', 'uom_id', 'product_template_attribute_value_ids'] as const;

/** product id -> SKU. The label in a many2one ("[TEE] T-shirt") is for people: codes may hold brackets. */
export async function readSkus(client: OdooClient, products: Iterable<OdooMany2One>, call: CallContext): Promise<ReadonlyMap<number, OdooProductRow['default_code']>> {
  const ids = [...products].flatMap((product) => (product === false ? [] : [product[0]]));
  const rows = await readByIds<CodedRow>(client, 'product.product', ids, ['default_code'], call);
  return new Map([...rows].map(([id, row]) => [id, row.default_code]));
}

/** SKU -> the products that carry it, archived ones too; `default_code` is not unique in Odoo. */
export async function readProductsBySku(client: OdooClient, skus: readonly Sku[], call: CallContext): Promise<ReadonlyMap<Sku, readonly CodedRow[]>> {
  if (skus.length === 0) return new Map();
  const domain = [['default_code', 'in', [...new Set(skus)]] as const, ARCHIVED_TOO];
  const rows = await readAll<CodedRow>(client, { model: 'product.product', columns: COLUMNS, domain }, call);
  return Map.groupBy(rows, (row) => textOrNull(row.default_code) ?? '');
}

/** Those of these SKUs that several products carry. */
export async function findSharedSkus(client: OdooClient, skus: readonly Sku[], call: CallContext): Promise<ReadonlySet<Sku>> {
  const products = await readProductsBySku(client, skus, call);
  return new Set([...products].filter(([, rows]) => rows.length > 1).map(([sku]) => sku));
}

/** Odoo 18 keeps `is_storable` beside the type; before, the type itself was "product". */
export const keepsStock = (row: Pick<CodedRow, 'is_storable' | 'type'>): boolean => row.is_storable ?? row.type === 'product';

/** Through a lookup made for the page. */
export const skuOfProduct = converter('SKU of the product', (product: OdooMany2One, given: { readonly skus: ReadonlyMap<number, OdooProductRow['default_code']> }) =>
  textOf(lookUp(given.skus, product, 'product')),
);
