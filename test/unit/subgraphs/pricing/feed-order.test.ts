import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ListPrice, PriceRule } from '../../../../domain/pricing.ts';
import { addMs } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d, fixed, listOf, listPriceOf, NOW, percentOff, ruleOf } from './price-samples.ts';
import { readRejects } from './price-reads.ts';
import { syncPrices } from './pricing-fixture.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
}, 60_000);
afterAll(() => test?.drop());

const DAY_MS = 86_400_000;
const REFERENCES = ['r1', 'r2', 'r3', 'r4', 'r5'];

const window = fc.tuple(fc.option(fc.integer({ min: 0, max: 5 })), fc.option(fc.integer({ min: 1, max: 6 })));

/** Few places and short windows, so that most of them meet. */
const rule = (reference: string): fc.Arbitrary<PriceRule> =>
  fc.record({ window, sku: fc.constantFrom('A', 'B'), list: fc.constantFrom('L', 'L', 'M', 'NONE'), amount: fc.integer({ min: 0, max: 9 }), precedence: fc.constantFrom('p', 'p', 'q'), formula: fc.boolean() })
    .map(({ window: [from, until], sku, list, amount, precedence, formula }) =>
      ruleOf(list, formula ? percentOff(String(amount)) : fixed(String(amount)), {
        reference, precedence, target: { kind: 'SKU', sku }, validFrom: from === null ? null : addMs(NOW, from * DAY_MS), validUntil: until === null ? null : addMs(NOW, until * DAY_MS),
      }));

const price = (reference: string): fc.Arbitrary<ListPrice> =>
  fc.record({ sku: fc.constantFrom('A', 'B', 'C'), amount: fc.integer({ min: 0, max: 9 }) }).map(({ sku, amount }) => listPriceOf(sku, String(amount), { reference }));

interface Told {
  readonly rules: readonly PriceRule[];
  readonly prices: readonly ListPrice[];
}

const told: fc.Arbitrary<Told> = fc.record({
  rules: fc.subarray(REFERENCES, { minLength: 1 }).chain((references) => fc.tuple(...references.map(rule))),
  prices: fc.subarray(['p1', 'p2', 'p3', 'p4']).chain((references) => fc.tuple(...references.map(price))),
});

/** The same in another order, in pages of another size. */
const orders = fc.record({ seed: fc.integer(), pageSize: fc.integer({ min: 1, max: 7 }) });

const shuffled = <T extends { readonly reference: string }>(records: readonly T[], seed: number): T[] =>
  [...records].sort((a, b) => rank(a.reference, seed) - rank(b.reference, seed));
const rank = (text: string, seed: number): number => createHash('sha256').update(`${seed} ${text}`).digest().readUInt32BE();

/** What is served and what is refused after passes over what was told, one after another. */
async function outcomeOf(passes: readonly Told[], { seed, pageSize }: { readonly seed: number; readonly pageSize: number }): Promise<unknown> {
  await test.database.run('truncate pricing.price_rule, pricing.price_rule_held, pricing.list_price, pricing.list_price_held, pricing.price_list, pricing.feed, pricing.feed_reject, pricing.outbox');
  await test.database.run('update pricing.book_state set examined = false');
  for (const { rules, prices } of passes) {
    await syncPrices(test.database, { prices: shuffled(prices, seed), lists: [listOf('L'), listOf('M', { currencyCode: 'EUR' })], rules: shuffled(rules, seed) }, { pageSize });
  }
  const served = await test.database.query('select reference, price_list_code, target_code, precedence, valid_from, valid_until, amount, formula from pricing.price_rule order by reference');
  return { served, prices: await test.database.query('select sku, reference, amount from pricing.list_price order by sku'), rejects: await readRejects(test.database) };
}

it('the order of rows and pages decides nothing: what is served and what is refused follow from what was told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 3 }), orders, orders, async (passes, one, other) => {
      expect(await outcomeOf(passes, one)).toEqual(await outcomeOf(passes, other));
    }),
    { numRuns: 20 },
  );
}, 180_000);

it('no two rules that are served overlap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 3 }), orders, async (passes, order) => {
      await outcomeOf(passes, order);
      expect(await test.database.query(`select a.reference, b.reference as other from pricing.price_rule a join pricing.price_rule b
        on a.reference < b.reference and (a.price_list_code, a.target_code, a.precedence) = (b.price_list_code, b.target_code, b.precedence)
        and tstzrange(a.valid_from, a.valid_until) && tstzrange(b.valid_from, b.valid_until)`)).toEqual([]);
    }),
    { numRuns: 10 },
  );
}, 180_000);

it('knows what it shuffles', () => {
  const rules = REFERENCES.map((reference) => ruleOf('L', fixed(d('1')), { reference }));
  expect(new Set([1, 2, 3, 4].map((seed) => shuffled(rules, seed).map(({ reference }) => reference).join())).size).toBeGreaterThan(1);
});
