import type { Capabilities, FlowName, List, Page, PageRequest } from '../../domain/connector.ts';
import type { Feed } from '../../platform/feed.ts';
import { isUnstorable } from './mirror-table.ts';

export interface PortFeedOptions<T> {
  /** Unique within the schema. */
  readonly name: string;
  /** Which flow of the connector is read: decides whether it has a delta. */
  readonly flow: FlowName;
  readonly capabilities: Capabilities;
  readonly list: List<T>;
  readonly apply: Feed<T>['apply'];
  /** Names a record that cannot be stored, so that it is refused alone and not with its page. Without: `apply` looks itself. */
  readonly keyOf?: (record: T) => string;
  readonly finishFullPass?: Feed['finishFullPass'];
  readonly finishPass?: Feed['finishPass'];
  readonly owesFullPass?: Feed['owesFullPass'];
  readonly intervalMs: number;
}

const DAY_MS = 86_400_000;
const MAX_PAGE_SIZE = 1_000;

/** A feed that reads one flow of a connector's port: whole once a day, and by delta between where the vendor has one. */
export function createPortFeed<T>({ name, flow, capabilities, list, apply, finishFullPass, finishPass, owesFullPass, keyOf, intervalMs }: PortFeedOptions<T>): Feed {
  const feed: Feed<T> = {
    name,
    list: async (page, call) => {
      const found = await list(page as PageRequest, { ...call, lane: 'FEED' });
      return keyOf ? refuseUnstorable(found, keyOf) : found;
    },
    apply,
    pageSize: Math.min(capabilities.maxBatch.page, MAX_PAGE_SIZE),
    intervalMs,
    fullEveryMs: DAY_MS,
    hasDelta: capabilities.delta.includes(flow),
    ...(finishFullPass ? { finishFullPass } : {}),
    ...(finishPass ? { finishPass } : {}),
    ...(owesFullPass ? { owesFullPass } : {}),
  };
  // The schedule hands back to `apply` only what `list` gave: the record type may be forgotten outside.
  return feed as unknown as Feed;
}

/** The key is written down as well: what cannot be stored of it is replaced. */
function refuseUnstorable<T>(page: Page<T>, keyOf: (record: T) => string): Page<T> {
  const strange = page.records.filter((record) => isUnstorable(record as object));
  if (strange.length === 0) return page;
  const rejected = strange.map((record) => ({ key: keyOf(record).toWellFormed().replaceAll('\0', '\u{fffd}'), reason: 'holds a character that cannot be stored' }));
  return { ...page, records: page.records.filter((record) => !strange.includes(record)), rejected: [...page.rejected, ...rejected] };
}
