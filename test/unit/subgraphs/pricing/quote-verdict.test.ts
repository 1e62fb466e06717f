import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, decimal, multiply, type Decimal } from '../../../../domain/decimal.ts';
import type { BasketLine } from '../../../../domain/inventory.ts';
import { money } from '../../../../domain/money.ts';
import type { PriceOutcome } from '../../../../domain/pricing.ts';
import { instant } from '../../../../domain/time.ts';
import type { SealedLine, SealedQuote } from '../../../../subgraphs/pricing/quotes/quote-seal.ts';
import { judgeQuote, type JudgedBasket } from '../../../../subgraphs/pricing/quotes/quote-verdict.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const d = (text: string): Decimal => decimal(text);

const line = (sku: string, quantity: string, unitPrice: string, net: string, unit: string | null = null): SealedLine => ({ sku, quantity: d(quantity), unit, unitPrice: d(unitPrice), net: d(net) });
const quoteOf = (lines: readonly SealedLine[], more: Partial<SealedQuote> = {}): SealedQuote => ({
  id: 'Q', who: 'buyer', channel: 'web', currencyCode: 'USD', issuedAt: instant(NOW - 1_000), expiresAt: instant(NOW + 1_000), lines, ...more,
});

/** What pricing says of such a line; the discount stands between the total and the net. */
const priced = ({ sku, quantity, unitPrice, net }: SealedLine, currency = 'USD'): PriceOutcome => ({
  kind: 'PRICED', line: {
    sku, quantity, unitPrice: money(unitPrice, currency), listPrice: money(unitPrice, currency), lineTotal: money(add(net, d('1')), currency), discount: d('1'), promotions: [],
    layer: 'BASE', priceListCode: null, ruleReference: null, breakQuantity: null, asOf: instant(NOW),
  },
});

const basketOf = (lines: readonly SealedLine[], more: Partial<JudgedBasket> = {}): JudgedBasket => ({
  lines: lines.map(({ sku, quantity, unit }): BasketLine => ({ sku, quantity, unit })), who: 'buyer', channel: 'web', outcomes: lines.map((one) => priced(one)), nowMs: NOW, ...more,
});

const TWO = [line('A', '2', '10.995', '21'), line('B', '1.5', '3', '4', 'BOX')];

describe('what a quote is worth', () => {
  it('is its word while every line costs what was quoted', () => {
    expect(judgeQuote(quoteOf(TWO), basketOf(TWO))).toEqual({ kind: 'STANDS', quoteId: 'Q' });
  });

  it('is nothing from the instant it ends at', () => {
    expect(judgeQuote(quoteOf(TWO, { expiresAt: instant(NOW) }), basketOf(TWO))).toEqual({ kind: 'EXPIRED', expiredAt: instant(NOW) });
    expect(judgeQuote(quoteOf(TWO, { expiresAt: instant(NOW + 1) }), basketOf(TWO)).kind).toBe('STANDS');
  });

  it.each<[string, readonly SealedLine[], Partial<JudgedBasket>, RegExp]>([
    ['another buyer', TWO, { who: 'other' }, /another buyer/],
    ['another channel', TWO, { channel: null }, /for the channel web, this is no channel/],
    ['more of a line', [line('A', '3', '10.995', '21'), TWO[1]!], {}, /lines\.0 \(3 A\) is not what was quoted/],
    ['another unit', [TWO[0]!, line('B', '1.5', '3', '4')], {}, /lines\.1 \(1\.5 B\)/],
    ['a line more', [...TWO, TWO[0]!], {}, /lines\.2 \(2 A\)/],
    ['a line less', [TWO[0]!], {}, /1\.5 BOX of B was quoted as well/],
    ['another currency', TWO, { outcomes: TWO.map((one) => priced(one, 'EUR')) }, /in USD, the basket in EUR/],
  ])('is nothing for %s', (_what, lines, more, difference) => {
    expect(judgeQuote(quoteOf(TWO), basketOf(lines, more))).toEqual({ kind: 'NOT_THIS_BASKET', difference: expect.stringMatching(difference) as string });
  });

  it('names both prices of a line that costs another, by unit, by net, or has none', () => {
    const dearer = { ...TWO[0]!, unitPrice: d('11'), net: d('22') };
    const sameUnit = { ...TWO[1]!, net: d('4.5') };
    expect(judgeQuote(quoteOf(TWO), basketOf(TWO, { outcomes: [priced(dearer), priced(sameUnit)] }))).toMatchObject({
      kind: 'CHANGED', quoteId: 'Q',
      lines: [
        { line: 0, sku: 'A', quoted: { unitPrice: { amount: '10.995' }, net: { amount: '21' } }, current: { unitPrice: { amount: '11' }, net: { amount: '22' } } },
        { line: 1, sku: 'B', quoted: { unitPrice: { amount: '3' }, net: { amount: '4' } }, current: { unitPrice: { amount: '3' }, net: { amount: '4.5' } } },
      ],
    });
    expect(judgeQuote(quoteOf(TWO), basketOf(TWO, { outcomes: [priced(TWO[0]!), { kind: 'NO_PRICE', sku: 'B', reason: 'NO_LIST_PRICE' }] }))).toMatchObject({ kind: 'CHANGED', lines: [{ line: 1, current: null }] });
  });

  const someLines = fc.array(
    fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 3 }), unit: fc.constantFrom(null, 'BOX'), cents: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 12 },
  ).map((list) => list.map(({ sku, quantity, unit, cents }) => {
    // Equal lines of one basket cost the same here: which of them is which nobody could tell.
    const unitPrice = d(`${sku.charCodeAt(0)}.${quantity}${unit === null ? 1 : 2}`);
    return { ...line(sku, String(quantity), '0', '0', unit), unitPrice, net: multiply(unitPrice, d(String(quantity))), cents };
  }));

  it('does not depend on the order of lines, and tells of a change wherever the line stands now', () => {
    fc.assert(fc.property(someLines, fc.infiniteStream(fc.nat()), fc.nat(), (quoted, noise, pick) => {
      const shuffled = quoted.map((one) => ({ one, key: noise.next().value as number })).sort((a, b) => a.key - b.key).map(({ one }) => one);
      expect(judgeQuote(quoteOf(quoted), basketOf(shuffled)).kind).toBe('STANDS');
      const place = pick % shuffled.length;
      const outcomes = shuffled.map((one, index) => priced(index === place ? { ...one, net: add(one.net, d(String(one.cents))) } : one));
      expect(judgeQuote(quoteOf(quoted), basketOf(shuffled, { outcomes }))).toMatchObject({ kind: 'CHANGED', lines: [{ line: place, sku: shuffled[place]!.sku }] });
    }));
  });
});
