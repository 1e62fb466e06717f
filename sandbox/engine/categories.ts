import { byId } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Category } from './rows.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

export function createCategory(tables: ErpTables, args: Partial<NewRow<Category>>): { readonly categoryId: number } {
  if (!args.name) throw new Rejection('invalid', 'Categories require a name');
  return { categoryId: tables.categories.insert({ name: args.name, parentId: args.parentId ?? null }).id };
}

export function updateCategory(tables: ErpTables, args: Partial<NewRow<Category>> & { readonly categoryId: number }): true {
  const { categoryId, ...patch } = args;
  const category = byId(tables.categories, categoryId, 'category');
  if (patch.parentId != null && lineageOf(tables, patch.parentId).includes(category.id)) throw new Rejection('invalid', 'You cannot create recursive categories.');
  tables.categories.update(category.id, patch);
  return true;
}

export function removeCategory(tables: ErpTables, { categoryId }: { readonly categoryId: number }): true {
  const category = byId(tables.categories, categoryId, 'category');
  if (tables.items.where('categoryId', category.id).length > 0) throw new Rejection('refused', `${category.name} has products`);
  tables.categories.remove(category.id);
  return true;
}

/** The category itself and those above it, itself first. */
export function lineageOf(tables: ErpTables, categoryId: number | null): readonly number[] {
  const lineage: number[] = [];
  for (let id = categoryId; id !== null; id = tables.categories.get(id)?.parentId ?? null) lineage.push(id);
  return lineage;
}
