import { decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { dayOf, instant } from '../../../domain/time.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { lockSkus } from '../sku-lock.ts';
import { readSupply } from '../supply/store-positions.ts';
import { announceShares } from './announce-shares.ts';
import { settleMoves, type Move } from './moves.ts';
import { elapsedPercentOf, findSurplus, type Surplus } from './reallocation.ts';
import type { Reallocation } from './rule.ts';
import { standingsOf, type SkuStanding, type StandingTools } from './standing.ts';
import { SETTLED, writeMoves, type AuditedMove } from './store-moves.ts';
import { announceNoted } from './store-notices.ts';
import { rollOverPeriods, sweepEndedPeriods } from './store-periods.ts';

export interface RebalanceTools extends StandingTools {
  readonly database: Database;
}

/** A rule whose channels' pace is due to be looked at. */
interface DueRule {
  readonly code: string;
  readonly period: string;
  readonly covers: 'LISTED' | 'ALL';
  readonly periodHours: number;
  readonly reallocation: Reallocation;
}

/** So often a rule is looked at within a period. */
const LOOKS_PER_PERIOD = 50;
const PAGE = 100;

const DUE = `select code, period::text as period, covers, period_hours as "periodHours",
    jsonb_build_object('afterPercent', realloc_after::text, 'safetyFactor', realloc_safety::text) as reallocation
  from inventory.allocation_rule
  where realloc_after is not null and evaluated_at + period_hours * interval '1 hour' / ${LOOKS_PER_PERIOD} <= clock_timestamp() order by code`;

/**
 * One round: periods that are over get a successor, what was moved in them is undone, changes are announced, and where a
 * rule is due, channels that sell below their pace return their surplus. One process does it, the others pass. What a stop
 * leaves undone is done by the next round.
 */
export async function runAllocationRound(tools: RebalanceTools, isStopped = (): boolean => false): Promise<void> {
  const { database, clock } = tools;
  await database.tryWithLock('inventory allocation', async () => {
    await rollOverPeriods(database);
    while (!isStopped() && (await sweepEndedPeriods(database, instant(clock.now()))) > 0);
    while (!isStopped() && (await announceNoted(database, instant(clock.now()))));
    for (const rule of await database.query<DueRule>(DUE)) await rebalanceRule(tools, rule, isStopped);
  });
}

/** Only SKUs somebody sells are looked at: of one nobody buys, nobody needs more. */
async function rebalanceRule(tools: RebalanceTools, rule: DueRule, isStopped: () => boolean): Promise<void> {
  const { database } = tools;
  let after: Sku | null = null;
  for (;;) {
    if (isStopped()) return;
    const skus: readonly Sku[] = (await database.query<{ sku: Sku }>(
      `select distinct use.sku from inventory.channel_use use left join inventory.allocation_sku listed on listed.sku = use.sku
       where use.period = $1 and use.used > 0 and ($2::text is null or use.sku > $2)
         and (listed.rule_code = $3 or (listed.rule_code is null and $4 = 'ALL')) order by use.sku limit ${PAGE}`,
      [rule.period, after, rule.code, rule.covers],
    )).map((row) => row.sku);
    if (skus.length > 0 && !(await database.transaction((tx) => rebalancePage(tools, tx, rule, skus)))) return;
    if (skus.length < PAGE) break;
    after = skus.at(-1)!;
  }
  await database.run('update inventory.allocation_rule set evaluated_at = clock_timestamp() where code = $1 and period = $2', [rule.code, rule.period]);
}

/** False: the period has ended meanwhile. */
async function rebalancePage({ clock, policy }: RebalanceTools, tx: Sql, rule: DueRule, skus: readonly Sku[]): Promise<boolean> {
  await lockSkus(tx, skus);
  const [row] = await tx.query<{ elapsed: string }>(
    `select trunc(extract(epoch from clock_timestamp() - began_at) * 1000)::text as elapsed from inventory.allocation_rule where code = $1 and period = $2 for share`,
    [rule.code, rule.period],
  );
  if (!row) return false;
  const elapsed = elapsedPercentOf(decimal(row.elapsed), rule.periodHours);
  const at = instant(clock.now());
  const asked = new Set(skus);
  const standings = standingsOf(await readSupply(tx, skus), dayOf(at), policy).filter(({ sku }) => asked.has(sku));
  const moves = standings.flatMap((standing) => movesOf(rule, standing, findSurplus(standing.standing, elapsed, rule.reallocation, standing.quantityDigits)));
  if (moves.length === 0) return true;
  await writeMoves(tx, rule, moves);
  await announceShares(tx, [...new Set(moves.map((move) => move.sku))], at);
  return true;
}

function movesOf({ code }: DueRule, { sku, standing }: SkuStanding, surpluses: readonly Surplus[]): readonly AuditedMove[] {
  if (surpluses.length === 0) return [];
  const found = new Map(surpluses.map((surplus): [Move, Surplus] => [{ from: surplus.channel, to: null, quantity: surplus.quantity }, surplus]));
  return settleMoves(standing, [...found.keys()]).map((move): AuditedMove => {
    const surplus = found.get(move);
    if (!surplus) return { ...move, sku, cause: 'SETTLED', movedBy: `rule:${code}`, reason: SETTLED, figures: null };
    return { ...move, sku, cause: 'SELL_THROUGH', movedBy: `rule:${code}`, reason: explain(surplus), figures: surplus.restsOn };
  });
}

const explain = ({ restsOn: { soldPercent, elapsedPercent, need, kept } }: Surplus): string =>
  `sold ${soldPercent} % of its share in ${elapsedPercent} % of the period; needs ${need} more at this pace, keeps ${kept}`;

/** Repeats rounds until stopped. */
export function startAllocationRounds(tools: RebalanceTools & { readonly log: Log; readonly intervalMs: number }): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  let stopped = false;
  const timer = setInterval(() => {
    running ??= runAllocationRound(tools, () => stopped)
      .catch((error: Error) => tools.log.warn({ error: error.message }, 'channel allocation could not be looked after; it is tried again'))
      .finally(() => (running = null));
  }, tools.intervalMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
