import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { ErpPriceCheck } from '../../../../domain/quotes.ts';
import { createPlaceOrder, type PlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { priceChangesOf } from '../../../../subgraphs/orders/placing/price-refusals.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from './harness.ts';

let world: World;
let place: PlaceOrder;
beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(world.dependencies(), QUICK);
});
afterAll(() => world.close());

const eur = (amount: string) => money(decimal(amount), 'EUR');
const lines = [{ sku: 'A', quantity: decimal('2') }, { sku: 'B', quantity: decimal('1') }];
const differs: ErpPriceCheck = { kind: 'DIFFERENT', line: 1, sku: 'B', ours: eur('10.995'), theirs: eur('12') };
const gone: ErpPriceCheck = { ...differs, theirs: null };
const silent: ErpPriceCheck = { kind: 'UNVERIFIED', line: 0, sku: 'A', reason: 'erp did not answer within 300 ms' };

describe('an order whose prices the ERP is asked for', () => {
  it('is placed without a word where it confirms them', async () => {
    world.prices.erpPrices = { refuses: true, checks: [] };
    const { order, warnings } = await place(basket({ lines }), scopeOf());
    expect(order).not.toBeNull();
    expect(warnings).toEqual([]);
    expect(world.prices.asked.at(-1)).toMatchObject({ atCheckout: true });
  });

  it('is placed with a warning where they differ, and where the ERP is silent, and keeps both', async () => {
    world.prices.erpPrices = { refuses: false, checks: [silent, differs, gone] };
    const input = basket({ lines });
    const { order, warnings } = await place(input, scopeOf());
    expect(warnings.map(({ code, field }) => [code, field.join('.')])).toEqual([['PRICE_UNVERIFIED', 'lines.0'], ['PRICE_DIFFERS', 'lines.1'], ['PRICE_DIFFERS', 'lines.1']]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'the price of A is not verified by the ERP: erp did not answer within 300 ms',
      'one of B is 10.995 EUR here before promotions; the ERP charges 12 EUR', 'one of B is 10.995 EUR here before promotions; the ERP has no price of its own',
    ]);
    expect((await place(input, scopeOf())).warnings).toEqual(warnings);
    expect(order!.warnings).toEqual(warnings);
  });

  it('is refused with both prices where the house sells at the ERP\'s only', async () => {
    world.prices.erpPrices = { refuses: true, checks: [silent, differs] };
    const { order, userErrors } = await place(basket({ lines }), scopeOf());
    expect(order).toBeNull();
    expect(userErrors.map(({ code, field }) => [code, field.join('.')])).toEqual([['PRICE_CHANGED', 'lines.1']]);
    expect(priceChangesOf(userErrors)).toEqual([{ line: 1, sku: 'B', quoted: { unitPrice: eur('10.995'), net: null }, current: { unitPrice: eur('12'), net: null } }]);
  });

  it('is refused where the ERP has no price at all, and placed with a warning where it only is silent', async () => {
    world.prices.erpPrices = { refuses: true, checks: [gone] };
    expect((await place(basket({ lines }), scopeOf())).userErrors).toMatchObject([{ code: 'PRICE_CHANGED', field: ['lines', '1'] }]);
    world.prices.erpPrices = { refuses: true, checks: [silent] };
    expect((await place(basket({ lines }), scopeOf())).warnings).toMatchObject([{ code: 'PRICE_UNVERIFIED' }]);
  });
});
