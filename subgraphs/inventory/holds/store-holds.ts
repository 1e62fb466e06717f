import { createHash } from 'node:crypto';
import { numeric } from '../promise/position.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { HeldLine, Hold, HoldLine, HoldOutcome, HoldRequest, HoldState, ShortLine } from '../../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';

/** A hold with what only its owner and the orders side may know. */
export interface StoredHold extends Hold {
  readonly owner: string;
  readonly orderReference: string | null;
}

interface HoldRow {
  readonly id: string;
  readonly owner: string;
  readonly channel: string | null;
  readonly state: HoldState;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly order_reference: string | null;
  readonly lines: readonly { readonly sku: Sku; readonly locationCode: string; readonly quantity: string; readonly dueOn: CalendarDate | null }[];
  readonly basket: readonly HeldLine[];
}

// A hold past its expiry is EXPIRED to every reader, also in the milliseconds before the timer has written it down.
const SELECT_HOLD = `select hold.id, hold.owner, hold.channel, hold.created_at, hold.expires_at, hold.order_reference, hold.basket,
    case when hold.state = 'HELD' and hold.expires_at <= statement_timestamp() then 'EXPIRED' else hold.state end as state,
    (select jsonb_agg(jsonb_build_object('sku', sku, 'locationCode', location_code, 'quantity', quantity::text, 'dueOn', due_on) order by sku, location_code)
     from inventory.hold_line where hold_id = hold.id) as lines
  from inventory.hold where`;

const presentHold = (row: HoldRow): StoredHold => ({
  id: row.id,
  owner: row.owner,
  channel: row.channel,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  orderReference: row.order_reference,
  basket: row.basket,
  lines: row.lines.map((line) => ({ ...line, quantity: numeric(line.quantity) })),
});

/** Null when there is no such hold. */
export async function readHold(sql: Sql, holdId: string): Promise<StoredHold | null> {
  const [row] = await sql.query<HoldRow>(`${SELECT_HOLD} hold.id = $1`, [holdId]);
  return row ? presentHold(row) : null;
}

export async function readHoldsOfOrder(sql: Sql, orderReference: string): Promise<readonly StoredHold[]> {
  return (await sql.query<HoldRow>(`${SELECT_HOLD} hold.order_reference = $1`, [orderReference])).map(presentHold);
}

/** Up to `limit` holds whose time is over and that still count. */
export async function readOverdueHolds(sql: Sql, limit: number): Promise<readonly StoredHold[]> {
  const overdue = `hold.state = 'HELD' and hold.expires_at <= statement_timestamp() order by hold.expires_at limit ${limit}`;
  return (await sql.query<HoldRow>(`${SELECT_HOLD} ${overdue}`)).map(presentHold);
}

/** What the outside sees of a hold. */
export const publicHold = ({ id, state, channel, lines, basket, expiresAt, createdAt }: StoredHold): Hold => ({ id, state, channel, lines, basket, expiresAt, createdAt });

export const skusOf = (holds: readonly Hold[]): readonly Sku[] => [...new Set(holds.flatMap((hold) => hold.lines.map((line) => line.sku)))];

/** Writes a new hold, its ledger entries and its part of the counters. Rows must be locked and the quantities checked. */
export async function insertHold(tx: Sql, id: string, request: HoldRequest, lines: readonly HoldLine[]): Promise<void> {
  await tx.run(
    `insert into inventory.hold (id, owner, channel, state, created_at, expires_at)
     select $1, $2, $3, 'HELD', at, at + $4 * interval '1 second' from (select statement_timestamp() as at) as now`,
    [id, request.owner, request.channel, request.ttlSeconds],
  );
  await tx.run(
    `with line as (
       insert into inventory.hold_line (hold_id, sku, location_code, quantity)
       select $1, sku, "locationCode", quantity from jsonb_to_recordset($2::jsonb) as l(sku text, "locationCode" text, quantity numeric)
       returning sku, location_code, quantity
     ), counted as (
       update inventory.stock_level stock set held = stock.held + line.quantity, version = version + 1
       from line where stock.sku = line.sku and stock.location_code = line.location_code
     )
     insert into inventory.ledger (sku, location_code, hold_id, delta, reason) select sku, location_code, $1, quantity, 'HELD' from line`,
    [id, JSON.stringify(lines)],
  );
}

/** Two requests are the same when they ask for the same, however the lines are ordered or split. */
export function digestRequest(request: HoldRequest, demand: readonly { readonly sku: Sku; readonly quantity: string }[]): string {
  return createHash('sha256').update(JSON.stringify([demand, request.channel, request.ttlSeconds, request.replacesHoldId])).digest('hex');
}

export interface EarlierRequest {
  readonly digest: string;
  readonly outcome: HoldOutcome;
}

/**
 * Takes the idempotency key. Null: it is ours now. Otherwise the earlier request; while that one is still running this
 * waits for it, and takes the key over should it roll back.
 */
export async function claimRequest(tx: Sql, { owner, idempotencyKey }: HoldRequest, digest: string): Promise<EarlierRequest | null> {
  const claimed = await tx.run(
    'insert into inventory.hold_request (owner, idempotency_key, payload_digest) values ($1, $2, $3) on conflict do nothing',
    [owner, idempotencyKey, digest],
  );
  if (claimed === 1) return null;
  const [row] = await tx.query<{ payload_digest: string; hold_id: string | null; short_lines: readonly ShortLine[] | null }>(
    'select payload_digest, hold_id, short_lines from inventory.hold_request where owner = $1 and idempotency_key = $2',
    [owner, idempotencyKey],
  );
  const hold = row!.hold_id === null ? null : await readHold(tx, row!.hold_id);
  const outcome: HoldOutcome = hold ? { kind: 'HELD', hold: publicHold(hold) } : { kind: 'SHORT', lines: row!.short_lines ?? [] };
  return { digest: row!.payload_digest, outcome };
}

/** Keeps the answer beside its key. */
export async function recordOutcome(tx: Sql, { owner, idempotencyKey }: HoldRequest, outcome: HoldOutcome): Promise<void> {
  await tx.run('update inventory.hold_request set hold_id = $3, short_lines = $4::jsonb where owner = $1 and idempotency_key = $2', [
    owner, idempotencyKey, outcome.kind === 'HELD' ? outcome.hold.id : null, outcome.kind === 'SHORT' ? JSON.stringify(outcome.lines) : null,
  ]);
}
