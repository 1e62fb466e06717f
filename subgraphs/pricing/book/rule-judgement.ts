import type { FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { findCycle, type BaseLink } from './list-cycles.ts';
import { canConvert, readRatePairs } from './rate-store.ts';
import { CURRENCY_PAIRS, withCurrencies, withUnknownList, type RuleTable } from './rule-questions.sql.ts';

/** Rules of one of the tables that cannot be computed by: the list they are of, or are based on, is unknown, or no rate is. */
export async function findIncomputable(tx: Sql, table: RuleTable, baseListCode: string | null): Promise<ReadonlyMap<string, string>> {
  const [lists, rates] = await Promise.all([findUnknownLists(tx, table), findMissingRates(tx, table, baseListCode)]);
  return new Map([...rates, ...lists]);
}

async function findUnknownLists(tx: Sql, table: RuleTable): Promise<readonly (readonly [string, string])[]> {
  const rows = await tx.query<{ reference: string; code: string }>(withUnknownList(table));
  return rows.map(({ reference, code }) => [reference, `price list ${JSON.stringify(code)} is not among those of the source: add it there, or remove the rule`] as const);
}

async function findMissingRates(tx: Sql, table: RuleTable, baseListCode: string | null): Promise<readonly (readonly [string, string])[]> {
  const [told, needed] = await Promise.all([readRatePairs(tx), tx.query<{ into: string; from: string }>(CURRENCY_PAIRS)]);
  const isMissing = (from: string, into: string): boolean => !canConvert(told, from, into);
  const troubled = new Set(needed.flatMap(({ from, into }) => (isMissing(from, into) ? [into] : [])));
  if (troubled.size === 0) return [];
  const rows = await tx.query<{ reference: string; into: string; from: readonly (string | null)[] }>(withCurrencies(table), [baseListCode, [...troubled].sort()]);
  return rows.flatMap(({ reference, into, from }) => {
    const missing = [...from].sort().find((code) => code !== null && isMissing(code, into));
    return missing == null ? [] : [[reference, `is computed in ${into} from an amount in ${missing}, and no rate between them is known: add one`] as const];
  });
}

/** How what is wrong with a rule beside others is said, overlaps included. */
export const RULE_PATTERNS: readonly string[] = ['holds % and so overlaps with %', 'price list % is not among those of the source: %', 'is computed in % and no rate between them is known: %', 'the price list is based on itself: %'];

const BASED_ON_ITSELF = 'the price list is based on itself: ';

/**
 * Names the rules that base a list on itself. They stay served: only there does a later change of another rule mend them, and
 * every price that would follow such a circle is refused.
 */
export async function findCycles(tx: Sql): Promise<readonly FeedRejection[]> {
  const links = await tx.query<BaseLink>(
    'select distinct price_list_code as list, base_list_code as base from pricing.price_rule where base_list_code is not null order by 1, 2',
  );
  const circles = links.flatMap((link) => {
    const cycle = findCycle(links, link);
    return cycle === null ? [] : [{ ...link, reason: `${BASED_ON_ITSELF}${cycle.join(' -> ')}` }];
  });
  if (circles.length === 0) return [];
  return tx.query<FeedRejection>(
    `select r.reference as key, c.reason from jsonb_to_recordset($1::jsonb) as c(list text, base text, reason text)
     join pricing.price_rule r on r.price_list_code = c.list and r.base_list_code = c.base order by 1`,
    [JSON.stringify(circles)],
  );
}
