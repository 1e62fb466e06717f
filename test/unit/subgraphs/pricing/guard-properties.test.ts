import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PriceRule } from '../../../../domain/pricing.ts';
import { addMs, instant, type Instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createGuardedShop, type GuardedShop } from './guard-fixture.ts';
import { fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { testClock, type PriceWorld } from './pricing-fixture.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

const SKUS = ['A', 'B', 'C'] as const;
const LISTS = [null, 'RETAIL', 'DEALER'] as const;
const QUANTITIES = [1, 5, 9] as const;
const LATER_MS = 86_400_000;
const THRESHOLD = 0.2;
const TOLERANCE = 1e-6;

/** Of a rule, what an import may say: a rule of RETAIL, or of DEALER, which may be computed from RETAIL. */
const aRule = fc.record({
  slot: fc.integer({ min: 0, max: 5 }), list: fc.constantFrom('RETAIL', 'DEALER'), target: fc.constantFrom('A', 'B', 'C', 'ALL'), min: fc.constantFrom(null, '5'),
  when: fc.constantFrom('ALWAYS', 'LATER', 'UNTIL_LATER'), price: fc.oneof(fc.record({ fixed: fc.integer({ min: 1, max: 200 }) }), fc.record({ off: fc.integer({ min: -30, max: 95 }), onRetail: fc.boolean() })),
});
const aStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('RULE' as const), rule: aRule }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('DROP' as const), slot: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('PRICE' as const), sku: fc.constantFrom(...SKUS), factor: fc.constantFrom(0.1, 0.8, 0.9, 1, 1.1, 1.2, 9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('GONE' as const), sku: fc.constantFrom(...SKUS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('LIST' as const), list: fc.constantFrom('RETAIL', 'DEALER'), active: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('SYNC' as const), feeds: fc.constantFrom<readonly string[] | null>(null, ['prices'], ['priceRules'], ['priceLists']) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('DECIDE' as const), decision: fc.constantFrom('APPROVED' as const, 'REJECTED' as const), which: fc.nat(9) }) },
);
type Step = typeof aStep extends fc.Arbitrary<infer S> ? S : never;

const ruleFrom = ({ slot, list, target, min, when, price }: typeof aRule extends fc.Arbitrary<infer R> ? R : never, later: Instant): PriceRule =>
  ruleOf(list, 'fixed' in price ? fixed(String(price.fixed)) : percentOff(String(price.off), list === 'DEALER' && price.onRetail ? { kind: 'PRICE_LIST', code: 'RETAIL' } : { kind: 'LIST' }), {
    reference: `rule-${slot}`, precedence: String(slot), target: target === 'ALL' ? { kind: 'ALL' } : { kind: 'SKU', sku: target }, minQuantity: min as never,
    validFrom: when === 'LATER' ? later : null, validUntil: when === 'UNTIL_LATER' ? later : null,
  });

function change(world: PriceWorld, step: Step, later: Instant): void {
  switch (step.kind) {
    case 'RULE':
      world.rules = [...world.rules.filter(({ reference }) => reference !== `rule-${step.rule.slot}`), ruleFrom(step.rule, later)];
      return;
    case 'DROP':
      world.rules = world.rules.filter(({ reference }) => reference !== `rule-${step.slot}`);
      return;
    case 'PRICE':
      world.prices = [...world.prices.filter(({ sku }) => sku !== step.sku), listPriceOf(step.sku, (100 * step.factor).toFixed(2))];
      return;
    case 'GONE':
      world.prices = world.prices.filter(({ sku }) => sku !== step.sku);
      return;
    case 'LIST':
      world.lists = world.lists.map((list) => (list.code === step.list ? listOf(step.list, { active: step.active }) : list));
  }
}

interface ServedRule {
  readonly price_list_code: string; readonly target_kind: string; readonly target_code: string; readonly min_quantity: string | null;
  readonly valid_from: string | null; readonly valid_until: string | null; readonly amount: string | null;
  readonly formula: { readonly percent: string; readonly base: { readonly kind: string } } | null;
}

/** What everybody pays, by a computation of its own: numbers, and the first fitting rule. Keys "sku list quantity instant". */
async function servedPrices(instants: readonly Instant[]): Promise<ReadonlyMap<string, number>> {
  const prices = new Map((await test.database.query<{ sku: string; amount: string }>('select sku, amount from pricing.list_price')).map(({ sku, amount }) => [sku, Number(amount)]));
  const active = new Map((await test.database.query<{ code: string; active: boolean }>('select code, active from pricing.price_list')).map(({ code, active: on }) => [code, on]));
  const rules = await test.database.query<ServedRule>('select * from pricing.price_rule order by precedence, reference');
  const cost = (sku: string, list: string | null, quantity: number, at: Instant): number | null => {
    const base = prices.get(sku);
    if (base === undefined || (list !== null && active.get(list) !== true)) return null;
    const rule = rules.find((r) => r.price_list_code === list && (r.target_kind === 'ALL' || r.target_code === sku) && (r.min_quantity === null || Number(r.min_quantity) <= quantity)
      && (r.valid_from === null || r.valid_from <= at) && (r.valid_until === null || at < r.valid_until));
    if (rule === undefined) return base;
    if (rule.formula === null) return Number(rule.amount);
    const from = rule.formula.base.kind === 'LIST' ? base : cost(sku, 'RETAIL', quantity, at);
    return from === null ? null : from * (1 - Number(rule.formula.percent) / 100);
  };
  const found = new Map<string, number>();
  for (const sku of SKUS) for (const list of LISTS) for (const quantity of QUANTITIES) for (const at of instants) {
    const price = cost(sku, list, quantity, at);
    if (price !== null && price > 0) found.set([sku, list, quantity, at].join(' '), price);
  }
  return found;
}

async function openShop(): Promise<{ world: PriceWorld; shop: GuardedShop }> {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  const world: PriceWorld = { prices: SKUS.map((sku) => listPriceOf(sku, '100')), lists: [listOf('RETAIL'), listOf('DEALER')], rules: [] };
  const shop = createGuardedShop(test.database, world);
  await shop.sync();
  return { world, shop };
}

/** A price that is not served keeps its last value: it must not come back at another. */
function check(last: Map<string, number>, served: ReadonlyMap<string, number>): void {
  for (const [key, price] of served) {
    const before = last.get(key);
    if (before !== undefined) expect(Math.abs(price / before - 1), `${key}: ${before} -> ${price}`).toBeLessThanOrEqual(THRESHOLD + TOLERANCE);
    last.set(key, price);
  }
}

it('whatever the feeds say, in whatever order, no served price moves further than the threshold without an approval, now or later', async () => {
  await fc.assert(fc.asyncProperty(fc.array(aStep, { minLength: 4, maxLength: 30 }), async (steps) => {
    const { world, shop } = await openShop();
    const now = instant(testClock.now());
    const later = addMs(now, LATER_MS);
    const last = new Map<string, number>();
    check(last, await servedPrices([now, later]));
    for (const step of [...steps, { kind: 'SYNC' as const, feeds: null }]) {
      change(world, step, later);
      // Each pass is a change of its own: two of a tenth each are not one of a fifth.
      for (const feed of step.kind === 'SYNC' ? (step.feeds ?? ['prices', 'priceLists', 'priceRules']) : []) {
        await shop.sync([feed]);
        check(last, await servedPrices([now, later]));
      }
      if (step.kind !== 'DECIDE') continue;
      const parked = await shop.parked();
      if (parked.length > 0) await shop.decide({ decision: step.decision, of: { id: parked[step.which % parked.length]!.id } });
      // What somebody has approved may be anything, also for what is not served just now.
      if (step.decision === 'APPROVED') last.clear();
      check(last, await servedPrices([now, later]));
    }
  }), { numRuns: 25, endOnFailure: true });
}, 300_000);

it('what is approved whole is served as the source says it', async () => {
  await fc.assert(fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 15 }), async (steps) => {
    const { world, shop } = await openShop();
    const later = addMs(instant(testClock.now()), LATER_MS);
    for (const step of steps) change(world, step, later);
    for (let turn = 0; turn < 3; turn += 1) {
      await shop.sync();
      for (const batchId of new Set((await shop.parked()).map((parked) => parked.batchId))) await shop.decide({ decision: 'APPROVED', of: { batchId } });
    }
    expect(await shop.parked()).toEqual([]);
    const keys = async (table: string, key: string): Promise<readonly string[]> => (await test.database.query<{ key: string }>(`select ${key} as key from pricing.${table} order by 1`)).map((row) => row.key);
    expect(await keys('list_price', "sku || ' ' || trim_scale(amount)")).toEqual(world.prices.map(({ sku, price }) => `${sku} ${Number(price.amount)}`).sort());
    expect(await keys('price_list', "code || ' ' || active")).toEqual(world.lists.map(({ code, active }) => `${code} ${active}`).sort());
    expect(await keys('price_rule', 'reference')).toEqual(world.rules.map(({ reference }) => reference).sort());
  }), { numRuns: 15, endOnFailure: true });
}, 300_000);
