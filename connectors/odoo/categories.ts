import type { CallContext } from '../../domain/connector.ts';
import type { Instant } from '../../domain/time.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf } from './convert.ts';
import { readAll } from './paging.ts';
import type { OdooCategoryRow } from './wire.ts';

export interface CategoryTree {
  /** Names from the root, by id. */
  readonly names: ReadonlyMap<number, readonly string[]>;
  /** Ids from the category itself up to the root: a price rule for a category holds for those below it. */
  readonly lineage: ReadonlyMap<number, readonly string[]>;
}

/** Categories written since, whose products' lineage and names may be others now; none for a whole pass. */
export async function categoriesWrittenSince(client: OdooClient, since: Instant | null, call: CallContext): Promise<readonly number[]> {
  if (since === null) return [];
  const rows = await readAll<{ readonly id: number }>(client, { model: 'product.category', columns: [], domain: [['write_date', '>=', datetimeOf(since)]] }, call);
  return rows.map(({ id }) => id);
}

/** The whole tree; Odoo's trees have tens of nodes, and `parent_path` ("1/5/9/") spells each one's ancestors. */
export async function readCategories(client: OdooClient, call: CallContext): Promise<CategoryTree> {
  const rows = await readAll<OdooCategoryRow>(client, { model: 'product.category', columns: ['name', 'parent_path'], domain: [] }, call);
  const nameOf = new Map(rows.map((row) => [String(row.id), row.name]));
  const pathOf = (row: OdooCategoryRow): string[] => row.parent_path.split('/').filter((part) => part !== '');
  return {
    names: new Map(rows.map((row) => [row.id, pathOf(row).map((id) => nameOf.get(id) ?? id)])),
    lineage: new Map(rows.map((row) => [row.id, pathOf(row).toReversed()])),
  };
}
