import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { numeric } from '../promise/position.ts';
import type { Move } from './moves.ts';
import type { AllocationMove, MoveCause, SellThrough } from './rule.ts';

/** A move and why it is made. */
export interface AuditedMove extends Move {
  readonly sku: Sku;
  readonly cause: MoveCause;
  readonly movedBy: string;
  readonly reason: string;
  readonly figures: SellThrough | null;
}

/** The reason of a move that only sets right what others rest on, see `settleMoves`. */
export const SETTLED = 'what was drawn from the pool, or moved and is not there any more, is settled first';

/**
 * Makes moves in the period of the rule that covers the SKUs, and writes down who, what and why, in one statement. SKUs
 * must be locked and the quantities decided on.
 */
export async function writeMoves(tx: Sql, rule: { readonly code: string; readonly period: string }, moves: readonly AuditedMove[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.run(
    `with move as (
       select * from jsonb_to_recordset($3::jsonb) as m(sku text, "from" text, "to" text, quantity numeric, cause text, "movedBy" text, reason text, figures jsonb, place integer)
     ), change as (
       select sku, channel, sum(quantity) as moved
       from (select sku, "from" as channel, -quantity as quantity from move union all select sku, "to", quantity from move) part
       where channel is not null group by sku, channel
     ), moved as (
       insert into inventory.channel_use as use (sku, channel, period, moved) select sku, channel, $2::bigint, moved from change
       on conflict (sku, channel, period) do update set moved = use.moved + excluded.moved
     )
     insert into inventory.allocation_move (sku, rule_code, period, from_channel, to_channel, quantity, cause, moved_by, reason, figures)
     select sku, $1, $2::bigint, "from", "to", quantity, cause, "movedBy", reason, figures from move order by place`,
    [rule.code, rule.period, JSON.stringify(moves.map((move, place) => ({ ...move, place })))],
  );
}

interface MoveRow {
  readonly id: string;
  readonly sku: Sku;
  readonly rule_code: string;
  readonly from_channel: ChannelCode | null;
  readonly to_channel: ChannelCode | null;
  readonly quantity: string;
  readonly cause: MoveCause;
  readonly moved_by: string;
  readonly reason: string;
  readonly figures: SellThrough | null;
  readonly at: Instant;
}

const present = (row: MoveRow): AllocationMove => ({
  id: row.id, sku: row.sku, ruleCode: row.rule_code, from: row.from_channel, to: row.to_channel, quantity: numeric(row.quantity), cause: row.cause,
  movedBy: row.moved_by, reason: row.reason, figures: row.figures, at: row.at,
});

/** Up to `limit` moves of a SKU, the newest first, those before `beforeId` where given. */
export async function readMoves(sql: Sql, sku: Sku, limit: number, beforeId: string | null): Promise<readonly AllocationMove[]> {
  const rows = await sql.query<MoveRow>(
    `select id::text, sku, rule_code, from_channel, to_channel, quantity, cause, moved_by, reason, figures, at
     from inventory.allocation_move where sku = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [sku, beforeId, limit],
  );
  return rows.map(present);
}
