import type { Sql } from '../../platform/stores/sql.ts';
import { decodeCursor, encodeCursor } from '../graph/paging.ts';
import { invalidInput } from '../../domain/failure.ts';
import { createBinder, filterConditions, readTagIds, searchTerms, type Binder, type Listing, type SearchTerms } from './listing.ts';

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

/** How a sort is keyed: the key, then the product code, both in one direction or each in its own. */
interface Ordering {
  readonly name: string;
  readonly key: (terms: SearchTerms | null) => string;
  readonly code: string;
  readonly type: string;
  readonly orderBy: string;
  /** Rows after the cursor. */
  readonly after: (key: string, code: string) => string;
  /** Whether it reads catalog.search or catalog.product first. */
  readonly bySearchRow: boolean;
}

const rows = (key: string, code: string, sign: '>' | '<', direction: 'asc' | 'desc'): Pick<Ordering, 'orderBy' | 'after'> => ({
  orderBy: `${key} ${direction}, ${code} ${direction}`,
  after: (afterKey, afterCode) => `(${key}, ${code}) ${sign} (${afterKey}, ${afterCode})`,
});

const SORTS: Readonly<Record<ListingSort, Ordering>> = {
  NAME_ASC: { name: 'NAME_ASC', key: () => 's.name_key', code: 's.product_code', type: 'text', bySearchRow: true, ...rows('s.name_key', 's.product_code', '>', 'asc') },
  NAME_DESC: { name: 'NAME_DESC', key: () => 's.name_key', code: 's.product_code', type: 'text', bySearchRow: true, ...rows('s.name_key', 's.product_code', '<', 'desc') },
  NEWEST: { name: 'NEWEST', key: () => 'p.published_at', code: 'p.code', type: 'timestamptz', bySearchRow: false, ...rows('p.published_at', 'p.code', '<', 'desc') },
  RELEVANCE: {
    name: 'RELEVANCE', key: (terms) => terms!.rank, code: 's.product_code', type: 'integer', bySearchRow: true,
    orderBy: 'key desc, code asc',
    after: (key, code) => `(key < ${key} or key = ${key} and code > ${code})`,
  },
};

/** Without words to be relevant to, relevance is the name. */
const orderingOf = (sort: ListingSort, terms: SearchTerms | null): Ordering => SORTS[sort === 'RELEVANCE' && !terms ? 'NAME_ASC' : sort];

/** One page of product codes by key-set: rows that come or go elsewhere shift nothing. One query, one more with attribute filters. */
export async function readListingPage(sql: Sql, listing: Listing, sort: ListingSort, { first, after }: PageRange): Promise<ListedPage> {
  const binder = createBinder();
  const terms = searchTerms(listing, binder);
  const ordering = orderingOf(sort, terms);
  const conditions = filterConditions(listing, await readTagIds(sql, listing.filter.attributes), binder);
  const source = listingSource(listing, terms, conditions, ordering.bySearchRow, binder);
  const start = after === null ? null : readCursor(after, ordering, binder);
  const text = ordering.name === 'RELEVANCE' ? rankedPage(source, ordering, terms, start) : sortedPage(source, ordering, start);
  const found = await sql.query<{ key: string | number; code: string }>(`${text} limit ${first + 1}`, binder.values);
  const entries = found.slice(0, first).map(({ key, code }) => ({ code, cursor: encodeCursor([ordering.name, key, code]) }));
  return { entries, hasNextPage: found.length > first };
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

interface Start {
  readonly key: string;
  readonly code: string;
}

function sortedPage({ from, where }: ListingSource, ordering: Ordering, start: Start | null): string {
  const range = start ? ` and ${ordering.after(start.key, start.code)}` : '';
  return `select ${ordering.key(null)} as key, ${ordering.code} as code from ${from} where ${where}${range} order by ${ordering.orderBy}`;
}

/** The rank is computed once per row, then compared and sorted. */
function rankedPage({ from, where }: ListingSource, ordering: Ordering, terms: SearchTerms | null, start: Start | null): string {
  const ranked = `select ${ordering.key(terms)} as key, ${ordering.code} as code from ${from} where ${where} offset 0`;
  return `select key, code from (${ranked}) ranked${start ? ` where ${ordering.after(start.key, start.code)}` : ''} order by ${ordering.orderBy}`;
}

function readCursor(after: string, { name, type }: Ordering, { bind }: Binder): Start {
  const [sort, key, code] = decodeCursor(after, 3);
  const fits = type === 'integer' ? Number.isInteger(key) : typeof key === 'string' && (type !== 'timestamptz' || !Number.isNaN(Date.parse(key)));
  if (sort !== name || !fits || typeof code !== 'string') throw invalidInput(['after'], 'after is a cursor of another sort; start again without it');
  return { key: `${bind(key)}::${type}`, code: bind(code) };
}
