import type { Migration } from '../../../platform/stores/migrate.ts';

/*
 * A hold of one line costs six index entries in three tables. What is not there, and why:
 *   - foreign keys from lines and ledger to their hold: checked row by row, by trigger, in the busiest transaction there is.
 *     Both rows are written by the one statement that writes the hold, and holds leave only together with their lines.
 *   - a table of requests beside the holds: a key belongs to one hold or one refusal, and both are rows of `hold`.
 *   - an index on open lines: they are reached through their hold, by expiry or by the order that waits for the ERP.
 * Ids are compared by bytes: they are made in the order of time and mean nothing in any language.
 */

const REQUESTS = `
  alter table inventory.hold
    alter column id type text collate "C", alter column owner type text collate "C",
    add column idempotency_key text collate "C", add column payload_digest text collate "C",
    -- Lines that could not be had: why a request was refused, or what a partial hold leaves out.
    add column short_lines jsonb,
    -- When the last line left the ledger because the ERP's figures contain the order.
    add column settled_at timestamptz;
  alter table inventory.hold drop constraint hold_state_check;
  -- REFUSED: never a hold, but the answer its key gets again.
  alter table inventory.hold add constraint hold_state_check check (state in ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED', 'REFUSED'));
  update inventory.hold set idempotency_key = request.idempotency_key, payload_digest = request.payload_digest
    from inventory.hold_request request where request.hold_id = hold.id;
  insert into inventory.hold (id, owner, state, created_at, expires_at, idempotency_key, payload_digest, short_lines)
    select gen_random_uuid()::text, owner, 'REFUSED', created_at, created_at, idempotency_key, payload_digest, coalesce(short_lines, '[]')
    from inventory.hold_request where hold_id is null;
  drop table inventory.hold_request;
  create unique index hold_key on inventory.hold (owner, idempotency_key);
  create index hold_created on inventory.hold using brin (created_at);`;

const LINES = `
  alter table inventory.hold_line drop constraint hold_line_hold_id_fkey;
  alter table inventory.hold_line alter column hold_id type text collate "C";
  drop index inventory.hold_line_open;
  create index hold_line_dated on inventory.hold_line (sku) where due_on is not null;
  -- Room to close a line in its page: no index knows whether it is open.
  alter table inventory.hold_line set (fillfactor = 85);`;

const LEDGER = `
  alter table inventory.ledger drop constraint ledger_hold_id_fkey, drop constraint ledger_pkey;
  alter table inventory.ledger alter column hold_id type text collate "C";`;

const SETTLED = `
  update inventory.hold set settled_at = clock_timestamp() where state = 'COMMITTED' and accepted_at is not null
    and not exists (select from inventory.hold_line line where line.hold_id = hold.id and line.open);
  drop index inventory.hold_accepted;
  -- Orders the ERP has taken and whose goods we still subtract: few, for the next reading ends them.
  create index hold_unsettled on inventory.hold (accepted_at) where state = 'COMMITTED' and accepted_at is not null and settled_at is null;`;

/*
 * A dated hold may take from a location that has nothing but receipts. Its counters need a stock row: one that was never
 * read, with figures of zero and \`as_of\` = -infinity. Any reading is newer; it is no reading itself.
 */
export const holdsInBatches: Migration = { name: '0003-holds-in-batches', sql: [REQUESTS, LINES, LEDGER, SETTLED].join('\n') };
