import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { FACTS } from '../../../../subgraphs/pricing/book/facts-query.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';

const LISTS = 100;
const SKUS = 1_000;
/** Of a few a scan is the best plan, and says nothing. */
const PRICED = 50_000;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  await test.database.run(
    `insert into pricing.list_price (sku, reference, amount, currency_code, group_code, category_codes, seen_at)
     select 'S' || n, 'p' || n, 10, 'EUR', 'G' || n % 100, array['C' || n % 10], now() from generate_series(1, ${PRICED}) n`,
  );
  await test.database.run(
    `insert into pricing.price_list (code, name, currency_code, rounding_mode, rounding_digits, active, seen_at) select 'L' || n, 'L', 'EUR', 'HALF_UP', 2, true, now() from generate_series(1, ${LISTS}) n`,
  );
  await test.database.run(
    `insert into pricing.price_rule (reference, price_list_code, precedence, target_kind, target_code, min_quantity, amount, seen_at)
     select 'L' || l || '/' || s || '/' || q, 'L' || l, '1', 'SKU', 'S' || s, q, 9, now()
     from generate_series(1, ${LISTS}) l cross join generate_series(1, ${SKUS}, 5) s cross join generate_series(1, 3) q`,
  );
  await test.database.run('analyze pricing.list_price, pricing.price_list, pricing.price_rule');
}, 60_000);
afterAll(() => test?.drop());

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Nodes that read the relation, as the statement is run: planned for these values, or once for all values. */
function explain(mode: 'force_custom_plan' | 'force_generic_plan', relation: string, skus: readonly string[], lists: readonly string[]): Promise<readonly Plan[]> {
  return test.database.transaction(async (tx) => {
    await tx.run(`set local plan_cache_mode = ${mode}`);
    await tx.run(`prepare facts as ${FACTS}`);
    const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(`explain (analyze, format json) execute facts (array[${skus.map((sku) => `'${sku}'`).join()}], array[${lists.map((list) => `'${list}'`).join()}])`);
    await tx.run('deallocate facts');
    return nodesOf(row!['QUERY PLAN'][0]!.Plan).filter((node) => node['Relation Name'] === relation);
  });
}

/** How many rows they read at least: a plan tells the mean of its loops, before PostgreSQL 18 rounded to a whole one. */
const readRows = (nodes: readonly Plan[]): number =>
  nodes.reduce((sum, node) => sum + Math.max(0, node['Actual Rows']! + (node['Rows Removed by Filter'] ?? 0) - (node['Actual Loops'] === 1 ? 0 : 0.5)) * node['Actual Loops']!, 0);

describe.each(['force_custom_plan', 'force_generic_plan'] as const)('facts out of 60,000 rules, %s', (mode) => {
  // Every fifth SKU has three rules on each list.
  const skus = Array.from({ length: 24 }, (_, index) => `S${1 + index * 5}`);

  it('read the rules of these SKUs on these lists, and no other', async () => {
    const nodes = await explain(mode, 'price_rule', skus, ['L7', 'L8']);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(readRows(nodes)).toBeGreaterThan(0);
    expect(Math.floor(readRows(nodes))).toBeLessThanOrEqual(24 * 3 * 2);
  });

  it('read the base prices of these SKUs, and no other', async () => {
    const nodes = await explain(mode, 'list_price', skus, ['L7']);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(readRows(nodes)).toBeGreaterThan(0);
    expect(Math.floor(readRows(nodes))).toBeLessThanOrEqual(24);
  });
});
