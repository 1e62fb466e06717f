import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, equals, isPositive, least, subtract, sum, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import type { Problem } from '../../../../subgraphs/orders/placing/text-validation.ts';
import type { LineRecord } from '../../../../subgraphs/orders/records.ts';
import type { RefundRecord, ReturnCase, WorkRecord } from '../../../../subgraphs/orders/returns/records.ts';
import { payable } from '../../../../subgraphs/orders/returns/refund-amounts.ts';
import { planRefund, type RefundAsked, type RefundContext } from '../../../../subgraphs/orders/returns/refund-plan.ts';
import { refundableByLine } from '../../../../subgraphs/orders/returns/return-case.ts';

/*
 * Whole orders with prices, discounts, taxes and delivery, sent back in several returns and refunded in any portions. What
 * was paid is counted here in cents from the order alone; nothing of the refund arithmetic is used for it.
 */

const money = (cents: number): Decimal => decimal((cents / 100).toFixed(2));
const cents = (amount: Decimal): number => Math.round(Number(amount) * 100);
const NOW = instant('2026-01-01T00:00:00Z');

interface Ordered {
  readonly quantity: number;
  readonly totalCents: number;
  readonly discountCents: number;
  readonly taxCents: number;
}

const ordered = fc.record({ quantity: fc.integer({ min: 1, max: 6 }), totalCents: fc.integer({ min: 300, max: 50_000 }), discountCents: fc.integer({ min: 0, max: 90 }), taxCents: fc.integer({ min: 0, max: 4_000 }) });
const scenario = fc.record({
  lines: fc.array(ordered, { minLength: 1, maxLength: 4 }), discountCents: fc.integer({ min: 0, max: 90 }), shippingCents: fc.integer({ min: 0, max: 2_000 }),
  taxIncluded: fc.boolean(), parts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 24, maxLength: 24 }),
});

const lineRecord = ({ quantity, totalCents, discountCents, taxCents }: Ordered, index: number): LineRecord => ({
  lineNumber: index + 1, sku: `S${index}`, quantity: decimal(quantity), lineTotal: money(totalCents), discount: money(discountCents), taxes: [{ code: 'T', ratePercent: null, amount: money(taxCents) }],
} as Partial<LineRecord> as LineRecord);

const work = Object.fromEntries((['GOODS', 'MONEY', 'EXCHANGE'] as const).map((lane) => [lane, { state: 'NONE' } as WorkRecord])) as ReturnCase['work'];

/** A return of `pieces` of every line, all of which came. */
const caseOf = (id: string, lines: readonly LineRecord[], pieces: (line: LineRecord) => Decimal, refunds: readonly RefundRecord[]): ReturnCase => {
  const asked = lines.filter((line) => isPositive(pieces(line)));
  return {
    rma: { id, decision: 'AUTHORISED', closedAt: null, erpState: null, erpReceived: {} } as ReturnCase['rma'],
    lines: asked.map((line) => ({ rmaId: id, lineNumber: line.lineNumber, sku: line.sku, erpSku: line.sku, quantity: pieces(line), reason: 'OTHER', note: null })),
    receipts: asked.map((line) => ({ id: '1', rmaId: id, lineNumber: line.lineNumber, sku: line.sku, quantity: pieces(line), disposition: 'RESTOCK', note: null, receivedAt: NOW, receivedBy: 'x' })),
    refunds, work, told: [], memos: [],
  };
};

/** Refunds everything, in portions, over two returns; answers the refunds. */
function refundAll(given: typeof scenario extends fc.Arbitrary<infer T> ? T : never): { refunds: RefundRecord[]; problems: Problem[] } {
  const lines = given.lines.map(lineRecord);
  const charges = [
    { kind: 'SHIPPING' as const, code: 'SHIP', description: null, amount: money(given.shippingCents), taxes: [{ code: 'T', ratePercent: null, amount: money(Math.round(given.shippingCents / 5)) }] },
    { kind: 'DISCOUNT' as const, code: 'VOUCHER', description: null, amount: money(-given.discountCents), taxes: [{ code: 'T', ratePercent: null, amount: ZERO }] },
  ];
  const order: RefundContext['order'] = { currencyCode: 'EUR', taxIncluded: given.taxIncluded, charges };
  const half = (line: LineRecord): Decimal => decimal(Math.floor(Number(line.quantity) / 2));
  const rest = (line: LineRecord): Decimal => subtract(line.quantity, half(line));
  const refunds: RefundRecord[] = [];
  const problems: Problem[] = [];
  const cases = (): ReturnCase[] => [half, rest].map((pieces, index) => caseOf(String(index), lines, pieces, refunds.filter(({ rmaId }) => rmaId === String(index))));
  given.parts.forEach((part, turn) => {
    const all = cases();
    const found = all[turn % 2]!;
    const asked = [...refundableByLine(found)].filter(([, open]) => isPositive(open)).map(([lineNumber, open]) => ({ lineNumber, quantity: least(open, decimal(part)), amount: null }));
    if (asked.length === 0) return;
    const request: RefundAsked = { lines: asked, shippingRefund: refunds.length === 0 ? money(given.taxIncluded ? given.shippingCents : given.shippingCents + Math.round(given.shippingCents / 5)) : null, restockingFee: null };
    const plan = planRefund(request, { order, orderLines: lines, found, all }, problems);
    refunds.push({ ...plan, id: String(turn), rmaId: found.rma.id, reference: `CM-${turn}`, reason: 'x', currencyCode: 'EUR', requestedBy: 'x', requestedAt: NOW });
  });
  return { refunds, problems };
}

describe('refunds of a whole order, in portions, over two returns', () => {
  it('give back exactly what was paid, with its tax', () => {
    fc.assert(fc.property(scenario, (given) => {
      const { refunds, problems } = refundAll(given);
      expect(problems).toEqual([]);
      // Some portions may not have had their turn.
      fc.pre(sum(refunds.flatMap(({ lines }) => lines.map(({ quantity }) => quantity))) === decimal(given.lines.reduce((all, { quantity }) => all + quantity, 0)));
      const value = given.lines.reduce((all, line) => all + line.totalCents - line.discountCents, 0);
      const tax = given.lines.reduce((all, line) => all + line.taxCents, 0) + Math.round(given.shippingCents / 5);
      const before = value - given.discountCents + given.shippingCents;
      expect(refunds.reduce((all, refund) => all + cents(refund.total!), 0)).toBe(given.taxIncluded ? before : before + tax);
      expect(refunds.reduce((all, refund) => all + cents(refund.tax!), 0)).toBe(tax);
      for (const refund of refunds) {
        expect(equals(add(refund.net!, refund.tax!), refund.total!)).toBe(true);
        const parts = add(sum(refund.lines.map(payable)), sum(refund.charges.map((charge) => charge.payable)));
        expect(equals(parts, refund.total!)).toBe(true);
      }
      // The ERP credits its own lines whole; with the shares of the discount it comes to the same.
      const off = sum(refunds.flatMap(({ charges }) => charges).filter(({ kind }) => kind === 'DISCOUNT').map(({ amount }) => amount));
      expect(cents(off)).toBe(-given.discountCents || 0);
    }));
  });

  it('never give back a line twice, nor more of delivery than it cost', () => {
    fc.assert(fc.property(scenario, (given) => {
      const { refunds } = refundAll(given);
      for (const [index, line] of given.lines.entries()) {
        const back = sum(refunds.flatMap(({ lines }) => lines).filter(({ lineNumber }) => lineNumber === index + 1).map(({ quantity }) => quantity));
        expect(compare(back, decimal(line.quantity))).toBeLessThanOrEqual(0);
      }
      const lines = given.lines.map(lineRecord);
      const found = caseOf('0', lines, (line) => line.quantity, []);
      const problems: Problem[] = [];
      const order: RefundContext['order'] = { currencyCode: 'EUR', taxIncluded: true, charges: [{ kind: 'SHIPPING', code: 'SHIP', description: null, amount: money(given.shippingCents), taxes: null }] };
      planRefund({ lines: null, shippingRefund: money(given.shippingCents + 1), restockingFee: null }, { order, orderLines: lines, found, all: [found] }, problems);
      expect(problems.map(({ field }) => field)).toEqual([['shippingRefund']]);
    }));
  });
});
