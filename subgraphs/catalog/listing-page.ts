import type { Sql } from '../../platform/stores/sql.ts';
import { decodeCursor, encodeCursor } from '../graph/paging.ts';
import { invalidInput } from '../../domain/failure.ts';
import { createBinder, filterConditions, readTagIds, searchTerms, type Binder, type Listing, type SearchTerms, type TagIds } from './listing.ts';

export type ListingSort = 'RELEVANCE' | 'NAME_ASC' | 'NAME_DESC' | 'NEWEST';

export interface PageRange {
  readonly first: number;
  readonly after: string | null;
}

export interface ListedCode {
  readonly code: string;
  readonly cursor: string;
}

export interface ListedPage {
  readonly entries: readonly ListedCode[];
  readonly hasNextPage: boolean;
}

/** How a sort is keyed: by a key, then by the product code. */
interface Ordering {
  readonly name: ListingSort;
  readonly key: (terms: SearchTerms | null) => string;
  readonly code: string;
  readonly type: 'text' | 'timestamptz' | 'integer';
  readonly orderBy: (key: string, code: string) => string;
  /** Rows after the cursor. */
  readonly after: (key: string, code: string, start: Start) => string;
  /** Whether it needs catalog.search even without words. */
  readonly bySearchRow: boolean;
}

interface Start {
  readonly key: string;
  readonly code: string;
}

type Direction = Pick<Ordering, 'orderBy' | 'after'>;

const UP: Direction = { orderBy: (key, code) => `${key}, ${code}`, after: (key, code, start) => `(${key}, ${code}) > (${start.key}, ${start.code})` };
const DOWN: Direction = { orderBy: (key, code) => `${key} desc, ${code} desc`, after: (key, code, start) => `(${key}, ${code}) < (${start.key}, ${start.code})` };
const BEST: Direction = {
  orderBy: (key, code) => `${key} desc, ${code}`,
  after: (key, code, start) => `(${key} < ${start.key} or ${key} = ${start.key} and ${code} > ${start.code})`,
};

const BY_NAME = { key: () => 's.name_key', code: 's.product_code', type: 'text', bySearchRow: true } as const;

const SORTS: Readonly<Record<ListingSort, Ordering>> = {
  NAME_ASC: { name: 'NAME_ASC', ...BY_NAME, ...UP },
  NAME_DESC: { name: 'NAME_DESC', ...BY_NAME, ...DOWN },
  NEWEST: { name: 'NEWEST', key: () => 'p.published_at', code: 'p.code', type: 'timestamptz', bySearchRow: false, ...DOWN },
  RELEVANCE: { name: 'RELEVANCE', key: (terms) => terms!.rank(), code: 's.product_code', type: 'integer', bySearchRow: true, ...BEST },
};

/** Without words to be relevant to, relevance is the name. */
const orderingOf = (sort: ListingSort, terms: SearchTerms | null): Ordering => SORTS[sort === 'RELEVANCE' && !terms ? 'NAME_ASC' : sort];

/**
 * One page of product codes by key-set: rows that come or go elsewhere shift nothing. One statement; with filters one
 * more that weighs them, with attribute filters one that reads their tags.
 */
export async function readListingPage(sql: Sql, listing: Listing, sort: ListingSort, { first, after }: PageRange): Promise<ListedPage> {
  const tagIds = await readTagIds(sql, listing.filter.attributes);
  const isNarrow = (listing.search?.trim() ?? '') !== '' || (await filtersFew(sql, listing, tagIds));
  const binder = createBinder();
  const terms = searchTerms(listing, binder);
  const ordering = orderingOf(sort, terms);
  const source = listingSource(listing, terms, filterConditions(listing, tagIds, binder), ordering.bySearchRow, binder);
  const start = after === null ? null : readCursor(after, ordering, binder);
  const text = isNarrow ? sortedMatches(source, ordering, terms, start) : walkedIndex(source, ordering, start);
  const found = await sql.query<{ key: string | number; code: string }>(`${text} limit ${first + 1}`, binder.values);
  const entries = found.slice(0, first).map(({ key, code }) => ({ code, cursor: encodeCursor([ordering.name, key, code]) }));
  return { entries, hasNextPage: found.length > first };
}

/** Up to here matches are fetched and sorted; beyond, the sort's index is walked until a page is full. */
export const FEW = 10_000;

/**
 * Weighed, not guessed: the planner believes that matches are spread evenly over the names, and walks half the index
 * for a category whose products all begin with "W".
 */
async function filtersFew(sql: Sql, listing: Listing, tagIds: TagIds): Promise<boolean> {
  const binder = createBinder();
  const conditions = filterConditions(listing, tagIds, binder);
  if (conditions.length === 0) return false;
  const [row] = await sql.query<{ few: boolean }>(
    `select count(*) <= ${FEW} as few from (select from catalog.product p where ${conditions.join(' and ')} limit ${FEW + 1}) found`,
    binder.values,
  );
  return row!.few;
}

/** Number of products listed. */
export async function countListing(sql: Sql, listing: Listing): Promise<number> {
  const binder = createBinder();
  const terms = searchTerms(listing, binder);
  const conditions = filterConditions(listing, await readTagIds(sql, listing.filter.attributes), binder);
  const { from, where } = listingSource(listing, terms, conditions, false, binder);
  const [row] = await sql.query<{ count: number }>(`select count(*)::integer as count from ${from} where ${where}`, binder.values);
  return row!.count;
}

export interface ListingSource {
  readonly from: string;
  readonly where: string;
}

/** The tables a listing needs, no more: search rows (`s`) for words and names, products (`p`) for filters. */
export function listingSource(listing: Listing, terms: SearchTerms | null, conditions: readonly string[], needsSearchRow: boolean, { bind }: Binder): ListingSource {
  const where = [...conditions];
  if (terms) where.push(terms.condition);
  else if (needsSearchRow) where.push(`s.locale = ${bind(listing.locale)}`);
  const usesSearch = terms !== null || needsSearchRow;
  const usesProduct = conditions.length > 0 || !needsSearchRow;
  const both = 'catalog.search s join catalog.product p on p.code = s.product_code';
  return { from: usesSearch ? (usesProduct ? both : 'catalog.search s') : 'catalog.product p', where: where.length > 0 ? where.join(' and ') : 'true' };
}

function walkedIndex({ from, where }: ListingSource, { key, code, orderBy, after }: Ordering, start: Start | null): string {
  const range = start ? ` and ${after(key(null), code, start)}` : '';
  return `select ${key(null)} as key, ${code} as code from ${from} where ${where}${range} order by ${orderBy(key(null), code)}`;
}

/** `offset 0` keeps the planner from walking the index all the same; a rank is computed once per row. */
function sortedMatches({ from, where }: ListingSource, { key, code, orderBy, after }: Ordering, terms: SearchTerms | null, start: Start | null): string {
  const matches = `select ${key(terms)} as key, ${code} as code from ${from} where ${where} offset 0`;
  return `select key, code from (${matches}) matches${start ? ` where ${after('key', 'code', start)}` : ''} order by ${orderBy('key', 'code')}`;
}

function readCursor(after: string, { name, type }: Ordering, { bind }: Binder): Start {
  const [sort, key, code] = decodeCursor(after, 3);
  const fits = type === 'integer' ? Number.isInteger(key) : typeof key === 'string' && (type !== 'timestamptz' || !Number.isNaN(Date.parse(key)));
  if (sort !== name || !fits || typeof code !== 'string') throw invalidInput(['after'], 'after is a cursor of another sort; start again without it');
  return { key: `${bind(key)}::${type}`, code: bind(code) };
}
