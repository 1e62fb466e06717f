import type { CallContext, PageRequest } from '../../domain/connector.ts';
import { invalidInput } from '../../domain/failure.ts';
import { addMs, type Instant } from '../../domain/time.ts';
import type { AkeneoClient } from './client.ts';
import type { AkeneoPage } from './wire.ts';

/** One list of Akeneo's; a pass may go through several, one after the other. */
export interface Segment {
  /** Below /api/rest/v1. */
  readonly resource: string;
  readonly query: Readonly<Record<string, string>>;
}

interface Cursor {
  readonly segment: number;
  /** `_links.next` of the page before, path and query: followed, never built. */
  readonly follow: string | null;
  readonly watermark: Instant;
}

export interface PagedRows<Row> {
  readonly segment: number;
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly watermark: Instant;
}

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function decodeCursor(text: string, segments: number): Cursor {
  try {
    const { segment, follow, watermark } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Cursor>;
    const inside = follow === null || (typeof follow === 'string' && follow.startsWith('/api/rest/v1/'));
    if (typeof segment === 'number' && segment >= 0 && segment < segments && inside && typeof watermark === 'string') return { segment, follow: follow as string | null, watermark };
  } catch {
    // Refused below: whatever was wrong with it, it is no cursor of ours.
  }
  throw invalidInput(['cursor'], 'not a cursor of this connector: start again with null');
}

/** Reads one page of the segment the cursor stands in. */
export async function readPage<Row>(client: AkeneoClient, segments: readonly Segment[], page: PageRequest, call: CallContext): Promise<PagedRows<Row>> {
  const at = page.cursor === null ? null : decodeCursor(page.cursor, segments.length);
  const segment = at?.segment ?? 0;
  const path = at?.follow ?? firstPath(segments[segment] as Segment, Math.min(page.limit, client.settings.pageSize));
  const { value, servedAt } = await client.read<AkeneoPage<Row>>(path, call);
  const watermark = at?.watermark ?? addMs(servedAt, -client.settings.overlapSeconds * 1_000);
  const href = value._links.next?.href;
  const rows = value._embedded.items;
  if (href !== undefined && rows.length > 0) return { segment, rows, watermark, next: encodeCursor({ segment, follow: relative(client, href), watermark }) };
  const following = segment + 1 < segments.length ? encodeCursor({ segment: segment + 1, follow: null, watermark }) : null;
  return { segment, rows, watermark, next: following };
}

/** All rows of a small list. */
export async function readAll<Row>(client: AkeneoClient, segment: Segment, call: CallContext): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let path: string | null = firstPath(segment, 100); path !== null; ) {
    const { value }: { value: AkeneoPage<Row> } = await client.read<AkeneoPage<Row>>(path, call);
    rows.push(...value._embedded.items);
    const href: string | undefined = value._links.next?.href;
    path = href === undefined || value._embedded.items.length === 0 ? null : relative(client, href);
  }
  return rows;
}

const firstPath = ({ resource, query }: Segment, limit: number): string =>
  `/api/rest/v1/${resource}?${new URLSearchParams({ ...query, limit: String(limit) }).toString()}`;

/** Path and query only, below the configured address: our token goes nowhere else, whatever host the link names. */
function relative(client: AkeneoClient, href: string): string {
  const { pathname, search } = new URL(href, client.settings.url);
  const prefix = new URL(client.settings.url).pathname.replace(/\/$/, '');
  return `${pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname}${search}`;
}

/** Akeneo's filter knows only "later than", in whole seconds: one second back makes it "at or after". */
export const updatedSince = (since: Instant | null): Readonly<Record<string, unknown>> => {
  if (since === null) return {};
  const from = addMs(since, -1_000);
  return { updated: [{ operator: '>', value: `${from.slice(0, 10)} ${from.slice(11, 19)}` }] };
};
