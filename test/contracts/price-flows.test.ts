import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRecord } from '../../domain/customers.ts';
import { systemClock } from '../../platform/clock.ts';
import type { List } from '../../domain/connector.ts';
import { addMs, instant } from '../../domain/time.ts';
import { listDifferences } from '../../subgraphs/pricing/validation/difference-store.ts';
import { validatePrices, type ValidationCaller, type ValidationTools } from '../../subgraphs/pricing/validation/validate-prices.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { idBy, productId, withBoxes } from './erp-desk.ts';
import { dayFrom } from './price-desk.ts';
import { fillShelf, type PriceShelf } from './price-shelf.ts';
import { call, openTargets, readPass, type Desk } from './targets.ts';

const TODAY = Date.parse(new Date().toISOString().slice(0, 10));

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());

/** How far a delta reaches back by itself: the connector's default. */
const OVERLAP_MS = 120_000;

/** What a delta lists that looks back to now, to the second, after `work`. */
async function deltaAfter<T>(list: List<T>, work: () => Promise<unknown>): Promise<readonly T[]> {
  const page = await list({ cursor: null, since: null, limit: 1 }, call());
  await work();
  return readPass(list, 500, addMs(page.watermark!, OVERLAP_MS));
}

async function withRecord<T>(desk: Desk, model: string, values: object, work: (id: number) => Promise<T>): Promise<T> {
  const [id] = await desk<number[]>(model, 'create', { vals_list: [values] });
  try {
    return await work(id!);
  } finally {
    await desk(model, 'unlink', { ids: [id] });
  }
}

async function withWritten<T>(desk: Desk, model: string, id: number, [values, before]: readonly [object, object], work: () => Promise<T>): Promise<T> {
  await desk(model, 'write', { ids: [id], vals: values });
  try {
    return await work();
  } finally {
    await desk(model, 'write', { ids: [id], vals: before });
  }
}

for (const { name, connector, desk, seededOn } of await openTargets()) {
  if (connector.prices?.quotePrices === undefined || desk === null || seededOn === null) continue;
  const { prices } = connector;

  describe(`what prices are made of, from ${name}`, () => {
    it('are rates of the company\'s currency by day, and a delta has the new one', async () => {
      const euro = await idBy(desk, 'res.currency', 'name', 'EUR');
      const seeded = (await readPass(prices.listCurrencyRates!)).filter(({ currencyCode }) => currencyCode === 'EUR');
      expect(seeded).toMatchObject([{ baseCurrencyCode: 'USD', validFrom: '2020-01-01T00:00:00.000Z' }]);
      const day = dayFrom(TODAY, -20);
      let id = 0;
      const delta = await deltaAfter(prices.listCurrencyRates!, async () => {
        [id] = await desk<[number]>('res.currency.rate', 'create', { vals_list: [{ currency_id: euro, name: day, rate: 0.875 }] });
      });
      await desk('res.currency.rate', 'unlink', { ids: [id] });
      expect(delta).toContainEqual(expect.objectContaining({ reference: String(id), baseCurrencyCode: 'USD', currencyCode: 'EUR', rate: '0.875', validFrom: `${day}T00:00:00.000Z` }));
    });

    it('are taxes by country, in the price or on top, and each product names its own', async () => {
      const rates = await readPass(prices.listTaxRates!);
      const seeded = rates.find((rate) => rate.name === 'Sales tax 10%')!;
      expect(seeded).toMatchObject({ percent: '10', countryCode: 'US', includedInPrice: false, active: true });
      const mug = (await readPass(prices.listPrices)).find(({ sku }) => sku === 'MUG-01')!;
      expect(mug.taxCodes).toEqual([seeded.code]);
    });

    it('are units a product may be bought in', async () => {
      await withBoxes(desk, 'STAPLER', async (box) => {
        const stapler = (await readPass(prices.listPrices)).find(({ sku }) => sku === 'STAPLER')!;
        expect(stapler).toMatchObject({ unitCode: 'Units', units: [{ code: box, factor: '12' }] });
      });
    });

    it('are two products with one SKU, told apart by their references; an archived one gives way', async () => {
      const [own, other] = [await productId(desk, 'PEN-BLU'), await productId(desk, 'PEN-BLK')];
      const carriers = async () => (await readPass(prices.listPrices)).filter(({ sku }) => sku === 'PEN-BLK').map(({ reference }) => Number(reference));
      await withWritten(desk, 'product.product', own, [{ default_code: 'PEN-BLK' }, { default_code: 'PEN-BLU' }], async () => {
        expect((await carriers()).toSorted()).toEqual([own, other].toSorted());
        const delta = await deltaAfter(prices.listPrices, () => desk('product.product', 'write', { ids: [own], vals: { active: false } }));
        try {
          expect(await carriers()).toEqual([other]);
          expect(delta.filter(({ sku }) => sku === 'PEN-BLK').map(({ reference }) => Number(reference))).toEqual([other]);
        } finally {
          await desk('product.product', 'write', { ids: [own], vals: { active: true } });
        }
      });
    });

    it('are rules that follow their product: renamed or archived, they come with the delta', async () => {
      const own = await productId(desk, 'PEN-BLU');
      const [list] = await readPass(prices.listPriceLists);
      const rule = { pricelist_id: Number(list!.code), applied_on: '0_product_variant', product_id: own, compute_price: 'fixed', fixed_price: 0.5, min_quantity: 0 };
      await withRecord(desk, 'product.pricelist.item', rule, async (id) => {
        // So that the rule's own write is not what brings it.
        await setTimeout(1_100);
        const targetAfter = async (values: object) => (await deltaAfter(prices.listPriceRules, () => desk('product.product', 'write', { ids: [own], vals: values }))).find(({ reference }) => reference === String(id))?.target;
        try {
          expect(await targetAfter({ default_code: 'PEN-NEW' })).toEqual({ kind: 'SKU', sku: 'PEN-NEW' });
          expect(await targetAfter({ active: false })).toEqual({ kind: 'SKU', sku: 'PEN-NEW' });
          expect(await targetAfter({ default_code: 'PEN-BLK' })).toBeUndefined();
        } finally {
          await desk('product.product', 'write', { ids: [own], vals: { default_code: 'PEN-BLU', active: true } });
        }
      });
    });

    it('are rules that go without a word: asked for, they are missed, and their price goes with the next pass', async () => {
      const list = (await readPass(prices.listPriceLists)).find((one) => one.name === 'Acme contract')!;
      const rule = { pricelist_id: Number(list.code), applied_on: '0_product_variant', product_id: await productId(desk, 'STAPLER'), compute_price: 'fixed', fixed_price: 1.23, min_quantity: 0 };
      const shelf = await fillShelf(test, connector);
      const priceNow = async () => (await shelf.read([{ sku: 'STAPLER', list: list.code, quantity: '1', at: instant(Date.now()) }]))[0];
      const before = await priceNow();
      const minuteLater = () => test.database.run("update pricing.rule_removal_watch set asked_at = asked_at - interval '61 seconds'");
      await withRecord(desk, 'product.pricelist.item', rule, async () => {
        await shelf.refill();
        expect([await priceNow(), before]).toEqual(['1.23', expect.not.stringMatching(/^1\.23$/)]);
        // Known to the mark by now, so that it is by counting that it is missed.
        await minuteLater();
        expect(await shelf.refill()).toMatchObject({ priceRules: { mode: 'DELTA' } });
      });
      await minuteLater();
      expect(await shelf.refill()).toMatchObject({ priceRules: { mode: 'FULL', rowsRemoved: 1 } });
      expect(await priceNow()).toEqual(before);
      await minuteLater();
      expect(await shelf.refill()).toMatchObject({ priceRules: { mode: 'DELTA' } });
    }, 60_000);

    it('are rules that come and go between two questions: what was listed is asked for by name', async () => {
      const [list] = await readPass(prices.listPriceLists);
      const rule = { pricelist_id: Number(list!.code), applied_on: '0_product_variant', product_id: await productId(desk, 'STAPLER'), compute_price: 'fixed', fixed_price: 1.23, min_quantity: 0 };
      const { mark } = await prices.findRemovedRules!({ mark: null, listed: [] }, call());
      const listed: string[] = [];
      await withRecord(desk, 'product.pricelist.item', rule, async (id) => {
        listed.push(String(id));
        expect(await prices.findRemovedRules!({ mark, listed }, call())).toMatchObject({ removed: false });
      });
      expect(await prices.findRemovedRules!({ mark, listed: [] }, call())).toMatchObject({ removed: false });
      expect(await prices.findRemovedRules!({ mark, listed }, call())).toMatchObject({ removed: true });
    });

    it('are categories above categories: one that is moved brings its products', async () => {
      const [mug] = await desk<{ product_tmpl_id: [number, string]; categ_id: [number, string] }[]>('product.product', 'read', { ids: [await productId(desk, 'MUG-01')], fields: ['product_tmpl_id', 'categ_id'] });
      const [template, before] = [mug!.product_tmpl_id[0], mug!.categ_id[0]];
      await withRecord(desk, 'product.category', { name: 'Above, of the tests' }, (above) =>
        withRecord(desk, 'product.category', { name: 'Below, of the tests' }, (below) =>
          withWritten(desk, 'product.template', template, [{ categ_id: below }, { categ_id: before }], async () => {
            await setTimeout(1_100);
            const delta = await deltaAfter(prices.listPrices, () => desk('product.category', 'write', { ids: [below], vals: { parent_id: above } }));
            expect(delta.find(({ sku }) => sku === 'MUG-01')?.categoryCodes).toEqual([String(below), String(above)]);
          })));
    });

    it('are a customer\'s tags, the deeper first, by what is never renamed', async () => {
      const partner = await idBy(desk, 'res.partner', 'ref', 'C-2001');
      await withRecord(desk, 'res.partner.category', { name: 'Group of the tests' }, (above) =>
        withRecord(desk, 'res.partner.category', { name: 'Inner circle of the tests', parent_id: above }, (below) =>
          withWritten(desk, 'res.partner', partner, [{ category_id: [[6, 0, [above, below]]] }, { category_id: [[6, 0, []]] }], async () => {
            const customer = (await readPass(connector.customers!.listCustomers)).find(({ number }) => number === 'C-2001')!;
            expect(customer.groupCodes).toEqual([String(below), String(above)]);
          })));
    });

    it('are judged by the source itself: a price changed there and not fed yet shows, and closes when it is', async () => {
      const list = (await readPass(prices.listPriceLists)).find((one) => one.name === 'Acme contract')!;
      const shelf = await fillShelf(test, connector);
      const [tools, caller] = validationOf(shelf, list.code);
      const validate = (idempotencyKey: string) => validatePrices(tools, caller, { idempotencyKey, sampleSize: 20, skus: ['MUG-01', 'TEE-S-BLA', 'STAPLER'] });
      const agreed = await validate('first');
      expect(agreed).toMatchObject({ unanswered: 0, differences: [] });
      expect(agreed.checked).toBeGreaterThanOrEqual(3);
      const stapler = await productId(desk, 'STAPLER');
      await withRecord(desk, 'product.pricelist.item', { pricelist_id: Number(list.code), applied_on: '0_product_variant', product_id: stapler, compute_price: 'fixed', fixed_price: 1.23, min_quantity: 0 }, async () => {
        await test.database.run('truncate pricing.price_validation');
        const found = await validate('second');
        expect(found.differences).toMatchObject([{ sku: 'STAPLER', theirs: { amount: '1.23' } }]);
        expect(await listDifferences(test.database, { open: true, sku: null, priceListCode: null }, null, 9)).toMatchObject([{ sku: 'STAPLER', seenCount: 1 }]);
        await shelf.refill();
        await test.database.run('truncate pricing.price_validation');
        expect(await validate('third')).toMatchObject({ unanswered: 0, differences: [] });
        expect(await listDifferences(test.database, { open: true, sku: null, priceListCode: null }, null, 9)).toEqual([]);
      });
    }, 60_000);
  });
}

function validationOf({ book, settings, prices }: PriceShelf, priceListCode: string): [ValidationTools, ValidationCaller] {
  const customer = { number: 'C', active: true, priceListCode, companyNumber: null } as CustomerRecord;
  return [
    { database: test.database, clock: systemClock, book, settings, customers: () => ({ readCustomer: async () => customer }), prices, deadlineMs: 20_000 },
    { subject: 'a buyer', buyer: { customerNumber: 'C', companyNumber: null, locationNumber: null }, channel: null, signal: AbortSignal.timeout(50_000), traceparent: null },
  ];
}
