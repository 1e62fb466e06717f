import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineNumbersOf } from '../../../../connectors/odoo/order.map.ts';
import { representPrice } from '../../../../connectors/odoo/line-price.ts';
import { lineNotes, orderNotes, showAmount } from '../../../../connectors/odoo/order-notes.ts';
import { add, decimal, divide, equals, isZero, multiply, round, subtract, ZERO } from '../../../../domain/decimal.ts';
import type { NewOrder, NewOrderLine } from '../../../../domain/orders.ts';
import { calendarDate, instant } from '../../../../domain/time.ts';

const NEW = { priceDigits: null, percentDigits: 2 };
const OLD = { priceDigits: 2, percentDigits: 2 };
const line = (quantity: string, unitPrice: string, discount: string) => ({ quantity: decimal(quantity), unitPrice: decimal(unitPrice), discount: decimal(discount) });

const cents = (max: number) => fc.integer({ min: 1, max }).map((value) => divide(decimal(value), decimal('100')));
const discounted = fc.record({ quantity: cents(50_000), unitPrice: cents(100_000), share: fc.integer({ min: 0, max: 100 }) }).map(({ quantity, unitPrice, share }) => ({
  quantity, unitPrice, discount: round(divide(multiply(multiply(quantity, unitPrice), decimal(share)), decimal('100')), 2, 'DOWN'),
}));

describe('a line\'s discount', () => {
  it.each([
    [line('3', '10', '3'), NEW, { unitPrice: '10', percent: '10', rest: '0', folded: false }],
    [line('7', '9.99', '0'), NEW, { unitPrice: '9.99', percent: '0', rest: '0', folded: false }],
    [line('7', '9.99', '33.33'), NEW, { unitPrice: '5.228571428571', percent: '0', rest: '0', folded: true }],
    [line('2', '9.99', '1.98'), OLD, { unitPrice: '9', percent: '0', rest: '0', folded: true }],
    [line('7', '9.99', '33.33'), OLD, { unitPrice: '9.99', percent: '0', rest: '-33.33', folded: false }],
    [line('1', '10', '10'), OLD, { unitPrice: '10', percent: '100', rest: '0', folded: false }],
  ])('of %j at %j', (given, precision, expected) => expect(representPrice(given, precision, 2)).toEqual(expected));

  it('is never a penny wrong, as a server reckons: in binary numbers, rounded in the end', () => {
    fc.assert(fc.property(discounted, fc.constantFrom(NEW, OLD), (given, precision) => {
      const { unitPrice, percent, rest } = representPrice(given, precision, 2);
      const asked = isZero(given.discount) ? multiply(given.quantity, given.unitPrice) : subtract(round(multiply(given.quantity, given.unitPrice), 2, 'HALF_UP'), given.discount);
      const reckoned = Number(given.quantity) * (Number(unitPrice) * (1 - Number(percent) / 100)) + Number(rest);
      // What is not whole cents before any discount (0.25 x 9.99) is for the server to round with everything else.
      const unrounded = rest === ZERO ? ZERO : subtract(multiply(given.quantity, given.unitPrice), round(multiply(given.quantity, given.unitPrice), 2, 'HALF_UP'));
      expect(Math.abs(reckoned - Number(add(asked, unrounded)))).toBeLessThan(1e-6);
    }));
  });

  it('is a percentage only where that is exact', () => {
    fc.assert(fc.property(discounted, (given) => {
      const { percent } = representPrice(given, NEW, 2);
      const whole = multiply(given.quantity, given.unitPrice);
      if (isZero(percent)) return;
      expect(equals(multiply(whole, subtract(decimal('100'), percent)), multiply(subtract(round(whole, 2, 'HALF_UP'), given.discount), decimal('100')))).toBe(true);
    }));
  });
});

describe('what Odoo has no column for', () => {
  const order: NewOrder = {
    reference: 'T-1', customerId: '9', channel: null, currencyCode: 'EUR', priceListCode: null, shipTo: null, requestedOn: calendarDate('2026-12-01'), note: null, placedAt: instant('2026-11-21T10:00:00Z'), lines: [],
    carrierCode: 'DHL', exchangeRate: { baseCurrencyCode: 'USD', rate: decimal('0.9'), asOf: instant('2026-11-20T12:00:00Z') },
    payments: [{ methodCode: 'visa', kind: 'AUTHORISED', amount: { amount: decimal('12.5'), currencyCode: 'EUR' }, reference: 'ch_1' }],
  };
  it('is said in words', () => {
    expect(orderNotes(order, { ownRate: decimal('0.9000000001'), carrierKept: true })).toEqual(['Payment: 12.50 EUR by visa, authorised, reference ch_1']);
    expect(orderNotes(order, { ownRate: null, carrierKept: false }).slice(1)).toEqual(['Carrier: DHL', 'Exchange rate agreed: 1 USD = 0.9 EUR, 2026-11-20']);
  });
  it('is said of a line where it is of that line', () => {
    const own: NewOrderLine = { lineNumber: 1, sku: 'A', quantity: decimal('2'), unitPrice: { amount: decimal('1'), currencyCode: 'EUR' }, discount: decimal('0.33'), locationCode: 'EAST', requestedOn: calendarDate('2026-12-03') };
    expect(lineNotes(order, own, { warehouse: 'MAIN', folded: true })).toEqual(['0.33 EUR off is in the unit price', 'Asked for by 2026-12-03', 'To be taken from EAST']);
    expect(lineNotes(order, { ...own, locationCode: null, requestedOn: calendarDate('2026-12-01') }, { warehouse: 'MAIN', folded: false })).toEqual([]);
  });
  it('names amounts with the digits of their currency', () => {
    expect([showAmount(decimal('20'), 'USD'), showAmount(decimal('20'), 'JPY'), showAmount(decimal('1.5'), 'KWD')]).toEqual(['20.00 USD', '20 JPY', '1.500 KWD']);
  });
});

describe('line numbers', () => {
  it('are the sequences; one that several lines have is nobody\'s, nor are charges\'', () => {
    const rows = [[1, 1], [2, 7], [3, 10], [4, 10], [5, 100_000], [6, 0]].map(([id, sequence]) => ({ id: id!, sequence: sequence! }));
    expect([...lineNumbersOf(rows)]).toEqual([[1, 1], [2, 7]]);
  });
});
