import type { Locale } from '../../domain/ids.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { searchConfigurationOf } from './locale.ts';
import { localeLexeme } from './search-index.ts';
import { prefixQueryOf } from './words.ts';

export interface AttributeFilter {
  readonly code: string;
  /** Any of these machine values. */
  readonly values: readonly string[];
}

/** Which products are listed. Empty lists filter nothing; null lists are absent. */
export interface ListingFilter {
  /** Products in any of these categories or below them. */
  readonly categoryCodes: readonly string[] | null;
  readonly attributes: readonly AttributeFilter[];
  readonly brands: readonly string[] | null;
  readonly skus: readonly string[] | null;
}

export interface Listing {
  readonly locale: Locale;
  readonly search: string | null;
  readonly filter: ListingFilter;
}

export const NO_FILTER: ListingFilter = { categoryCodes: null, attributes: [], brands: null, skus: null };

const LIMITS = { categoryCodes: 100, attributes: 20, values: 100, brand: 100, skus: 250 } as const;

const MAX_SEARCH_CHARACTERS = 200;

/** @throws Failure INVALID_INPUT naming the list that is too long. */
export function checkListing({ search, filter }: Listing): void {
  const check = (field: readonly string[], length: number, limit: number): void => {
    if (length > limit) throw invalidInput(field, `${field.at(-1)} takes at most ${limit} entries`);
  };
  if ((search?.length ?? 0) > MAX_SEARCH_CHARACTERS) throw invalidInput(['search'], `search takes at most ${MAX_SEARCH_CHARACTERS} characters`);
  check(['filter', 'categoryCodes'], filter.categoryCodes?.length ?? 0, LIMITS.categoryCodes);
  check(['filter', 'brand'], filter.brands?.length ?? 0, LIMITS.brand);
  check(['filter', 'skus'], filter.skus?.length ?? 0, LIMITS.skus);
  check(['filter', 'attributes'], filter.attributes.length, LIMITS.attributes);
  filter.attributes.forEach(({ values }, index) => check(['filter', 'attributes', String(index), 'values'], values.length, LIMITS.values));
}

/** A filter whose own facet must not be narrowed by it. */
export type Dimension = { readonly kind: 'CATEGORY' } | { readonly kind: 'BRAND' } | { readonly kind: 'ATTRIBUTE'; readonly code: string };

/** Values of a statement, numbered as they are bound. */
export interface Binder {
  readonly values: unknown[];
  bind(value: unknown): string;
}

export function createBinder(): Binder {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** Tag ids by attribute code, read beforehand: with the ids in hand the planner knows how rare they are. */
export type TagIds = ReadonlyMap<string, readonly number[]>;

export async function readTagIds(sql: Sql, filters: readonly AttributeFilter[]): Promise<TagIds> {
  if (filters.length === 0) return new Map();
  const rows = await sql.query<{ id: number; code: string }>(
    `select t.id, t.code from catalog.tag t join jsonb_to_recordset($1::jsonb) as f(code text, values jsonb) on f.code = t.code and f.values ? t.value`,
    [JSON.stringify(filters)],
  );
  const byCode = Map.groupBy(rows, (row) => row.code);
  return new Map(filters.map(({ code }) => [code, (byCode.get(code) ?? []).map((row) => row.id)]));
}

/** Conditions on `p` (catalog.product), leaving out those of one dimension. */
export function filterConditions({ filter }: Listing, tagIds: TagIds, { bind }: Binder, without: Dimension | null = null): string[] {
  const conditions: string[] = [];
  if (filter.categoryCodes && without?.kind !== 'CATEGORY') conditions.push(`p.category_tree && ${bind(filter.categoryCodes)}::text[]`);
  if (filter.brands && without?.kind !== 'BRAND') conditions.push(`p.brand = any(${bind(filter.brands)}::text[])`);
  if (filter.skus) conditions.push(`p.code in (select product_code from catalog.variant where sku = any(${bind(filter.skus)}))`);
  for (const { code } of filter.attributes) {
    if (without?.kind === 'ATTRIBUTE' && without.code === code) continue;
    conditions.push(`p.tags && ${bind(tagIds.get(code) ?? [])}::integer[]`);
  }
  return conditions;
}

export interface SearchTerms {
  /** Condition on `s` (catalog.search): the listing's locale and the searched words. */
  readonly condition: string;
  /** Integer, higher is better: exact SKU or GTIN first, then by weight of the words found. */
  readonly rank: () => string;
}

/** Null when nothing is searched for. Text without a single word finds exact codes only. */
export function searchTerms({ locale, search }: Listing, { bind }: Binder): SearchTerms | null {
  const text = search?.trim() ?? '';
  if (text === '') return null;
  const exact = (): string => {
    const code = bind(text);
    return `s.product_code in (select product_code from catalog.variant where lower(sku) = lower(${code}) union all select product_code from catalog.variant where gtin = ${code})`;
  };
  const prefix = prefixQueryOf(text);
  if (prefix === null) return { condition: `s.locale = ${bind(locale)} and ${exact()}`, rank: () => '0' };
  const words = bind(prefix);
  const query = `(to_tsquery('simple', ${words}) || to_tsquery(${bind(searchConfigurationOf(locale))}::regconfig, ${words}))`;
  return {
    // The lexeme says the locale; a condition on the column as well would have the planner scan all its rows.
    condition: `s.document @@ (${bind(`'${localeLexeme(locale)}'`)}::tsquery && ${query})`,
    // Bound only when asked for: PostgreSQL refuses a value no statement mentions.
    rank: () => `case when ${exact()} then 1000000000 else (ts_rank(s.document, ${query}) * 1000000)::integer end`,
  };
}
