import { numeric } from '../promise/position.ts';
import type { HeldLine, Hold, HoldLine, HoldState } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';

/** A hold with what only its owner and the orders side may know. */
export interface StoredHold extends Hold {
  readonly owner: string;
  readonly orderReference: string | null;
  readonly extendedAt: Instant | null;
}

interface HoldRow {
  readonly id: string;
  readonly owner: string;
  readonly channel: string | null;
  readonly state: HoldState;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly order_reference: string | null;
  readonly extended_at: Instant | null;
  readonly lines: readonly HoldLine[] | null;
  readonly basket: readonly HeldLine[];
}

// A hold past its expiry is EXPIRED to every reader, also in the milliseconds before the timer has written it down.
const SELECT_HOLD = `select hold.id, hold.owner, hold.channel, hold.created_at, hold.expires_at, hold.order_reference, hold.extended_at, hold.basket,
    case when hold.state = 'HELD' and hold.expires_at <= statement_timestamp() then 'EXPIRED' else hold.state end as state,
    (select jsonb_agg(jsonb_build_object('sku', sku, 'locationCode', location_code, 'quantity', quantity::text, 'dueOn', due_on) order by sku, location_code)
     from inventory.hold_line where hold_id = hold.id) as lines
  from inventory.hold where hold.state <> 'REFUSED' and`;

const BY_ID = prepared(`${SELECT_HOLD} hold.id = any($1::text[])`);
const BY_ORDER = prepared(`${SELECT_HOLD} hold.order_reference = $1`);

const presentHold = (row: HoldRow): StoredHold => ({
  id: row.id,
  owner: row.owner,
  channel: row.channel,
  state: row.state,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  orderReference: row.order_reference,
  extendedAt: row.extended_at,
  basket: row.basket,
  lines: (row.lines ?? []).map((line) => ({ ...line, quantity: numeric(line.quantity) })),
});

/** Null when there is no such hold. */
export async function readHold(sql: Sql, holdId: string): Promise<StoredHold | null> {
  return (await readHolds(sql, [holdId])).get(holdId) ?? null;
}

/** Those there are, by id. */
export async function readHolds(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, StoredHold>> {
  if (ids.length === 0) return new Map();
  return new Map((await sql.query<HoldRow>(BY_ID, [ids])).map((row) => [row.id, presentHold(row)]));
}

export async function readHoldsOfOrder(sql: Sql, orderReference: string): Promise<readonly StoredHold[]> {
  return (await sql.query<HoldRow>(BY_ORDER, [orderReference])).map(presentHold);
}

/** What the outside sees of a hold. */
export const publicHold = ({ id, state, channel, lines, basket, expiresAt, createdAt }: StoredHold): Hold => ({ id, state, channel, lines, basket, expiresAt, createdAt });
