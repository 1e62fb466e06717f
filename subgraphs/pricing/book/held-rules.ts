import type { FeedRejection } from '../../../platform/feed.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { mirrorRows } from '../../frame/mirror-table.ts';
import { isExamined, lockState, markExamined } from './book-state.ts';
import type { Held } from './mirror.ts';
import type { RowGate } from './row-gate.ts';
import { findCycles, findIncomputable } from './rule-judgement.ts';
import { complainAboutOverlap, settleOverlaps } from './rule-overlaps.ts';
import { HELD_OVERLAPPING, SERVED_BESIDE_HELD, SERVED_OVERLAPPING } from './rule-questions.sql.ts';
import { admitRows, SERVED_RULES, touchRows } from './served-table.ts';
import { HELD_RULES, PRICE_RULES, type PriceRuleRow } from './tables.ts';

const NAMES = Object.keys(PRICE_RULES.columns);
const COLUMNS = NAMES.map((name) => `r.${name}`).join(', ');
const OTHERS = NAMES.filter((name) => name !== 'reference' && name !== 'amount');
const INCOMING = Object.entries(PRICE_RULES.columns).map(([name, type]) => `${name} ${type}`).join(', ');

/**
 * Whether two rules contradict each other is known when the pass has shown all of them, and must not depend on which came first.
 * So a rule that is new, or differs in more than its amount, waits for the end of its pass, and so does one that was refused
 * there before. The old rows of those that wait count as seen. In the first pass none does: see `examineRules`.
 */
export async function holdRules(tx: Sql, rows: readonly PriceRuleRow[]): Promise<Held<PriceRuleRow>> {
  if (!(await isExamined(tx))) return { ready: rows, held: 0 };
  const waiting = await tx.query<{ reference: string }>(
    `select i.reference from jsonb_to_recordset($1::jsonb) as i(${INCOMING}) left join pricing.price_rule t on t.reference = i.reference
     where t.reference is null or (${OTHERS.map((name) => `t.${name}`).join(', ')}) is distinct from (${OTHERS.map((name) => `i.${name}`).join(', ')})
       or exists (select from pricing.price_rule_held h where h.reference = i.reference)`,
    [JSON.stringify(rows)],
  );
  if (waiting.length === 0) return { ready: rows, held: 0 };
  const references = new Set(waiting.map(({ reference }) => reference));
  const held = await mirrorRows(tx, HELD_RULES, rows.filter((row) => references.has(row.reference)));
  await touchRows(tx, PRICE_RULES, [...references]);
  return { ready: rows.filter((row) => !references.has(row.reference)), held: held.length };
}

export const forgetRules = (tx: Sql, references: readonly string[]): Promise<number> => tx.run('delete from pricing.price_rule_held where reference = any($1)', [references]);

/** What a full pass no longer saw need not wait any longer. */
export const dropUnseenRules = (tx: Sql, passStartedAt: string): Promise<number> => tx.run('delete from pricing.price_rule_held where seen_at < $1', [passStartedAt]);

export interface SettleTools {
  readonly gate: RowGate;
  readonly at: Instant;
  /** The list LIST is read from, where the source has one. */
  readonly baseListCode: string | null;
}

const BATCH = 1_000;

/** At the end of a pass: serves what has waited and contradicts nothing. Answers every rule that is refused for what others say. */
export async function settleRules(tx: Sql, tools: SettleTools): Promise<readonly FeedRejection[]> {
  if (!(await isExamined(tx))) return [];
  const incomputable = await findIncomputable(tx, 'pricing.price_rule_held', tools.baseListCode);
  const contested = await settleContested(tx, incomputable);
  await serveHeld(tx, tools, [...contested.keys()], [...incomputable.keys()]);
  const rejected = new Map([...incomputable, ...contested]);
  return [...[...rejected].map(([key, reason]) => ({ key, reason })), ...(await findCycles(tx))];
}

/**
 * Held rules that overlap, and with what; the others do with nothing, whichever of them are served. Of one that cannot be
 * computed the stored version stays where there is one: it makes no room.
 */
async function settleContested(tx: Sql, incomputable: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const held = await tx.query<PriceRuleRow>(`select ${COLUMNS} from pricing.price_rule_held r where reference in (${HELD_OVERLAPPING})`);
  if (held.length === 0) return new Map();
  const stored = await tx.query<PriceRuleRow>(`select distinct ${COLUMNS} from (${SERVED_BESIDE_HELD}) r`);
  const staying = new Set(stored.map(({ reference }) => reference).filter((reference) => incomputable.has(reference)));
  const { refused } = settleOverlaps(stored, held.filter(({ reference }) => !staying.has(reference)));
  return new Map(refused.map(({ row, by }) => [row.reference, complainAboutOverlap(row, by)]));
}

/**
 * What cannot be computed is served where no earlier version is: to skip it would be to charge what the next rule says, and
 * the price through it is refused instead.
 */
async function serveHeld(tx: Sql, { gate, at }: SettleTools, contested: readonly string[], incomputable: readonly string[]): Promise<void> {
  for (let last = ''; ; ) {
    const rows = await tx.query<PriceRuleRow>(
      `select ${COLUMNS} from pricing.price_rule_held r where reference > $1 and reference <> all($2::text[])
         and (reference <> all($3::text[]) or not exists (select from pricing.price_rule t where t.reference = r.reference))
       order by reference limit ${BATCH}`,
      [last, contested, incomputable],
    );
    if (rows.length === 0) return;
    await admitRows(tx, SERVED_RULES, gate, rows, at);
    const served = rows.map(({ reference }) => reference);
    await tx.run('delete from pricing.price_rule_held where reference = any($1) and reference <> all($2::text[])', [served, incomputable]);
    await tx.run('delete from pricing.feed_reject where feed = $1 and key = any($2)', [PRICE_RULES.feed, served]);
    last = served.at(-1)!;
  }
}

/**
 * Once, by whichever feed ends its first pass last: compares all rules with each other. Nothing was served before, so of those
 * that overlap the lowest reference stands. Answers those that are refused; null where it is not time yet, or no longer.
 */
export async function examineRules(tx: Sql, closing: string, feeds: readonly string[], baseListCode: string | null): Promise<readonly FeedRejection[] | null> {
  if (await isExamined(tx)) return null;
  // Of two feeds that end at once the second waits here, and then sees that the first has ended.
  await lockState(tx);
  const [done] = await tx.query<{ feeds: number }>('select count(*)::int as feeds from pricing.feed where name = any($1) and (last_full_at is not null or name = $2)', [feeds, closing]);
  if (done!.feeds < feeds.length || (await isExamined(tx))) return null;
  await tx.run("set local work_mem = '64MB'");
  const { refused } = settleOverlaps([], await tx.query<PriceRuleRow>(SERVED_OVERLAPPING));
  const incomputable = await findIncomputable(tx, 'pricing.price_rule', baseListCode);
  await copyToHeld(tx, [...refused.map(({ row }) => row.reference), ...incomputable.keys()]);
  await tx.run('delete from pricing.price_rule where reference = any($1)', [refused.map(({ row }) => row.reference)]);
  await markExamined(tx);
  const rejected = new Map([...incomputable, ...refused.map(({ row, by }) => [row.reference, complainAboutOverlap(row, by)] as const)]);
  return [...[...rejected].map(([key, reason]) => ({ key, reason })), ...(await findCycles(tx))];
}

const copyToHeld = (tx: Sql, references: readonly string[]): Promise<number> =>
  tx.run(`insert into pricing.price_rule_held (${NAMES.join(', ')}, seen_at) select ${COLUMNS}, seen_at from pricing.price_rule r where reference = any($1) on conflict do nothing`, [references]);
