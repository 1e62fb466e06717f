import type { CatalogClient } from '../../domain/clients.ts';
import type { Sql } from '../../platform/stores/sql.ts';

/** What other parts may ask of the catalogue. */
export const createCatalogClient = (sql: Sql): CatalogClient => ({
  readCategorySkus: async ({ categoryCode, afterSku, limit }) => {
    const rows = await sql.query<{ sku: string }>(
      `select variant.sku from catalog.product p join catalog.variant variant on variant.product_code = p.code
       where p.category_tree && array[$1] and ($2::text is null or variant.sku > $2) order by variant.sku limit $3`,
      [categoryCode, afterSku, limit],
    );
    if (rows.length > 0) return rows.map(({ sku }) => sku);
    const [known] = await sql.query('select from catalog.category where code = $1', [categoryCode]);
    return known ? [] : null;
  },
});
