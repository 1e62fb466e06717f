import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../../../domain/failure.ts';
import { readAudit } from '../../../platform/audit.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import type { OrdersContext } from '../context.ts';
import type { OrderRecord } from '../records.ts';
import { SCHEMA } from '../schema.sql.ts';
import { GraphOrder } from '../types-order.ts';
import { readQueueStanding } from './maintenance.ts';
import { listIssues, type IssuePosition } from './store.ts';
import { GraphOrderAuditEntry, GraphOrderIssueCode, GraphOrderIssueConnection, GraphOrderQueue, type GraphOrderIssue } from './types.ts';

const issueOf = (order: OrderRecord): GraphOrderIssue => ({
  order, code: order.attentionCode ?? 'REFUSED', reason: order.attention ?? '', since: order.attentionSince ?? order.placedAt,
  attempts: order.attempts, lastFailure: order.lastFailure,
});

function positionOf(cursor: string): IssuePosition {
  const [since, id] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(since!)) || !/^[0-9a-f-]{36}$/.test(id!)) throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  return { since: since!, id: id! };
}

@Resolver(() => GraphOrder)
export class OrderIssueResolver {
  @NeedsScopes(['operations'])
  @Query(() => GraphOrderIssueConnection, { description: 'Orders somebody must look at, whoever has waited longest first. Source of truth: here; as of now.' })
  async orderIssues(
    @Arg('code', () => GraphOrderIssueCode, { nullable: true }) code: GraphOrderIssueCode | null | undefined,
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { database }: OrdersContext,
  ): Promise<GraphOrderIssueConnection> {
    const limit = checkPageSize(first);
    const rows = await listIssues(database, code ?? null, after == null ? null : positionOf(after), limit + 1);
    const nodes = rows.slice(0, limit).map(issueOf);
    const last = nodes.at(-1);
    return { nodes, pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? encodeCursor([last.since, last.order.id]) : null } };
  }

  @NeedsScopes(['operations'])
  @Query(() => GraphOrderQueue, { description: 'How the orders on their way to a system stand as a whole, and why they wait.' })
  async orderQueue(@Arg('system', () => String, { nullable: true, description: 'Default: the system that takes orders.' }) system: string | null | undefined, @Ctx() { operator }: OrdersContext): Promise<GraphOrderQueue> {
    const { standing, ...queue } = await readQueueStanding(operator, system ?? null);
    return { ...queue, pausedSince: standing.pausedSince, reason: standing.windowReason ?? (standing.pausedSince === null ? null : standing.reason) };
  }

  @NeedsScopes(['operations'])
  @FieldResolver(() => [GraphOrderAuditEntry], { description: 'What was done to the order by hand or by decision, oldest first.' })
  async audit(@Root() { number }: OrderRecord, @Ctx() { database }: OrdersContext): Promise<readonly GraphOrderAuditEntry[]> {
    const entries = await readAudit(database, SCHEMA, number);
    return entries.map(({ detail, ...entry }) => ({ ...entry, at: entry.at as GraphOrderAuditEntry['at'], detail: JSON.stringify(detail) }));
  }
}
