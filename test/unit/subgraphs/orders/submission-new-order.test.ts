import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { asFailure, type Failure } from '../../../../domain/failure.ts';
import { instant } from '../../../../domain/time.ts';
import { createCodeBook, missingCodesOf, type CodeKind } from '../../../../subgraphs/orders/codes/code-map.ts';
import type { LineRecord, OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { codesNeeded, newOrderOf } from '../../../../subgraphs/orders/submission/new-order.ts';

const order = (more: Partial<OrderRecord> = {}): OrderRecord => ({
  number: 'W-1', channel: 'web', externalOrderId: 'X-9', currencyCode: 'EUR', priceListCode: null, shipTo: null, billTo: null, requestedOn: null, carrierCode: null,
  note: null, total: decimal('29.50'), taxIncluded: false, exchangeRate: null, placedAt: instant(0), routing: [],
  charges: [{ kind: 'SHIPPING', code: 'STANDARD', description: null, amount: decimal('4.90'), taxes: null }],
  payments: [{ methodCode: 'CARD', kind: 'AUTHORISED', amount: decimal('29.50'), reference: 'auth-1' }],
  ...more,
} as OrderRecord);

const line = (lineNumber: number, more: Partial<LineRecord> = {}): LineRecord => ({
  orderId: 'o', lineNumber, sku: `SKU-${lineNumber}`, skuOverride: null, erpSku: null, quantity: decimal('2'), orderedQuantity: decimal('2'), unitPrice: decimal('12.30'),
  lineTotal: decimal('24.60'), discount: decimal('0'), taxes: null, shipTo: null, requestedOn: null, shippedQuantity: decimal('0'), ...more,
} as LineRecord);

const book = (...rows: [CodeKind, string, string][]) => createCodeBook('erp', rows.map(([kind, ours, theirs]) => ({ kind, ours, theirs })));
const complete = book(['PAYMENT', 'CARD', 'stripe'], ['CHARGE', '*', 'SHIP01'], ['TAX', 'DE19', '19% USt'], ['CARRIER', 'DHL', 'delivery_dhl'], ['SKU', 'SKU-1', 'ART-0001']);

describe('an order as the ERP is told of it', () => {
  it('is in the ERP\'s codes, and ours where SKU and carrier are not mapped', () => {
    const taxes = [{ code: 'DE19', ratePercent: decimal('19'), amount: decimal('4.67') }];
    const told = newOrderOf(order({ carrierCode: 'POST' }), [line(1, { taxes }), line(2)], '7', complete);
    expect(told).toMatchObject({
      reference: 'W-1', customerId: '7', externalOrderId: 'X-9', carrierCode: 'POST', total: { amount: '29.5', currencyCode: 'EUR' }, taxIncluded: false,
      lines: [{ lineNumber: 1, sku: 'ART-0001', taxes: [{ code: '19% USt', amount: '4.67' }] }, { lineNumber: 2, sku: 'SKU-2', taxes: null }],
      charges: [{ kind: 'SHIPPING', code: 'SHIP01', amount: '4.9', taxes: null }],
      payments: [{ methodCode: 'stripe', amount: { amount: '29.5', currencyCode: 'EUR' }, reference: 'auth-1' }],
    });
    expect(newOrderOf(order({ carrierCode: 'DHL' }), [line(1)], '7', complete).carrierCode).toBe('delivery_dhl');
  });

  it('leaves cancelled lines out, with what only they need', () => {
    const gone = line(2, { quantity: decimal('0'), taxes: [{ code: 'UNKNOWN', ratePercent: null, amount: decimal('1') }] });
    expect(newOrderOf(order(), [line(1), gone], '7', complete).lines.map(({ lineNumber }) => lineNumber)).toEqual([1]);
  });

  it('tells a location only where the whole line leaves from it', () => {
    const hint = (lineNumber: number, locationCode: string) => ({ lineNumber, sku: 'x', locationCode, quantity: decimal('1'), dueOn: null });
    const routing = [hint(1, 'MAIN'), hint(1, 'MAIN'), hint(2, 'MAIN'), hint(2, 'EAST')];
    const told = newOrderOf(order({ routing }), [line(1), line(2), line(3)], '7', complete);
    expect(told.lines.map(({ locationCode }) => locationCode)).toEqual(['MAIN', null, null]);
    expect(told.routing).toEqual(routing);
  });

  it('takes an override before the code map', () => {
    expect(newOrderOf(order(), [line(1, { skuOverride: 'ART-0001-B' })], '7', complete).lines[0]!.sku).toBe('ART-0001-B');
  });

  it('names every code without a mapping and its remedy', () => {
    const failure = ((): Failure => {
      try {
        newOrderOf(order(), [line(1)], '7', book(['CHARGE', 'EXPRESS', 'X']));
        throw new Error('not refused');
      } catch (error) {
        return asFailure(error);
      }
    })();
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', system: 'erp' });
    expect(failure.message).toContain('no PAYMENT code of erp for "CARD": set one with setCodeMapping(kind: PAYMENT, ours: "CARD", theirs: ...), then retryOrder');
    expect(failure.message).toContain('no CHARGE code of erp for "STANDARD"');
    expect(missingCodesOf(failure)).toEqual([{ kind: 'CHARGE', ours: 'STANDARD' }, { kind: 'PAYMENT', ours: 'CARD' }]);
  });

  it('asks for each code once, and with all of them mapped never refuses', () => {
    const code = fc.constantFrom('A', 'B', 'C', '*');
    const tax = code.map((name) => ({ code: name, ratePercent: null, amount: decimal('1') }));
    const anyLine = fc.record({ sku: code, quantity: fc.constantFrom(decimal('0'), decimal('3')), taxes: fc.option(fc.array(tax, { maxLength: 3 })) });
    fc.assert(fc.property(fc.array(anyLine, { maxLength: 6 }), fc.array(code, { maxLength: 4 }), (lines, methods) => {
      const records = lines.map((one, index) => line(index + 1, one));
      const paid = order({ payments: methods.map((methodCode) => ({ methodCode, kind: 'CAPTURED', amount: decimal('1'), reference: null })) });
      const needs = codesNeeded(paid, records);
      expect(new Set(needs.map(({ kind, ours }) => `${kind} ${ours}`)).size).toBe(needs.length);
      const mapped = createCodeBook('erp', needs.map(({ kind, ours }) => ({ kind, ours, theirs: `${kind}:${ours}` })));
      const told = newOrderOf(paid, records, '1', mapped);
      expect(told.lines).toHaveLength(lines.filter(({ quantity }) => quantity !== '0').length);
      expect(told.payments!.every(({ methodCode }) => methodCode.startsWith('PAYMENT:'))).toBe(true);
      expect(told.lines.every(({ sku, taxes }) => sku.startsWith('SKU:') && (taxes ?? []).every((one) => one.code.startsWith('TAX:')))).toBe(true);
    }));
  });
});
