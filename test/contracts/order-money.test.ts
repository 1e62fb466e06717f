import { afterAll, describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { calendarDate, instant, type CalendarDate } from '../../domain/time.ts';
import { withBoxes } from './erp-desk.ts';
import { lineOf, movesOf, newOrder, someCarrier, withIncludedTax, withPriceList } from './order-desk.ts';
import { call, openTargets } from './targets.ts';

const TAX = 'Sales tax 10%';
const taxes = (code: string, rate: string, amount: string) => [{ code, ratePercent: decimal(rate), amount: decimal(amount) }];
const BILL_TO = { name: 'Accounts', company: null, line1: 'Rechnungsweg 1', line2: null, city: 'Bremen', region: null, postalCode: '28195', countryCode: 'DE', phone: null };

for (const { name, connector, seededOn, desk } of await openTargets()) {
  const { orders, customers } = connector;
  if (orders === undefined || customers === undefined || seededOn === null || desk === null) continue;
  const created: string[] = [];
  const place = async (order: NewOrder) => {
    const placed = await orders.createOrder(order, call());
    created.push(placed.id);
    return placed;
  };
  const linesOf = (id: string) => desk<{ product_id: [number, string] | false; name: string; sequence: number; price_unit: number; discount: number; price_subtotal: number }[]>('sale.order.line', 'search_read', {
    domain: [['order_id', '=', Number(id)]], fields: ['product_id', 'name', 'sequence', 'price_unit', 'discount', 'price_subtotal'], order: 'sequence, id',
  });

  describe(`money of orders of ${name}`, () => {
    afterAll(async () => {
      for (const id of created) await orders.cancelOrder?.(id, call());
    });

    it('is the same to the penny: discounts, charges, taxes; and our line numbers come back', async () => {
      const placed = await place(await newOrder(connector, [
        lineOf(1, 'CUP-ESP', '7', '9.99', { discount: decimal('33.33'), taxes: taxes(TAX, '10', '3.66') }),
        lineOf(2, 'MUG-02', '3', '10', { discount: decimal('3'), taxes: null }),
        lineOf(5, 'TEA-KG', '0.25', '40', { taxes: [] }),
      ], {
        charges: [
          { kind: 'SHIPPING', code: 'SETUP', description: 'Shipping', amount: decimal('4.90'), taxes: taxes(TAX, '10', '0.49') },
          { kind: 'DISCOUNT', code: 'SETUP', description: 'WELCOME5', amount: decimal('-5'), taxes: taxes(TAX, '10', '-0.50') },
        ],
      }));
      expect(placed).toMatchObject({ state: 'CONFIRMED', total: { amount: '79.85', currencyCode: 'USD' }, tax: { amount: '6.35', currencyCode: 'USD' } });
      expect(placed.lines.map(({ sku, lineNumber }) => [sku, lineNumber])).toEqual([['CUP-ESP', 1], ['MUG-02', 2], ['TEA-KG', 5], ['SETUP', null], ['SETUP', null]]);
      const rows = await linesOf(placed.id);
      expect(rows.map(({ discount, price_subtotal: net }) => [discount, net])).toEqual([[0, 36.6], [0, 0], [10, 27], [0, 10], [0, 4.9], [0, -5]]);
      expect(rows[1]).toMatchObject({ product_id: false, name: '33.33 USD off is in the unit price' });
      expect(await orders.findOrder(placed.reference!, call())).toEqual(placed);
    });

    it('may have its taxes in it, and be of another currency', async () => {
      await withPriceList(desk, 'EUR', () => withIncludedTax(desk, async (code) => {
        const eur = (amount: string) => ({ unitPrice: { amount: decimal(amount), currencyCode: 'EUR' } });
        const placed = await place(await newOrder(connector, [
          lineOf(1, 'CUP-ESP', '7', '0', { ...eur('9.99'), discount: decimal('33.33'), taxes: taxes(code, '19', '5.84') }),
          lineOf(2, 'MUG-02', '3', '0', { ...eur('10.99'), taxes: taxes(code, '19', '5.26') }),
        ], {
          currencyCode: 'EUR', taxIncluded: true, exchangeRate: { baseCurrencyCode: 'USD', rate: decimal('0.87'), asOf: instant('2026-11-20T12:00:00Z') },
          charges: [
            { kind: 'SHIPPING', code: 'SETUP', description: null, amount: decimal('4.95'), taxes: taxes(code, '19', '0.79') },
            { kind: 'DISCOUNT', code: 'SETUP', description: null, amount: decimal('-3'), taxes: taxes(code, '19', '-0.48') },
          ],
        }));
        expect(placed).toMatchObject({ total: { amount: '71.52', currencyCode: 'EUR' }, tax: { amount: '11.42', currencyCode: 'EUR' } });
        expect((await linesOf(placed.id)).map((line) => line.name)).toContain('Exchange rate agreed: 1 USD = 0.87 EUR, 2026-11-20 (here: 0.9)');
        const onTop = await newOrder(connector, [lineOf(1, 'CUP-ESP', '1', '10', { taxes: taxes(code, '19', '1.6') })]);
        await expect(orders.createOrder(onTop, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', message: expect.stringContaining(code) as string });
      }));
    });

    it('is paid as told: terms, references and every payment in words; carrier, other number and bill-to with it', async () => {
      const carrierCode = await someCarrier(desk);
      const payment = { amount: { amount: decimal('20'), currencyCode: 'USD' } };
      const placed = await place(await newOrder(connector, [lineOf(1, 'MUG-02', '3', '10')], {
        externalOrderId: '114-9921', carrierCode, billTo: BILL_TO, requestedOn: calendarDate('2026-12-24'),
        payments: [
          { ...payment, methodCode: 'GIFT', kind: 'GIFT_CARD', reference: 'GC-77' },
          { ...payment, methodCode: 'Net 30', kind: 'ON_ACCOUNT', reference: null },
        ],
      }));
      const [row] = await desk<{ carrier_id: [number, string]; partner_invoice_id: [number, string]; payment_term_id: [number, string] }[]>('sale.order', 'read', {
        ids: [Number(placed.id)], fields: ['origin', 'reference', 'carrier_id', 'payment_term_id', 'partner_invoice_id', 'commitment_date'],
      });
      expect(row).toMatchObject({ origin: '114-9921', reference: 'GC-77', commitment_date: '2026-12-24 12:00:00' });
      expect([row!.carrier_id[1], row!.payment_term_id[1], row!.partner_invoice_id[1]]).toEqual([carrierCode, 'Net 30', expect.stringContaining('Accounts')]);
      const notes = (await linesOf(placed.id)).filter(({ product_id: product }) => product === false).map((line) => line.name);
      expect(notes).toEqual(['Payment: 20.00 USD by GIFT, gift card, reference GC-77', 'Payment: 20.00 USD by Net 30, on account']);
    });

    it('counts in the unit asked for', () => withBoxes(desk, 'CUP-ESP', async (unitCode) => {
      const placed = await place(await newOrder(connector, [lineOf(1, 'CUP-ESP', '2', '100', { unitCode, taxes: [] })]));
      expect(placed).toMatchObject({ total: { amount: '200' }, lines: [{ sku: 'CUP-ESP', quantity: '2', lineNumber: 1 }] });
      expect((await movesOf(desk, placed.id)).get(1)!.map((move) => move.product_uom_qty)).toEqual([24]);
      const outcome = await orders.amendOrder!(placed.id, { lines: [{ lineNumber: 1, sku: 'CUP-ESP', quantity: decimal('3') }] }, call());
      expect(outcome).toMatchObject({ kind: 'APPLIED', order: { total: { amount: '300' } } });
      expect((await movesOf(desk, placed.id)).get(1)!.map((move) => move.product_uom_qty)).toEqual([36]);
      await orders.cancelOrder!(placed.id, call());
    }));

    it('ships from where routing plans it; several places are told line by line', async () => {
      const at = (locationCode: string, dueOn: CalendarDate | null = null) => ({ lineNumber: 1, sku: 'MUG-02', locationCode, quantity: decimal('1'), dueOn });
      const anywhere = [lineOf(1, 'MUG-02', '2', '10', { locationCode: null })];
      const one = await place(await newOrder(connector, anywhere, { routing: [at('EAST')] }));
      const several = await place(await newOrder(connector, anywhere, { routing: [at('EAST'), at('MAIN', calendarDate('2026-12-01'))] }));
      const [row] = await desk<{ warehouse_id: [number, string] }[]>('sale.order', 'read', { ids: [Number(one.id)], fields: ['warehouse_id'] });
      expect(await desk('stock.warehouse', 'read', { ids: [row!.warehouse_id[0]], fields: ['code'] })).toMatchObject([{ code: 'EAST' }]);
      expect((await linesOf(several.id)).slice(1).map((line) => line.name)).toEqual(['Planned from EAST: 1', 'Planned from MAIN: 1, there on 2026-12-01']);
    });

    it.each<[string, Partial<NewOrder>, string]>([
      ['tax', { lines: [lineOf(1, 'MUG-02', '1', '10', { taxes: taxes('NO-TAX', '5', '1') })] }, 'NO-TAX'],
      ['charge', { charges: [{ kind: 'SHIPPING', code: 'NO-SHIPPING', description: null, amount: decimal('5') }] }, 'NO-SHIPPING'],
      ['charge that would be shipped', { charges: [{ kind: 'SHIPPING', code: 'MUG-01', description: null, amount: decimal('5') }] }, 'MUG-01'],
      ['carrier', { carrierCode: 'PIGEON' }, 'PIGEON'],
      ['unit', { lines: [lineOf(1, 'MUG-02', '1', '10', { unitCode: 'bushel' })] }, 'bushel'],
      ['unit of another kind', { lines: [lineOf(1, 'MUG-02', '1', '10', { unitCode: 'kg' })] }, 'kg'],
      ['country of who pays', { billTo: { ...BILL_TO, countryCode: 'ZZ' } }, 'ZZ'],
      ['country of a line', { lines: [lineOf(1, 'MUG-02', '1', '10', { shipTo: { ...BILL_TO, countryCode: 'ZZ' } })] }, 'ZZ'],
    ])('with a %s that is not there is refused before anything is written', async (_what, over, code) => {
      const order = await newOrder(connector, [lineOf(1, 'MUG-02', '1', '10')], over);
      await expect(orders.createOrder(order, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', retryable: false, message: expect.stringContaining(code) as string });
      expect(await orders.findOrder(order.reference, call())).toBeNull();
    });
  });
}
