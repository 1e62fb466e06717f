import type { CallContext, PageRequest, RejectedRow } from '../../domain/connector.ts';
import { invalidInput } from '../../domain/failure.ts';
import { addMs, type Instant } from '../../domain/time.ts';
import { mapRows, type EntityMap } from '../../platform/mapping.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf } from './convert.ts';

/** One term of an Odoo domain: a condition or a prefix operator. */
export type DomainTerm = readonly [field: string, operator: string, value: unknown] | '|' | '&' | '!';
export type Domain = readonly DomainTerm[];

export interface Query {
  readonly model: string;
  readonly columns: readonly string[];
  readonly domain: Domain;
  /** Paths whose write date makes a record part of a delta, e.g. ["write_date", "product_tmpl_id.write_date"]. */
  readonly writtenBy: readonly string[];
  /** Rows a delta lists whenever they were written. */
  readonly alsoListed?: readonly DomainTerm[];
}

export interface PagedRows<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly watermark: Instant;
  readonly total: number;
}

/** Archived records are left out unless the domain asks for both values of `active`. */
export const ARCHIVED_TOO: DomainTerm = ['active', 'in', [true, false]];

interface Cursor {
  readonly after: number;
  readonly watermark: Instant;
  readonly total: number;
}

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function decodeCursor(text: string): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Cursor>;
    const { after, watermark, total } = cursor;
    if (Number.isInteger(after) && typeof watermark === 'string' && typeof total === 'number') return { after: after as number, watermark, total };
  } catch {
    // Falls through to the refusal: whatever was wrong with it, it is no cursor of ours.
  }
  throw invalidInput(['cursor'], 'not a cursor of this connector: start again with null');
}

/**
 * Reads one page by id. Not by (write_date, id): the wire cuts write_date to seconds while the database sorts by
 * microseconds, so a key-set on it skips rows. Ids neither move nor repeat; what changes behind the cursor during a
 * pass is caught by the next delta, which starts at this pass' watermark.
 */
export async function readPage<Row extends { readonly id: number }>(
  client: OdooClient, query: Query, page: PageRequest, call: CallContext,
): Promise<PagedRows<Row>> {
  const domain = [...query.domain, ...writtenSince(query, page.since)];
  const start = page.cursor === null ? await startPass(client, query.model, domain, call) : decodeCursor(page.cursor);
  const fields = await client.columnsOf(query.model, ['id', ...query.columns], call);
  const limit = Math.min(page.limit, client.settings.pageSize);
  const rows = await client.read<Row[]>(
    { model: query.model, method: 'search_read', args: { domain: [...domain, ['id', '>', start.after]], fields, order: 'id', limit } },
    call,
  );
  const last = rows.at(-1);
  const next = last === undefined || rows.length < limit ? null : encodeCursor({ ...start, after: last.id });
  return { rows, next, watermark: start.watermark, total: start.total };
}

async function startPass(client: OdooClient, model: string, domain: Domain, call: CallContext): Promise<Cursor> {
  const count = await client.readDated<number>({ model, method: 'search_count', args: { domain } }, call);
  return { after: 0, total: count.value, watermark: addMs(count.servedAt, -client.settings.overlapSeconds * 1_000) };
}

/** `a >= since or b >= since or …` in Odoo's prefix notation. */
function writtenSince({ writtenBy, alsoListed = [] }: Query, since: Instant | null): Domain {
  if (since === null) return [];
  const terms = [...writtenBy.map((path): DomainTerm => [path, '>=', datetimeOf(since)]), ...alsoListed];
  return [...terms.slice(1).map(() => '|' as const), ...terms];
}

/** Maps a page's rows and hands on where it stands. */
export function mapPage<Row extends { readonly id: number }, Target, Given>(
  page: PagedRows<Row>, model: string, map: EntityMap<Row, Target, Given>, given: Given,
): { records: readonly Target[]; rejected: readonly RejectedRow[]; next: string | null; watermark: Instant; total: number } {
  const { next, watermark, total } = page;
  return { ...mapRows(map, page.rows, given, (row) => `${model}:${row.id}`), next, watermark, total };
}

/** Most deltas list nothing: what only rows need is not read then. */
export const emptyPage = ({ next, watermark, total }: PagedRows<unknown>) => ({ records: [], rejected: [], next, watermark, total });

/** Reads all of a small table or all rows of known keys, in pages by id. */
export async function readAll<Row extends { readonly id: number }>(
  client: OdooClient, query: Omit<Query, 'writtenBy'>, call: CallContext,
): Promise<readonly Row[]> {
  const limit = 2_000;
  const fields = await client.columnsOf(query.model, ['id', ...query.columns], call);
  const rows: Row[] = [];
  for (;;) {
    const after = rows.at(-1)?.id ?? 0;
    const part = await client.read<Row[]>(
      { model: query.model, method: 'search_read', args: { domain: [...query.domain, ['id', '>', after]], fields, order: 'id', limit } },
      call,
    );
    rows.push(...part);
    if (part.length < limit) return rows;
  }
}

/** Rows by id, archived ones too where the model knows archiving. */
export async function readByIds<Row extends { readonly id: number }>(
  client: OdooClient, model: string, ids: Iterable<number>, columns: readonly (keyof Row & string)[], call: CallContext,
): Promise<ReadonlyMap<number, Row>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const archivable = (await client.columnsOf(model, ['active'], call)).length > 0;
  const domain: Domain = [['id', 'in', wanted], ...(archivable ? [ARCHIVED_TOO] : [])];
  const rows = await readAll<Row>(client, { model, columns, domain }, call);
  return new Map(rows.map((row) => [row.id, row]));
}
