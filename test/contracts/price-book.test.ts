import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../domain/time.ts';
import { decimal } from '../../domain/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fillShelf } from './price-shelf.ts';
import { call, openTargets, readPass } from './targets.ts';

const QUANTITIES = ['1', '24', '100'];

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

/** What was read, stored and computed here is what the source would charge itself; only its zero is no price to us. */
for (const { name, connector } of await openTargets()) {
  const { prices, items, capabilities } = connector;
  if (prices?.quotePrices === undefined || items === undefined) continue;

  describe(`the price book over ${name}`, () => {
    it('agrees with the source on every product, list and quantity', async () => {
      const shelf = await fillShelf(test, connector);
      const at = instant(Math.floor(Date.now() / 1_000) * 1_000);
      const onePerProduct = new Map((await readPass(items.listItems)).filter((item) => item.active).map((item) => [item.groupCode, item.sku]));
      const listPrices = new Map((await readPass(prices.listPrices)).map((price) => [price.sku, price.price.amount]));
      const skus = [...onePerProduct.values()].filter((sku) => listPrices.get(sku) !== '0');
      for (const list of await readPass(prices.listPriceLists)) {
        const questions = skus.flatMap((sku) => QUANTITIES.map((quantity) => ({ sku, quantity, list: list.code, at })));
        const ours = await shelf.read(questions);
        for (let start = 0; start < questions.length; start += capabilities.maxBatch.price) {
          const asked = questions.slice(start, start + capabilities.maxBatch.price).map(({ sku, quantity }) => ({
            sku, quantity: decimal(quantity), priceListCode: list.code, customerId: null, currencyCode: list.currencyCode, at,
          }));
          const theirs = (await prices.quotePrices!(asked, call())).map((answer) => (answer.ok ? (answer.value?.amount ?? null) : answer.failure));
          expect(ours.slice(start, start + asked.length), list.name).toEqual(theirs);
        }
      }
    }, 240_000);
  });
}
