import type { Log } from '../../../platform/log.ts';
import { prepared, type Database } from '../../../platform/stores/sql.ts';

/** So long a key goes on answering what it answered, and what became of a hold can be asked. The ledger stays for ever. */
const KEPT = `interval '30 days'`;
const BATCH = 1_000;
const EVERY_MS = 60_000;

const SETTLE = prepared(`update inventory.hold set settled_at = statement_timestamp()
  where state = 'COMMITTED' and accepted_at is not null and settled_at is null
    and not exists (select from inventory.hold_line line where line.hold_id = hold.id and line.open)`);

const PRUNE = prepared(`with old as materialized (
    select id from inventory.hold where created_at < statement_timestamp() - ${KEPT} and expires_at < statement_timestamp() - ${KEPT}
      and (state in ('RELEASED', 'EXPIRED', 'REFUSED') or (state = 'COMMITTED' and settled_at < statement_timestamp() - ${KEPT}))
    limit ${BATCH}
  ), lines as (
    delete from inventory.hold_line using old where hold_line.hold_id = old.id
  )
  delete from inventory.hold using old where hold.id = old.id`);

/** Notes which orders the ERP's figures contain by now, and forgets what ended long ago. Answers how many holds and refusals left. */
export async function pruneHolds(database: Database): Promise<number> {
  await database.run(SETTLE);
  let pruned = 0;
  for (let count = BATCH; count === BATCH; pruned += count) count = await database.run(PRUNE);
  return pruned;
}

export function startPruning(database: Database, log: Log): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => pruneHolds(database)).catch((error: Error) => log.warn({ error: error.message }, 'old holds could not be pruned; it is tried again'));
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
