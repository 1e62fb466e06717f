import type { Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { lockSkus } from '../sku-lock.ts';
import { announceShares } from './announce-shares.ts';
import { lockRules } from './store-rules.ts';

/*
 * A period ends by getting a successor, in one statement however many SKUs it covers: use and moves of another period
 * count for nothing from then on, because what they are subtracted from is counted anew. Only the moves are written down
 * as undone, SKU by SKU, afterwards.
 */

/** Begins a new period at once: what can be sold now is shared out anew. */
export async function restartPeriod(tx: Sql, code: string): Promise<void> {
  await endPeriod(tx, code, 'RULE_CHANGED');
  await tx.run(
    `with next as (
       update inventory.allocation_rule set period = nextval('inventory.allocation_period_number'), began_at = at, evaluated_at = at
       from (select clock_timestamp() as at) as now where code = $1 returning code, period, began_at
     )
     insert into inventory.allocation_period (period, rule_code, began_at) select period, code, began_at from next`,
    [code],
  );
}

export const endPeriod = (tx: Sql, code: string, reason: 'RULE_CHANGED' | 'RULE_REMOVED'): Promise<unknown> =>
  tx.run('update inventory.allocation_period set ended_at = clock_timestamp(), end_reason = $2 where rule_code = $1 and ended_at is null', [code, reason]);

const DUE = `began_at + period_hours * interval '1 hour' <= clock_timestamp()`;

/** Begins the next period of every rule whose period is over; one that was missed altogether is left out. Answers how many. */
export async function rollOverPeriods(database: Database): Promise<number> {
  const due = await database.query(`select from inventory.allocation_rule where ${DUE}`);
  if (due.length === 0) return 0;
  return database.transaction(async (tx) => {
    await lockRules(tx);
    return tx.run(
      `with due as (
         select code, period as old, began_at + floor(extract(epoch from clock_timestamp() - began_at) / (period_hours * 3600)) * period_hours * interval '1 hour' as begins_at
         from inventory.allocation_rule where ${DUE} for update
       ), next as (
         update inventory.allocation_rule rule set period = nextval('inventory.allocation_period_number'), began_at = due.begins_at, evaluated_at = due.begins_at
         from due where rule.code = due.code returning rule.code, rule.period, rule.began_at
       ), ended as (
         update inventory.allocation_period period set ended_at = clock_timestamp(), end_reason = 'PERIOD_ENDED' from due where period.period = due.old
       )
       insert into inventory.allocation_period (period, rule_code, began_at) select period, code, began_at from next`,
    );
  });
}

const SWEEP_BATCH = 200;

const ENDED = `select distinct use.sku from inventory.channel_use use join inventory.allocation_period period using (period)
  where period.ended_at is not null order by use.sku limit ${SWEEP_BATCH}`;

/** Undoes and audits what was moved in periods that have ended, and forgets their use. Answers how many SKUs; call again until none. */
export async function sweepEndedPeriods(database: Database, at: Instant): Promise<number> {
  const skus = (await database.query<{ sku: Sku }>(ENDED)).map((row) => row.sku);
  if (skus.length === 0) return 0;
  await database.transaction(async (tx) => {
    await lockSkus(tx, skus);
    await tx.run(
      `with ended as materialized (select period, rule_code, ended_at, end_reason from inventory.allocation_period where ended_at is not null
       ), lines as (
         delete from inventory.channel_use_line line using ended where line.period = ended.period and line.sku = any($1::text[])
       ), gone as (
         delete from inventory.channel_use use using ended where use.period = ended.period and use.sku = any($1::text[])
         returning use.sku, use.channel, use.period, use.moved, ended.rule_code, ended.end_reason, ended.ended_at
       )
       insert into inventory.allocation_move (sku, rule_code, period, from_channel, to_channel, quantity, cause, moved_by, reason, at)
       select sku, rule_code, period, case when moved > 0 then channel end, case when moved < 0 then channel end, abs(moved), end_reason,
         'rule:' || rule_code, 'the period has ended: what was moved in it is undone', ended_at
       from gone where moved <> 0 order by sku, channel`,
      [skus],
    );
    await announceShares(tx, skus, at);
  });
  return skus.length;
}
