import type { Locale } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { encodeCursor } from '../graph/paging.ts';
import { FEW, type ListedPage } from './listing-page.ts';

export interface CategoryPageKey {
  readonly code: string;
  readonly locale: Locale;
  readonly first: number;
}

interface Row {
  readonly index: number;
  readonly key: string;
  readonly code: string;
}

/** As a single listing does: few products are fetched and sorted, of many the index by name is walked. */
const PAGES = `
  select k.index, page.key, page.code
  from jsonb_to_recordset($1::jsonb) as k(index integer, code text, locale text, first integer)
  cross join lateral (select count(*) <= ${FEW} as few from (select from catalog.product p where p.category_tree && array[k.code] limit ${FEW + 1}) found) weight
  cross join lateral (
    (select m.key, m.code from (
       select (select s.name_key from catalog.search s where s.product_code = p.code and s.locale = k.locale) as key, p.code
       from catalog.product p where p.category_tree && array[k.code] and weight.few offset 0
     ) m order by m.key, m.code limit k.first + 1)
    union all
    (select s.name_key, s.product_code from catalog.search s join catalog.product p on p.code = s.product_code
     where p.category_tree && array[k.code] and s.locale = k.locale and not weight.few order by s.name_key, s.product_code limit k.first + 1)
  ) page
  order by k.index, page.key, page.code`;

/**
 * First pages of many categories in one statement: a menu that shows some products of each. Cursors are those of the
 * listing by name, so that the second page goes on where this one ends.
 */
export async function readCategoryPages(sql: Sql, keys: readonly CategoryPageKey[]): Promise<ListedPage[]> {
  const rows = await sql.query<Row>(PAGES, [JSON.stringify(keys.map((key, index) => ({ index, ...key })))]);
  const byIndex = Map.groupBy(rows, (row) => row.index);
  return keys.map(({ first }, index) => {
    const found = byIndex.get(index) ?? [];
    return { entries: found.slice(0, first).map(({ key, code }) => ({ code, cursor: encodeCursor(['NAME_ASC', key, code]) })), hasNextPage: found.length > first };
  });
}
