import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMs, instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import { PRICING_MIGRATIONS } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createGuardedShop, type GuardedShop } from './guard-fixture.ts';
import { fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';
import { testClock, type PriceWorld } from './pricing-fixture.ts';

const DAY_MS = 86_400_000;
let test: TestDatabase;
let world: PriceWorld;
let shop: GuardedShop;
const now = () => instant(testClock.now());

beforeAll(async () => {
  test = await createTestDatabase();
}, 60_000);
afterAll(() => test?.drop());
beforeEach(async () => {
  await test.database.run('drop schema if exists pricing cascade');
  await migrate(test.database, 'pricing', PRICING_MIGRATIONS);
  world = {
    prices: [listPriceOf('A', '100'), listPriceOf('B', '50', { groupCode: 'g' }), listPriceOf('C', '10')],
    lists: [listOf('RETAIL'), listOf('GOLD'), listOf('BASED')],
    rules: [
      ruleOf('RETAIL', fixed('90'), { reference: 'retail-a', target: { kind: 'SKU', sku: 'A' } }),
      ruleOf('BASED', percentOff('10', { kind: 'PRICE_LIST', code: 'RETAIL' }), { reference: 'based' }),
    ],
  };
  shop = createGuardedShop(test.database, world);
  await shop.sync();
  await shop.takeEvents();
});

const allOff = (percent: string, list = 'RETAIL') => ruleOf(list, percentOff(percent), { reference: 'all-off', precedence: '000000' });

describe('the price guard', () => {
  it('holds nothing back of the first pass, and parks nothing', async () => {
    expect([await shop.priceOf('A', null), await shop.priceOf('A', 'RETAIL'), await shop.priceOf('A', 'BASED')]).toEqual(['100', '90', '81']);
    expect(await shop.parked()).toEqual([]);
  });

  it('parks a new rule that takes 90 % off everything, and serves the old prices through every later pass', async () => {
    world.rules.push(allOff('90'));
    for (let pass = 0; pass < 3; pass += 1) await shop.sync();
    const [change, ...more] = await shop.parked();
    expect(more).toEqual([]);
    expect(change).toMatchObject({ recordKind: 'price_rule', key: 'all-off', priceListCode: 'RETAIL', before: null, reason: 'THRESHOLD', direction: 'DOWN', largestPercent: '90', skuCount: 3, seenCount: 3 });
    expect(change!.examples).toEqual(expect.arrayContaining([
      expect.objectContaining({ sku: 'B', priceListCode: 'RETAIL', quantity: '1', before: { amount: '50', currencyCode: 'USD' }, after: { amount: '5', currencyCode: 'USD' }, percent: '-90' }),
    ]));
    expect([await shop.priceOf('A', 'RETAIL'), await shop.priceOf('B', 'RETAIL'), await shop.priceOf('B', 'BASED')]).toEqual(['90', '50', '45']);
    expect(await shop.takeEvents()).toEqual([]);
  });

  it('serves an approved change at once, announced and audited, exactly as the feed would have', async () => {
    world.rules.push(allOff('90'));
    await shop.sync();
    const [change] = await shop.parked();
    const { changes, userErrors } = await shop.decide({ decision: 'APPROVED', of: { id: change!.id }, note: 'clearance' });
    expect(userErrors).toEqual([]);
    expect(changes).toMatchObject([{ state: 'APPROVED', decidedBy: 'ann', note: 'clearance' }]);
    expect([await shop.priceOf('A', 'RETAIL'), await shop.priceOf('B', 'BASED')]).toEqual(['10', '4.5']);
    expect(await shop.takeEvents()).toEqual([[null, 'RETAIL']]);
    const audit = await test.database.query<{ action: string; actor: string; subject: string }>('select action, actor, subject from pricing.audit');
    expect(audit).toEqual([{ action: 'price.approve', actor: 'ann', subject: change!.id }]);
    const report = await shop.sync();
    expect(report['priceRules']).toMatchObject({ rowsChanged: 0 });
    expect([await shop.parked(), await shop.takeEvents()]).toEqual([[], []]);
  });

  it('keeps the old price after a rejection until the row changes upstream', async () => {
    world.rules.push(allOff('90'));
    await shop.sync();
    await shop.decide({ decision: 'REJECTED', of: { id: (await shop.parked())[0]!.id } });
    await shop.sync();
    expect([await shop.parked(), (await shop.parked('REJECTED')).length, await shop.priceOf('B', 'RETAIL')]).toEqual([[], 1, '50']);
    world.rules[2] = allOff('5');
    await shop.sync();
    expect([await shop.parked('REJECTED'), await shop.parked(), await shop.priceOf('B', 'RETAIL')]).toEqual([[], [], '47.5']);
  });

  it('lets pass what stays within the threshold, its edge included, and parks the first cent beyond, either way', async () => {
    const tryPrice = async (amount: string): Promise<[string, number]> => {
      world.prices[0] = listPriceOf('A', amount);
      await shop.sync();
      return [await shop.priceOf('A', null), (await shop.parked()).length];
    };
    expect(await tryPrice('80')).toEqual(['80', 0]);
    expect(await tryPrice('63.99')).toEqual(['80', 1]);
    expect(await tryPrice('64')).toEqual(['64', 0]);
    expect(await tryPrice('76.8')).toEqual(['76.8', 0]);
    expect(await tryPrice('92.161')).toEqual(['76.8', 1]);
    expect((await shop.parked())[0]).toMatchObject({ recordKind: 'list_price', direction: 'UP', key: 'A', before: { amount: '76.8' }, after: { amount: '92.161' } });
  });

  it('supersedes a parked change when the source takes it back, or says another', async () => {
    world.prices[0] = listPriceOf('A', '1');
    await shop.sync();
    world.prices[0] = listPriceOf('A', '2');
    await shop.sync();
    expect((await shop.parked()).map(({ after }) => after!['amount'])).toEqual(['2']);
    world.prices[0] = listPriceOf('A', '100');
    await shop.sync();
    expect([(await shop.parked()).length, (await shop.parked('SUPERSEDED')).length]).toEqual([0, 2]);
    world.rules.push(allOff('90'));
    await shop.sync();
    world.rules.pop();
    await shop.sync();
    expect([(await shop.parked()).length, (await shop.parked('SUPERSEDED')).length]).toEqual([0, 3]);
  });

  it('parks a removal by what it would do, and keeps serving the row', async () => {
    world.rules[0] = { ...world.rules[0]!, formula: fixed('70') };
    await shop.sync();
    await shop.decide({ decision: 'APPROVED', of: { id: (await shop.parked())[0]!.id } });
    world.rules.shift();
    for (let pass = 0; pass < 3; pass += 1) await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'retail-a', after: null, direction: 'UP', largestPercent: '42.86', seenCount: 3 }]);
    expect(await shop.priceOf('A', 'RETAIL')).toBe('70');
    await shop.decide({ decision: 'APPROVED', of: { id: (await shop.parked())[0]!.id } });
    expect([await shop.priceOf('A', 'RETAIL'), await shop.priceOf('A', 'BASED')]).toEqual(['100', '90']);
    await shop.sync();
    expect(await shop.parked()).toEqual([]);
  });

  it('serves a removal that does little', async () => {
    world.rules.shift();
    expect((await shop.sync())['priceRules']).toMatchObject({ rowsRemoved: 1 });
    expect([await shop.priceOf('A', 'RETAIL'), await shop.parked()]).toEqual(['100', []]);
  });

  it('judges a rule that starts in the future at its start', async () => {
    const from = addMs(now(), 7 * DAY_MS);
    world.rules.push(ruleOf('RETAIL', fixed('1'), { reference: 'sale', precedence: '000000', target: { kind: 'SKU', sku: 'B' }, validFrom: from, validUntil: addMs(from, DAY_MS) }));
    await shop.sync();
    expect((await shop.parked())[0]).toMatchObject({ key: 'sale', examples: [{ sku: 'B', at: from, before: { amount: '50' }, after: { amount: '1' } }, { priceListCode: 'BASED' }] });
    expect(await shop.priceOf('B', 'RETAIL', '1', from)).toBe('50');
  });

  it('sees what another rule hides today', async () => {
    const until = addMs(now(), DAY_MS);
    world.rules.push(ruleOf('GOLD', fixed('50'), { reference: 'mask', precedence: '000000', target: { kind: 'SKU', sku: 'B' }, validUntil: until }));
    await shop.sync();
    expect(await shop.parked()).toEqual([]);
    world.rules.push(ruleOf('GOLD', fixed('1'), { reference: 'hidden', precedence: '000001', target: { kind: 'SKU', sku: 'B' } }));
    await shop.sync();
    expect((await shop.parked()).map(({ key }) => key)).toEqual(['hidden']);
  });

  it('judges at the smallest quantity of the rule', async () => {
    world.rules.push(ruleOf('RETAIL', fixed('10'), { reference: 'break', precedence: '000000', target: { kind: 'SKU', sku: 'A' }, minQuantity: '10' as never }));
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'break', examples: [{ quantity: '10', before: { amount: '90' } }, { priceListCode: 'BASED' }] }]);
    expect(await shop.priceOf('A', 'RETAIL', '10')).toBe('90');
  });

  it('judges rules that come and go together by what they do together', async () => {
    world.rules[0] = { ...world.rules[0]!, formula: fixed('75') };
    await shop.sync();
    expect(await shop.parked()).toEqual([]);
    // Anew under another key, as an import does that deletes and inserts: the price without both would be a third higher.
    world.rules[0] = { ...world.rules[0]!, reference: 'retail-a-anew', formula: fixed('76') };
    await shop.sync();
    expect([await shop.parked(), await shop.priceOf('A', 'RETAIL')]).toEqual([[], '76']);
  });

  it('does not let a price come back lower than it went', async () => {
    world.prices.splice(2, 1);
    await shop.sync();
    expect([await shop.priceOf('C', null), await shop.parked()]).toEqual(['UNKNOWN_SKU', []]);
    world.prices.push(listPriceOf('C', '1'));
    await shop.sync();
    expect([await shop.priceOf('C', null), (await shop.parked()).length]).toEqual(['UNKNOWN_SKU', 1]);
    world.prices[2] = listPriceOf('C', '9');
    await shop.sync();
    expect([await shop.priceOf('C', null), await shop.parked()]).toEqual(['9', []]);
  });

  it('does not let a price of a list change while its SKU is not sold; what goes with the SKU goes', async () => {
    const sold = world.prices.shift()!;
    await shop.sync();
    world.rules[0] = { ...world.rules[0]!, formula: fixed('9') };
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ key: 'retail-a', examples: [{ sku: 'A', before: { amount: '90' }, after: { amount: '9' } }, { priceListCode: 'BASED' }] }]);
    expect(await shop.priceOf('A', 'RETAIL')).toBe('UNKNOWN_SKU');
    world.prices.unshift(sold);
    await shop.sync();
    expect(await shop.priceOf('A', 'RETAIL')).toBe('90');
    world.prices.shift();
    await shop.sync();
    world.rules.shift();
    await shop.sync();
    expect([await shop.parked(), await test.database.query("select from pricing.price_rule where reference = 'retail-a'")]).toEqual([[], []]);
  });

  it('does not take a SKU that comes back for a new one', async () => {
    const [sold] = world.prices.splice(1, 1);
    await shop.sync();
    world.prices.push(sold!);
    world.rules.push(ruleOf('RETAIL', fixed('5'), { reference: 'with-it', target: { kind: 'SKU', sku: 'B' } }));
    await shop.sync();
    expect([(await shop.parked()).map(({ key }) => key), await shop.priceOf('B', 'RETAIL')]).toEqual([['with-it'], '50']);
  });

  it('does not let a list change its prices while it is switched off', async () => {
    world.lists[0] = listOf('RETAIL', { active: false });
    await shop.sync();
    world.rules[0] = { ...world.rules[0]!, formula: fixed('9') };
    await shop.sync();
    expect((await shop.parked()).map(({ key }) => key)).toEqual(['retail-a']);
    world.lists[0] = listOf('RETAIL');
    await shop.sync();
    expect(await shop.priceOf('A', 'RETAIL')).toBe('90');
  });

  it('parks a list whose currency becomes another', async () => {
    world.lists[0] = listOf('RETAIL', { currencyCode: 'JPY' });
    await shop.sync();
    expect(await shop.parked()).toMatchObject([{ recordKind: 'price_list', key: 'RETAIL', largestPercent: null }]);
    expect(await shop.priceOf('A', 'RETAIL')).toBe('90');
  });

  it('takes what is new for new: a SKU, and a list with its first rules', async () => {
    world.prices.push(listPriceOf('NEW', '1'));
    world.lists.push(listOf('CONTRACT'));
    world.rules.push(ruleOf('CONTRACT', fixed('20'), { reference: 'contract-a', target: { kind: 'SKU', sku: 'A' } }));
    await shop.sync();
    expect([await shop.priceOf('NEW', null), await shop.priceOf('A', 'CONTRACT'), await shop.parked()]).toEqual(['1', '20', []]);
    await shop.sync();
    world.rules[2] = { ...world.rules[2]!, formula: fixed('5') };
    await shop.sync();
    expect([await shop.priceOf('A', 'CONTRACT'), (await shop.parked()).length]).toEqual(['20', 1]);
  });

  it('refuses an approval when the source has said something else meanwhile, also in a pass that is still under way', async () => {
    world.prices[0] = listPriceOf('A', '1');
    await shop.sync();
    const [first] = await shop.parked();
    world.prices[0] = listPriceOf('A', '2');
    await shop.sync();
    expect((await shop.decide({ decision: 'APPROVED', of: { id: first!.id } })).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['id'] }]);
    const [second] = await shop.parked();
    const feed = shop.feeds.find(({ name }) => name === 'prices')!;
    await test.database.transaction((tx) => feed.apply(tx, [listPriceOf('A', '3')]));
    expect((await shop.decide({ decision: 'APPROVED', of: { id: second!.id } })).userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true }]);
    expect(await shop.priceOf('A', null)).toBe('100');
  });
});
