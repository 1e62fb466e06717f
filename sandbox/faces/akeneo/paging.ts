import type { FastifyRequest } from 'fastify';
import { unprocessable } from './answers.ts';

/** Akeneo's two ways through a list: `page` (refused beyond 10,000 products) and `search_after` (a cursor to follow). */

export type Query = Readonly<Record<string, string | undefined>>;

interface PageOf<T> { readonly items: readonly T[]; readonly links: Record<string, { readonly href: string }>; readonly page: number | null; readonly count: number | null }

const mostByPage = 10_000;
const mostPerPage = 100;

/** `http://host:port/akeneo`: what every link of an answer starts with. */
export function baseOf(request: FastifyRequest, prefix: string): string {
  return `${request.protocol}://${request.host}${prefix}`;
}

/** Cuts the page a request asks for out of `rows`, which are ordered by `key`. Throws 422 for a limit or page out of bounds. */
export function cutPage<T>(rows: readonly T[], key: (row: T) => string, query: Query, path: string, searchAfterAllowed: boolean): PageOf<T> {
  const limit = wholeNumber(query['limit'], 10, 'limit');
  if (limit > mostPerPage) throw unprocessable(`You cannot request more than ${mostPerPage} items.`);
  if (query['pagination_type'] !== undefined && !['page', 'search_after'].includes(query['pagination_type'])) throw unprocessable('Pagination type does not exist.');
  const count = query['with_count'] === 'true' ? rows.length : null;
  const link = (more: Query): { href: string } => ({ href: `${path}?${new URLSearchParams(given({ ...query, limit: String(limit), ...more })).toString()}` });
  if (searchAfterAllowed && query['pagination_type'] === 'search_after') return { ...cutAfter(rows, key, query, limit, link), page: null, count: null };
  const page = wholeNumber(query['page'], 1, 'page');
  if (searchAfterAllowed && page * limit > mostByPage) {
    throw unprocessable('You have reached the maximum number of pages you can retrieve with the "page" pagination type. Please use the search after pagination type instead');
  }
  const items = rows.slice((page - 1) * limit, page * limit);
  return {
    items, page, count,
    links: {
      self: link({ page: String(page) }), first: link({ page: '1' }),
      ...(page > 1 && { previous: link({ page: String(page - 1) }) }),
      ...(page * limit < rows.length && { next: link({ page: String(page + 1) }) }),
    },
  };
}

function cutAfter<T>(rows: readonly T[], key: (row: T) => string, query: Query, limit: number, link: (more: Query) => { href: string }): Pick<PageOf<T>, 'items' | 'links'> {
  const after = query['search_after'] === undefined ? '' : Buffer.from(query['search_after'], 'base64').toString('utf8');
  const start = firstAfter(rows, key, after);
  const items = rows.slice(start, start + limit);
  const last = items.at(-1);
  return {
    items,
    links: {
      self: link({}), first: link({ search_after: undefined }),
      ...(last !== undefined && start + limit < rows.length && { next: link({ search_after: Buffer.from(key(last), 'utf8').toString('base64') }) }),
    },
  };
}

/** Binary search for the first row whose key is greater. */
function firstAfter<T>(rows: readonly T[], key: (row: T) => string, after: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(rows[middle] as T) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

function wholeNumber(text: string | undefined, absent: number, what: string): number {
  if (text === undefined) return absent;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw unprocessable(`"${text}" is not a valid ${what} number.`);
  return Number.parseInt(text, 10);
}

function given(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The list's envelope. */
export function listAnswer<T>(page: PageOf<T>, present: (row: T) => unknown): object {
  return {
    _links: page.links,
    ...(page.page !== null && { current_page: page.page }),
    ...(page.count !== null && { items_count: page.count }),
    _embedded: { items: page.items.map(present) },
  };
}
