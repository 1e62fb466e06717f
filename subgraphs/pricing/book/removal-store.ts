import type { RuleRemovals } from '../../../domain/connector.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { PRICE_RULES } from './tables.ts';

/** How often the source is asked when nothing says that something changed. */
const EVERY_S = 60;
/** Failing for so long is worth a word in health: until then the daily pass is what finds removals. */
const LASTING_S = 300;

/** A full pass that took longer is followed by as long without another, so that who deletes by the hour delays no change; up to a limit. */
const LONG_PASS_S = 10;
const LONGEST_REST_S = 900;

export interface WatchState {
  readonly mark: string | null;
  readonly fullOwed: boolean;
  /** A full pass is not due yet again. */
  readonly resting: boolean;
  /** It was asked longer ago than it is asked by itself, or never. */
  readonly due: boolean;
  readonly failing: boolean;
  /** References the mark may not know. */
  readonly listed: readonly string[];
}

export async function readWatch(sql: Sql): Promise<WatchState> {
  const [state] = await sql.query<WatchState>(
    `select mark, full_owed_since is not null as "fullOwed", failing_since is not null as failing, coalesce(rest_until > clock_timestamp(), false) as resting,
       asked_at is null or asked_at <= clock_timestamp() - make_interval(secs => ${EVERY_S}) as due,
       (select coalesce(jsonb_agg(reference), '[]') from pricing.rule_unmarked) as listed
     from pricing.rule_removal_watch`,
  );
  return state!;
}

/** Keeps what the source answered to what was asked of `asked`; a mark somebody else has moved meanwhile stays. */
export async function keepAnswer(database: Database, asked: WatchState, { mark }: Pick<RuleRemovals, 'mark'>, owesFull: boolean): Promise<void> {
  await database.transaction(async (tx) => {
    const kept = await tx.run(
      `update pricing.rule_removal_watch set asked_at = clock_timestamp(), failing_since = null, last_error = null,
         mark = case when $2 then mark else $1 end, next_mark = case when $2 then $1 end,
         full_owed_since = case when $2 then coalesce(full_owed_since, clock_timestamp()) end
       where mark is not distinct from $3`,
      [mark, owesFull, asked.mark],
    );
    // Each of them is known to the new mark, or the full pass that is owed no longer sees it.
    if (kept > 0) await tx.run('delete from pricing.rule_unmarked where reference = any($1)', [asked.listed]);
  });
}

export const keepFailure = (sql: Sql, message: string): Promise<number> =>
  sql.run('update pricing.rule_removal_watch set asked_at = clock_timestamp(), failing_since = coalesce(failing_since, clock_timestamp()), last_error = $1', [message]);

/** In the transaction that closes a full pass: what that saw is what the mark stands for. */
export const settleMark = (tx: Sql): Promise<number> =>
  tx.run(
    `update pricing.rule_removal_watch set mark = coalesce(next_mark, mark), next_mark = null, full_owed_since = null,
       rest_until = (select clock_timestamp() + least(took, make_interval(secs => ${LONGEST_REST_S})) from (select clock_timestamp() - asked_at as took) pass
         where took > make_interval(secs => ${LONG_PASS_S}))`,
  );

/**
 * Before rules are stored: remembers those that are new to us. Not in the first pass, which would remember all of them: what
 * is made and deleted while that runs is found by the next full one.
 */
export const rememberListed = (tx: Sql, references: readonly string[]): Promise<number> =>
  tx.run(
    `insert into pricing.rule_unmarked select distinct r from unnest($1::text[]) r
     where exists (select from pricing.feed where name = $2 and last_full_at is not null)
       and not exists (select from pricing.price_rule t where t.reference = r)
     on conflict do nothing`,
    [references, PRICE_RULES.feed],
  );

/** One sentence where the source has not answered for long. */
export async function reasonsOfRemovalWatch(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.query<{ since: string; error: string }>(
    `select failing_since as since, last_error as error from pricing.rule_removal_watch where failing_since < clock_timestamp() - make_interval(secs => ${LASTING_S})`,
  );
  return rows.map(({ since, error }) =>
    `since ${since} the source does not say whether price rules were deleted there; those that were are served until the daily full pass, or POST /operations/resync: ${error}`);
}
