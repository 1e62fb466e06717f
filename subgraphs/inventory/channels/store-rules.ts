import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { numeric } from '../promise/position.ts';
import type { AllocationRule, RuleDraft, RuleShare } from './rule.ts';

interface RuleRow {
  readonly code: string;
  readonly name: string;
  readonly covers: 'LISTED' | 'ALL';
  readonly period_hours: number;
  readonly period: string;
  readonly began_at: Instant;
  readonly ends_at: Instant;
  readonly realloc_after: string | null;
  readonly realloc_safety: string | null;
  readonly updated_at: Instant;
  readonly updated_by: string;
  readonly shares: readonly { readonly channel: ChannelCode; readonly kind: 'PERCENT' | 'FIXED'; readonly amount: string; readonly buffer: string }[] | null;
}

const RULES = `select rule.code, rule.name, rule.covers, rule.period_hours, rule.period::text as period, rule.began_at,
    rule.began_at + rule.period_hours * interval '1 hour' as ends_at, rule.realloc_after, rule.realloc_safety, rule.updated_at, rule.updated_by,
    (select jsonb_agg(jsonb_build_object('channel', channel, 'kind', kind, 'amount', amount::text, 'buffer', buffer::text) order by position)
     from inventory.allocation_share where rule_code = rule.code) as shares
  from inventory.allocation_rule rule`;

const present = (row: RuleRow): AllocationRule => ({
  code: row.code, name: row.name, covers: row.covers, periodHours: row.period_hours,
  shares: (row.shares ?? []).map(presentShare),
  reallocation: row.realloc_after === null ? null : { afterPercent: numeric(row.realloc_after), safetyFactor: numeric(row.realloc_safety!) },
  period: { number: row.period, beganAt: row.began_at, endsAt: row.ends_at },
  updatedAt: row.updated_at, updatedBy: row.updated_by,
});

const presentShare = ({ channel, kind, amount, buffer }: NonNullable<RuleRow['shares']>[number]): RuleShare => ({
  channel, buffer: numeric(buffer), share: kind === 'PERCENT' ? { kind, percent: numeric(amount) } : { kind, quantity: numeric(amount) },
});

/** Every rule, by code; few. */
export const readRules = async (sql: Sql): Promise<readonly AllocationRule[]> => (await sql.query<RuleRow>(`${RULES} order by rule.code`)).map(present);

/** Null when there is none by this code. */
export async function readRule(sql: Sql, code: string): Promise<AllocationRule | null> {
  const [row] = await sql.query<RuleRow>(`${RULES} where rule.code = $1`, [code]);
  return row ? present(row) : null;
}

const COVERING = `${RULES} left join inventory.allocation_sku listed on listed.sku = $1
  where rule.code = listed.rule_code or (listed.rule_code is null and rule.covers = 'ALL')`;

async function readCovering(sql: Sql, sku: Sku, lock: '' | ' for share of rule'): Promise<AllocationRule | null> {
  const [row] = await sql.query<RuleRow>(COVERING + lock, [sku]);
  return row ? present(row) : null;
}

/** The rule that covers the SKU; null: it is not allocated. */
export const readRuleOf = (sql: Sql, sku: Sku): Promise<AllocationRule | null> => readCovering(sql, sku, '');

/** The same, and keeps it and its period as they are until the transaction ends. Lock the SKU before. */
export const holdRuleOf = (tx: Sql, sku: Sku): Promise<AllocationRule | null> => readCovering(tx, sku, ' for share of rule');

/** One page of the SKUs a rule lists, in order, after `after`. */
export async function readListedSkus(sql: Sql, code: string, limit: number, after: Sku | null): Promise<readonly Sku[]> {
  const rows = await sql.query<{ sku: Sku }>('select sku from inventory.allocation_sku where rule_code = $1 and ($2::text is null or sku > $2) order by sku limit $3', [code, after, limit]);
  return rows.map((row) => row.sku);
}

/** One page of what is for sale, in SKU order, after `after`. */
export async function readSellableSkus(sql: Sql, limit: number, after: Sku | null): Promise<readonly Sku[]> {
  const rows = await sql.query<{ sku: Sku }>('select sku from inventory.item_info where sellable and active and ($1::text is null or sku > $1) order by sku limit $2', [after, limit]);
  return rows.map((row) => row.sku);
}

/** One change of rules at a time: what is checked against the others must still hold when it is written. */
export const lockRules = (tx: Sql): Promise<unknown> => tx.query(`select pg_advisory_xact_lock(hashtextextended('inventory.allocation_rule', 0))`);

/** Writes a rule as drafted, without its SKUs. A new one begins its first period. */
export async function writeRule(tx: Sql, draft: RuleDraft, by: string): Promise<void> {
  await tx.run(
    `with written as (
       insert into inventory.allocation_rule as rule (code, name, covers, period_hours, period, began_at, realloc_after, realloc_safety, evaluated_at, updated_at, updated_by)
       select $1, $2, $3, $4, nextval('inventory.allocation_period_number'), at, $5, $6, at, at, $7 from (select clock_timestamp() as at) as now
       on conflict (code) do update set name = excluded.name, covers = excluded.covers, period_hours = excluded.period_hours,
         realloc_after = excluded.realloc_after, realloc_safety = excluded.realloc_safety, updated_at = excluded.updated_at, updated_by = excluded.updated_by
       returning code, period, began_at
     )
     insert into inventory.allocation_period (period, rule_code, began_at) select period, code, began_at from written on conflict do nothing`,
    [draft.code, draft.name, draft.skus === null ? 'ALL' : 'LISTED', draft.periodHours, draft.reallocation?.afterPercent ?? null, draft.reallocation?.safetyFactor ?? null, by],
  );
  await tx.run('delete from inventory.allocation_share where rule_code = $1', [draft.code]);
  await tx.run(
    `insert into inventory.allocation_share (rule_code, channel, kind, amount, buffer, position)
     select $1, channel, kind, amount, buffer, position from jsonb_to_recordset($2::jsonb) as s(channel text, kind text, amount numeric, buffer numeric, position integer)`,
    [draft.code, JSON.stringify(draft.shares.map(({ channel, share, buffer }, position) => ({
      channel, kind: share.kind, amount: share.kind === 'PERCENT' ? share.percent : share.quantity, buffer, position,
    })))],
  );
}

/** Lists exactly these SKUs. Answers those that came or went. */
export async function writeListedSkus(tx: Sql, code: string, skus: readonly Sku[]): Promise<readonly Sku[]> {
  const rows = await tx.query<{ sku: Sku }>(
    `with gone as (delete from inventory.allocation_sku where rule_code = $1 and sku <> all($2::text[]) returning sku),
       come as (insert into inventory.allocation_sku (sku, rule_code) select sku, $1 from unnest($2::text[]) as listed(sku) on conflict (sku) do nothing returning sku)
     select sku from gone union all select sku from come`,
    [code, skus],
  );
  return rows.map((row) => row.sku);
}

/** Removes a rule with its shares and list. */
export const deleteRule = (tx: Sql, code: string): Promise<unknown> => tx.run('delete from inventory.allocation_rule where code = $1', [code]);

export interface Obstacles {
  readonly unknown: ReadonlySet<Sku>;
  readonly kits: ReadonlySet<Sku>;
  /** The rule that lists it. */
  readonly elsewhere: ReadonlyMap<Sku, string>;
  readonly otherForAll: string | null;
}

/** What stands in the way of a draft: SKUs nobody knows, kits, SKUs another rule lists, another rule for all. */
export async function findObstacles(tx: Sql, { code, skus }: RuleDraft): Promise<Obstacles> {
  const rows = await tx.query<{ sku: Sku; known: boolean; kit: boolean; other: string | null }>(
    `select asked.sku, item.sku is not null as known, exists (select from inventory.kit_component where kit_sku = asked.sku) as kit,
       (select rule_code from inventory.allocation_sku where sku = asked.sku and rule_code <> $2) as other
     from unnest($1::text[]) as asked(sku) left join inventory.item_info item using (sku)`,
    [skus ?? [], code],
  );
  const [forAll] = skus === null ? await tx.query<{ code: string }>(`select code from inventory.allocation_rule where covers = 'ALL' and code <> $1`, [code]) : [];
  return {
    unknown: new Set(rows.filter((row) => !row.known).map((row) => row.sku)),
    kits: new Set(rows.filter((row) => row.kit).map((row) => row.sku)),
    elsewhere: new Map(rows.flatMap(({ sku, other }) => (other === null ? [] : [[sku, other] as const]))),
    otherForAll: forAll?.code ?? null,
  };
}
