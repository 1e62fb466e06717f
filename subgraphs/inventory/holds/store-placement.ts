import type { Sku } from '../../../domain/ids.ts';
import type { HeldLine, HoldLine, HoldOutcome, ShortLine } from '../../../domain/inventory.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Sql } from '../../../platform/stores/sql.ts';
import type { Decision } from './decide.ts';
import type { Demand } from './demand.ts';
import { publicHold, readHolds } from './store-holds.ts';

/* What a batch of requests reads of earlier ones and writes of its own: each one statement, however many requests. */

export interface Earlier {
  readonly digest: string;
  readonly outcome: HoldOutcome;
}

// One look-up by key for each, whatever the planner knew of the table when it made its plan.
const EARLIER = prepared(`select asked.position::integer as position, earlier.*
  from unnest($1::text[], $2::text[]) with ordinality as asked(owner, key, position) cross join lateral (
    select id, payload_digest as digest, state = 'REFUSED' as refused, short_lines from inventory.hold
    where owner = asked.owner and idempotency_key = asked.key limit 1
  ) earlier`);

interface EarlierRow {
  readonly position: number;
  readonly id: string;
  readonly digest: string;
  readonly refused: boolean;
  readonly short_lines: readonly ShortLine[] | null;
}

/**
 * What was answered to requests of the same owner and key before, by place in the batch: a hold in the state it has by now,
 * a refusal as it was. What is under way elsewhere is not seen; `writePlaced` meets it.
 */
export async function readEarlier(tx: Sql, batch: readonly Demand[]): Promise<ReadonlyMap<number, Earlier>> {
  const rows = await tx.query<EarlierRow>(EARLIER, [batch.map(({ request }) => request.owner), batch.map(({ request }) => request.idempotencyKey)]);
  if (rows.length === 0) return new Map();
  const holds = await readHolds(tx, rows.filter((row) => !row.refused).map((row) => row.id));
  return new Map(rows.map(({ position, id, digest, refused, short_lines }) => {
    const short = short_lines ?? [];
    return [position - 1, { digest, outcome: refused ? { kind: 'SHORT', lines: short } : { kind: 'HELD', hold: publicHold(holds.get(id)!), short } }];
  }));
}

/** A request that was decided, under the id its row gets. */
export interface Placed {
  readonly id: string;
  readonly demand: Demand;
  readonly decision: Decision;
}

const NEVER_READ_ROWS = prepared(`insert into inventory.stock_level (sku, location_code, on_hand, allocated, unsellable, basis, as_of)
  select sku, location_code, 0, 0, 0, 'ON_HAND', '-infinity' from unnest($1::text[], $2::text[]) as place(sku, location_code)
  order by sku, location_code on conflict do nothing`);

const PLACE = prepared(`with placed as (
    insert into inventory.hold (id, owner, channel, state, created_at, expires_at, idempotency_key, payload_digest, basket, short_lines)
    select id, owner, channel, case when refused then 'REFUSED' else 'HELD' end, statement_timestamp(),
      statement_timestamp() + ttl * interval '1 second', key, digest, basket, short
    from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::integer[], $6::text[], $7::text[], $8::jsonb[], $9::jsonb[])
      as request(id, owner, channel, refused, ttl, key, digest, basket, short)
  ), line as (
    select * from unnest($10::text[], $11::text[], $12::text[], $13::numeric[], $14::date[]) as l(hold_id, sku, location_code, quantity, due_on)
  ), held as (
    insert into inventory.hold_line (hold_id, sku, location_code, quantity, due_on) select hold_id, sku, location_code, quantity, due_on from line
  ), booked as (
    insert into inventory.ledger (sku, location_code, hold_id, delta, reason) select sku, location_code, hold_id, quantity, 'HELD' from line
  ), place as (
    select sku, location_code, coalesce(sum(quantity) filter (where due_on is null), 0) as undated, coalesce(sum(quantity) filter (where due_on is not null), 0) as dated
    from line group by sku, location_code
  ), counted as (
    update inventory.stock_level stock set held = stock.held + place.undated, held_dated = stock.held_dated + place.dated, version = version + 1
    from place where stock.sku = place.sku and stock.location_code = place.location_code returning 1
  )
  select statement_timestamp() as at, (select count(*) from place) = (select count(*) from counted) as complete`);

/**
 * Writes what was decided: holds and refusals under their keys, lines, ledger and counters. SKUs must be locked, quantities
 * decided on. Answers when, by the database's clock. Waits for a key that is being used elsewhere, and fails (unique
 * violation) once it was: what it was answered can then be read.
 */
export async function writePlaced(tx: Sql, placed: readonly Placed[]): Promise<Instant> {
  const lines = placed.flatMap(({ id, decision }) => (decision.kind === 'HELD' ? decision.lines.map((line) => ({ id, line })) : []));
  await openCounters(tx, lines.map(({ line }) => line));
  const [row] = await tx.query<{ at: Instant; complete: boolean }>(PLACE, [...holdColumns(placed), ...lineColumns(lines)]);
  if (!row!.complete) throw new Error('a hold takes from a place without a stock row');
  return row!.at;
}

/** Goods on their way may be held where nothing has ever been: their counter needs a row, which is no reading of anything. */
async function openCounters(tx: Sql, lines: readonly HoldLine[]): Promise<void> {
  const dated = lines.filter((line) => line.dueOn !== null);
  if (dated.length > 0) await tx.run(NEVER_READ_ROWS, [dated.map((line) => line.sku), dated.map((line) => line.locationCode)]);
}

const NO_BASKET = '[]';
const basketOf = (decision: Decision): string => (decision.kind === 'HELD' ? JSON.stringify(decision.basket satisfies readonly HeldLine[]) : NO_BASKET);

const holdColumns = (placed: readonly Placed[]): unknown[] => [
  placed.map(({ id }) => id),
  placed.map(({ demand }) => demand.request.owner),
  placed.map(({ demand }) => demand.request.channel),
  placed.map(({ decision }) => decision.kind === 'SHORT'),
  placed.map(({ demand }) => demand.request.ttlSeconds),
  placed.map(({ demand }) => demand.request.idempotencyKey),
  placed.map(({ demand }) => demand.digest),
  placed.map(({ decision }) => basketOf(decision)),
  placed.map(({ decision }) => (decision.short.length > 0 ? JSON.stringify(decision.short) : null)),
];

const lineColumns = (lines: readonly { readonly id: string; readonly line: HoldLine }[]): unknown[] => [
  lines.map(({ id }) => id),
  lines.map(({ line }): Sku => line.sku),
  lines.map(({ line }) => line.locationCode),
  lines.map(({ line }) => line.quantity),
  lines.map(({ line }) => line.dueOn),
];
