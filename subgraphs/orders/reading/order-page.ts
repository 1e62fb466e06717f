import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { Instant } from '../../../domain/time.ts';
import type { OrdersContext } from '../context.ts';
import type { OrderRecord } from '../records.ts';
import type { GraphOrderConnection } from '../types-order.ts';
import type { OrderFilter, OrderPosition, OrderSort } from './order-filter.ts';
import { countOrders, listOrders } from './store-order-list.ts';

export interface OrderPageRequest {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly first: number;
  readonly after: string | null;
}

const cursorOf = (sort: OrderSort, order: OrderRecord): string => encodeCursor([sort, sort.startsWith('PLACED') ? order.placedAt : order.updatedAt, order.id]);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws Failure INVALID_INPUT when the cursor was not made by `cursorOf`, for a list sorted like this one. */
function positionOf(cursor: string, sort: OrderSort): OrderPosition {
  const [sortedBy, at, id] = decodeCursor(cursor, 3);
  const isPosition = sortedBy === sort && typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof id === 'string' && UUID.test(id);
  if (!isPosition) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged, and the same sort');
  return { at: at as Instant, id };
}

/** One page of the orders the caller may see; stable while orders come in. */
export async function readOrderPage({ database, visibility }: OrdersContext, { filter, sort, first, after }: OrderPageRequest): Promise<GraphOrderConnection> {
  const limit = checkPageSize(first);
  const rows = await listOrders(database, { visibility, filter, sort, after: after === null ? null : positionOf(after, sort), limit: limit + 1 });
  const nodes = rows.slice(0, limit);
  return {
    edges: nodes.map((node) => ({ cursor: cursorOf(sort, node), node })),
    nodes,
    pageInfo: { hasNextPage: rows.length > limit, endCursor: nodes.length === 0 ? null : cursorOf(sort, nodes.at(-1)!) },
    count: () => countOrders(database, visibility, filter),
  };
}
