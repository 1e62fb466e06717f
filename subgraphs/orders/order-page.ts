import { checkPageSize, decodeCursor, encodeCursor } from '../graph/paging.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { OrdersContext } from './context.ts';
import type { OrderRecord } from './records.ts';
import { countOrders, listOrders, type OrderFilter } from './store-reads.ts';
import type { GraphOrderConnection } from './types-order.ts';

const cursorOf = (order: OrderRecord): string => encodeCursor([order.placedAt, order.id]);

/** @throws Failure INVALID_INPUT when the cursor was not made by `cursorOf`. */
function positionOf(cursor: string): { placedAt: string; id: string } {
  const [placedAt, id] = decodeCursor(cursor, 2);
  const isPosition = typeof placedAt === 'string' && !Number.isNaN(Date.parse(placedAt)) && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id);
  if (!isPosition) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { placedAt, id };
}

/** One page of the orders the caller may see, newest first; stable while orders come in. */
export async function readOrderPage({ database, visibility }: OrdersContext, filter: OrderFilter, first: number, after: string | null): Promise<GraphOrderConnection> {
  const limit = checkPageSize(first);
  const rows = await listOrders(database, visibility, filter, after === null ? null : positionOf(after), limit + 1);
  const nodes = rows.slice(0, limit);
  return {
    edges: nodes.map((node) => ({ cursor: cursorOf(node), node })),
    nodes,
    pageInfo: { hasNextPage: rows.length > limit, endCursor: nodes.length === 0 ? null : cursorOf(nodes.at(-1)!) },
    count: () => countOrders(database, visibility, filter),
  };
}
