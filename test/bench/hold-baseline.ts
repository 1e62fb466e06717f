import type { HoldRequest } from '../../domain/inventory.ts';
import { prepared, type Database } from '../../platform/stores/sql.ts';
import { createTimeOrderedIds } from '../../subgraphs/inventory/holds/hold-id.ts';
import { systemClock } from '../../platform/clock.ts';
import type { PlaceHold } from './hold-load.ts';

/**
 * The yardstick: one prepared statement per hold, in autocommit, with the same durable rows - hold with its key, line,
 * ledger, counter - and the check in the same statement. It leaves out what ours does besides: kits, dates, sourcing over
 * locations, expired holds, channel shares, change events.
 */
const ONE_HOLD = prepared(`with taken as (
    update inventory.stock_level set held = held + $6::numeric, version = version + 1
    where sku = $4 and location_code = $5 and on_hand - unsellable - allocated - held >= $6::numeric returning 1
  ), placed as (
    insert into inventory.hold (id, owner, channel, state, created_at, expires_at, idempotency_key, payload_digest, basket)
    select $1, $2, null, 'HELD', statement_timestamp(), statement_timestamp() + $7 * interval '1 second', $3, $8, $9 from taken
  ), line as (
    insert into inventory.hold_line (hold_id, sku, location_code, quantity) select $1, $4, $5, $6 from taken
  )
  insert into inventory.ledger (sku, location_code, hold_id, delta, reason) select $4, $5, $1, $6, 'HELD' from taken`);

const DIGEST = '0'.repeat(64);

export function placeOneByOne(database: Database): PlaceHold {
  const newId = createTimeOrderedIds(systemClock);
  return async ({ owner, idempotencyKey, lines: [line], ttlSeconds }: HoldRequest) => {
    const { sku, quantity } = line!;
    const basket = JSON.stringify([{ sku, requested: quantity, held: quantity, backordered: '0', promisedOn: null }]);
    const written = await database.run(ONE_HOLD, [newId(), owner, idempotencyKey, sku, 'A', quantity, ttlSeconds, DIGEST, basket]);
    return { kind: written === 1 ? 'HELD' : 'SHORT' };
  };
}
