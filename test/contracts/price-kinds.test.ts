import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, decimal, isZero, subtract } from '../../domain/decimal.ts';
import { instant, type Instant } from '../../domain/time.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { productId } from './erp-desk.ts';
import { dayFrom, SKUS, withPriceDay, type PriceDay } from './price-desk.ts';
import { fillShelf, type PriceShelf, type ShelfQuestion } from './price-shelf.ts';
import { call, openTargets } from './targets.ts';

const QUANTITIES = ['0.25', '1', '6', '12', '50', '100'];
const TODAY = Date.parse(new Date().toISOString().slice(0, 10));
const moment = (days: number, time: string): Instant => instant(`${dayFrom(TODAY, days)}T${time}.000Z`);
/** Where rates, windows and both change, to the second; and an ordinary moment. */
const MOMENTS = [
  moment(-40, '00:00:00'), moment(-11, '23:59:59'), moment(-10, '00:00:00'), moment(-8, '00:00:00'), moment(-8, '00:00:01'), moment(-5, '08:30:00'), moment(-5, '08:30:01'),
  moment(-3, '00:00:00'), moment(-2, '11:59:59'), moment(-2, '12:00:00'), moment(0, '23:59:59'), moment(1, '00:00:00'), moment(5, '12:00:00'), moment(5, '12:00:01'),
];

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

type Theirs = string | null;

async function askSource({ prices }: PriceShelf, questions: readonly ShelfQuestion[], currencyOf: (list: string) => string): Promise<readonly Theirs[]> {
  const answers: Theirs[] = [];
  const size = prices.capabilities.maxBatch.price;
  for (let start = 0; start < questions.length; start += size) {
    const part = questions.slice(start, start + size).map(({ sku, list, quantity, at }) => ({ sku, quantity: decimal(quantity), priceListCode: list, customerId: null, currencyCode: currencyOf(list), at }));
    for (const answer of await prices.port.quotePrices!(part, call())) {
      if (!answer.ok) throw answer.failure;
      answers.push(answer.value?.amount ?? null);
    }
  }
  return answers;
}

/** Odoo computes with binary numbers: the sixth digit is the last that means something. */
function isSame(ours: string, theirs: Theirs): boolean {
  if (theirs === null) return false;
  const difference = subtract(decimal(ours), decimal(theirs));
  return compare(decimal(difference.replace('-', '')), decimal('0.000001')) <= 0;
}

for (const { name, connector, desk, seededOn } of await openTargets()) {
  if (connector.prices?.quotePrices === undefined || desk === null || seededOn === null) continue;

  describe(`every kind of rule of ${name}`, () => {
    const currencyOf = ({ lists }: PriceDay) => (list: string): string => (list === lists.EURO || list === lists.ON_DOLLAR ? 'EUR' : 'USD');

    it('gives the price the source computes itself, to the second and at the rate of the day', async () => {
      await withPriceDay(desk, TODAY, async (day) => {
        expect(day.rules).toBeGreaterThanOrEqual(40);
        const shelf = await fillShelf(test, connector);
        const questions = SKUS.flatMap((sku) => Object.values(day.lists).flatMap((list) => MOMENTS.flatMap((at, index) =>
          QUANTITIES.filter((_, place) => sku === SKUS[0] || (place + index) % QUANTITIES.length === 0).map((quantity) => ({ sku, list, quantity, at })))));
        const [ours, theirs] = [await shelf.read(questions), await askSource(shelf, questions, currencyOf(day))];
        const differing = questions.flatMap((question, index) => {
          const [own, told] = [ours[index]!, theirs[index]!];
          return typeof own === 'string' && isSame(own, told) ? [] : [{ ...question, own, told }];
        });
        expect(questions.length).toBeGreaterThan(700);
        expect(new Set(theirs).size).toBeGreaterThan(100);
        expect(differing).toEqual([]);
      });
    }, 300_000);

    it('has no price before the first rate of exchange, where the source takes the first', async () => {
      await withPriceDay(desk, TODAY, async (day) => {
        const shelf = await fillShelf(test, connector);
        const question = { sku: SKUS[4]!, list: day.lists.EURO, quantity: '1', at: instant('2019-06-01T12:00:00.000Z') };
        expect(await shelf.read([question])).toEqual([{ reason: 'MISSING_RATE' }]);
        const [before, after] = await askSource(shelf, [question, { ...question, at: instant('2020-01-01T00:00:00.000Z') }], currencyOf(day));
        expect(isZero(decimal(before!))).toBe(false);
        expect(before).toBe(after);
      });
    }, 60_000);

    it('has no price where a cost nobody gave would decide it, where the source computes with nothing', async () => {
      const product = await productId(desk, SKUS[5]!);
      const [before] = await desk<{ standard_price: number }[]>('product.product', 'read', { ids: [product], fields: ['standard_price'] });
      await withPriceDay(desk, TODAY, async (day) => {
        await desk('product.product', 'write', { ids: [product], vals: { standard_price: 0 } });
        try {
          const shelf = await fillShelf(test, connector);
          const question = { sku: SKUS[5]!, list: day.lists.DOLLAR, quantity: '1', at: moment(-9, '12:00:00') };
          expect(await shelf.read([question])).toEqual([{ reason: 'NO_LIST_PRICE' }]);
          const [surcharge] = await askSource(shelf, [question], currencyOf(day));
          expect(Number(surcharge)).toBeGreaterThan(0);
          expect(Number(surcharge)).toBeLessThan(1);
        } finally {
          await desk('product.product', 'write', { ids: [product], vals: { standard_price: before!.standard_price } });
        }
      });
    }, 60_000);
  });
}
