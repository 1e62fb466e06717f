import { describe, expect, it } from 'vitest';
import type { PriceQuestion } from '../../domain/connector.ts';
import { compare, decimal, divide, multiply, subtract, type Decimal } from '../../domain/decimal.ts';
import type { ListPrice, PriceRule } from '../../domain/pricing.ts';
import { instant } from '../../domain/time.ts';
import { addDaysTo, expectedPrice, readSeed, skusOf } from './seed-oracle.ts';
import { call, openTargets, readPass } from './targets.ts';

const QUANTITIES = [1, 10, 24, 100];
const DAYS = [-45, 0, 75];

for (const { name, connector, seededOn } of await openTargets()) {
  const { prices, capabilities } = connector;
  if (prices === undefined) continue;
  const seed = readSeed();
  const listCodes = async (): Promise<Map<string, string>> => {
    const found = await readPass(prices.listPriceLists);
    return new Map(seed!.priceLists.map((list) => [list.code, found.find((one) => one.name === list.name)!.code]));
  };
  describe(`prices of ${name}`, () => {
    it.skipIf(seededOn === null)('have the list price and cost of every SKU', async () => {
      const found = new Map((await readPass(prices.listPrices, 17)).map((price) => [price.sku, price]));
      for (const { sku, product } of skusOf(seed!)) {
        expect(found.get(sku)?.price, sku).toEqual({ amount: decimal(product.listPrice), currencyCode: seed!.company.currency });
        const cost = decimal(product.cost);
        expect(found.get(sku)?.cost ?? null, sku).toEqual(cost === '0' ? null : { amount: cost, currencyCode: seed!.company.currency });
      }
    });

    it.skipIf(seededOn === null)('have rules that give the seed\'s price for every SKU, list, quantity and day', async () => {
      const [rules, listPrices, lists] = [await readPass(prices.listPriceRules), await readPass(prices.listPrices), await listCodes()];
      for (const { sku } of skusOf(seed!)) for (const [list, code] of lists) for (const quantity of QUANTITIES) for (const day of DAYS) {
        const on = addDaysTo(seededOn!, day);
        const price = listPrices.find((one) => one.sku === sku)!;
        expect(applyRules(rules.filter((rule) => rule.priceListCode === code), price, decimal(quantity), `${on}T12:00:00.000Z`), `${sku} ${list} ${quantity} ${on}`)
          .toBe(expectedPrice(seed!, seededOn!, { sku, list, quantity, on }));
      }
    });

    it.skipIf(!capabilities.serverPrice || seededOn === null)('are what the ERP itself computes', async () => {
      const lists = await listCodes();
      const cases = skusOf(seed!).filter(({ product }) => (product as { active?: boolean }).active !== false).flatMap(({ sku }) =>
        [...lists].flatMap(([list, code]) => (['BOT-500', 'STAPLER', 'TEE-S-BLA'].includes(sku) ? DAYS : [0]).flatMap((day) => [1, 24, 100].map((quantity) => ({ sku, list, code, quantity, on: addDaysTo(seededOn!, day) })))));
      const questions = cases.map((one): PriceQuestion => ({
        sku: one.sku, quantity: decimal(one.quantity), priceListCode: one.code, customerId: null, currencyCode: 'USD', at: instant(`${one.on}T12:00:00.000Z`),
      }));
      for (let start = 0; start < questions.length; start += capabilities.maxBatch.price) {
        const answers = await prices.quotePrices!(questions.slice(start, start + capabilities.maxBatch.price), call());
        const part = cases.slice(start, start + capabilities.maxBatch.price);
        expect(answers.map((answer) => (answer.ok ? answer.value : answer.failure))).toEqual(part.map((one) => ({ amount: expectedPrice(seed!, seededOn!, one), currencyCode: 'USD' })));
      }
    }, 60_000);

    it.skipIf(!capabilities.serverPrice || seededOn === null)('unknown SKUs and foreign currencies have no price', async () => {
      const ask = { quantity: decimal('1'), priceListCode: (await listCodes()).get('WHOLESALE')!, customerId: null, at: instant(Date.now()) };
      expect(await prices.quotePrices!([{ ...ask, sku: 'NO-SUCH', currencyCode: 'USD' }, { ...ask, sku: 'MUG-01', currencyCode: 'EUR' }], call()))
        .toEqual([{ ok: true, value: null }, { ok: true, value: null }]);
    });
  });
}

/** First fitting rule by precedence; fixed prices and percentages off the list price are all the seed has. */
function applyRules(rules: readonly PriceRule[], price: ListPrice, quantity: Decimal, at: string): Decimal {
  const fits = ({ target, minQuantity, validFrom, validUntil }: PriceRule): boolean =>
    (target.kind === 'ALL' || (target.kind === 'SKU' && target.sku === price.sku) || (target.kind === 'GROUP' && target.groupCode === price.groupCode)
      || (target.kind === 'CATEGORY' && price.categoryCodes.includes(target.categoryCode)))
    && (minQuantity === null || compare(quantity, minQuantity) >= 0) && (validFrom === null || at >= validFrom) && (validUntil === null || at < validUntil);
  const rule = [...rules].sort((a, b) => (a.precedence < b.precedence ? -1 : 1)).find(fits);
  if (rule === undefined) return price.price.amount;
  if (rule.formula.kind === 'FIXED') return rule.formula.amount;
  if (rule.formula.kind !== 'PERCENT_OFF') throw new Error('not in the seed');
  return decimal(subtract(price.price.amount, divide(multiply(price.price.amount, rule.formula.percent), decimal('100'))));
}
