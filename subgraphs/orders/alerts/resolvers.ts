import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../../../domain/failure.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import type { OrdersContext } from '../context.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import { listAlerts, type AlertKind, type AlertRecord } from './store.ts';
import { alertKindOf, GraphOrderAlert, GraphOrderAlertConnection } from './types.ts';

const cursorOf = ({ openedAt, id }: AlertRecord): string => encodeCursor([openedAt, id]);

/** @throws Failure INVALID_INPUT when the cursor was not made by `cursorOf`. */
function positionOf(cursor: string): { openedAt: string; id: string } {
  const [openedAt, id] = decodeCursor(cursor, 2);
  const isPosition = typeof openedAt === 'string' && !Number.isNaN(Date.parse(openedAt)) && typeof id === 'string' && /^\d+$/.test(id);
  if (!isPosition) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { openedAt, id };
}

@Resolver(() => GraphOrderAlert)
export class OrderAlertResolver {
  @NeedsScopes(['operations'])
  @Query(() => GraphOrderAlertConnection, { description: 'What somebody should look at, newest first.' })
  async orderAlerts(
    @Arg('open', () => Boolean, { nullable: true, defaultValue: true, description: 'True: open ones; false: resolved ones; null: both.' }) open: boolean | null,
    @Arg('kind', alertKindOf, { nullable: true }) kind: AlertKind | null,
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { database }: OrdersContext,
  ): Promise<GraphOrderAlertConnection> {
    const limit = checkPageSize(first);
    const rows = await listAlerts(database, { open: open ?? null, kind: kind ?? null }, after == null ? null : positionOf(after), limit + 1);
    const nodes = rows.slice(0, limit);
    return { nodes, pageInfo: { hasNextPage: rows.length > limit, endCursor: nodes.length === 0 ? null : cursorOf(nodes.at(-1)!) } };
  }

  @FieldResolver(() => GraphOrder, { nullable: true, description: 'Null where it is about no single order.' })
  order(@Root() { orderId }: AlertRecord, @Ctx() { loaders }: OrdersContext): Promise<OrderRecord | null> | null {
    return orderId === null ? null : loaders.order.load(orderId);
  }
}
