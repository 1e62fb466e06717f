import type { Capabilities, FlowName, List, PageRequest } from '../../domain/connector.ts';
import type { Feed } from '../../platform/feed.ts';

export interface PortFeedOptions<T> {
  /** Unique within the schema. */
  readonly name: string;
  /** Which flow of the connector is read: decides whether it has a delta. */
  readonly flow: FlowName;
  readonly capabilities: Capabilities;
  readonly list: List<T>;
  readonly apply: Feed<T>['apply'];
  readonly finishFullPass?: Feed['finishFullPass'];
  readonly finishPass?: Feed['finishPass'];
  readonly intervalMs: number;
}

const DAY_MS = 86_400_000;
const MAX_PAGE_SIZE = 1_000;

/** A feed that reads one flow of a connector's port: whole once a day, and by delta between where the vendor has one. */
export function createPortFeed<T>({ name, flow, capabilities, list, apply, finishFullPass, finishPass, intervalMs }: PortFeedOptions<T>): Feed {
  const feed: Feed<T> = {
    name,
    list: (page, call) => list(page as PageRequest, call),
    apply,
    pageSize: Math.min(capabilities.maxBatch.page, MAX_PAGE_SIZE),
    intervalMs,
    fullEveryMs: DAY_MS,
    hasDelta: capabilities.delta.includes(flow),
    ...(finishFullPass ? { finishFullPass } : {}),
    ...(finishPass ? { finishPass } : {}),
  };
  // The schedule hands back to `apply` only what `list` gave: the record type may be forgotten outside.
  return feed as unknown as Feed;
}
