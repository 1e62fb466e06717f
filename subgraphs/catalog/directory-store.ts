import type { AttributeDefinition, CategoryContent } from '../../domain/catalog.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { SourceTable } from './sources-store.ts';

export const categoryTable: SourceTable<CategoryContent> = {
  table: 'category',
  key: 'code',
  keyOf: (category) => category.code,
  columns: {
    parent_code: { type: 'text', of: (category) => category.parentCode },
    name: { type: 'json', of: (category) => category.name },
    position: { type: 'integer', of: (category) => category.position },
  },
};

export const attributeTable: SourceTable<AttributeDefinition> = {
  table: 'attribute',
  key: 'code',
  keyOf: (attribute) => attribute.code,
  columns: {
    label: { type: 'json', of: (attribute) => attribute.label },
    kind: { type: 'text', of: (attribute) => attribute.kind },
    filterable: { type: 'boolean', of: (attribute) => attribute.filterable },
  },
};

/** After categories moved: puts products below them under their new ancestors. Answers the products that moved. */
export async function regrowCategoryTrees(tx: Sql, categoryCodes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    `with moved as (
       select code, catalog.category_tree(category_codes) as tree from catalog.product where category_tree && $1::text[]
     )
     update catalog.product p set category_tree = moved.tree, updated_at = clock_timestamp() from moved
     where p.code = moved.code and p.category_tree <> moved.tree returning p.code`,
    [categoryCodes],
  );
  return rows.map((row) => row.code);
}

/** After categories were renamed: lets go of what was published of their products, so that the next publication writes it anew. */
export async function outdateProductsIn(tx: Sql, categoryCodes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }>("update catalog.product set fingerprint = '' where category_codes && $1::text[] returning code", [categoryCodes]);
  return rows.map((row) => row.code);
}
