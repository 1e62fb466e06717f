import { createHmac } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { instant } from '../../../../domain/time.ts';
import { createQuoteSeal, type SealedLine, type SealedQuote } from '../../../../subgraphs/pricing/quotes/quote-seal.ts';

const SECRET = 'a-secret-of-more-than-thirty-two-characters';
const seal = createQuoteSeal(SECRET);

const amounts = fc.tuple(fc.nat(9_999_999), fc.nat(999)).map(([whole, rest]) => decimal(`${whole}.${String(rest).padStart(3, '0')}`));
const lines: fc.Arbitrary<SealedLine> = fc.record({
  sku: fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' }), quantity: amounts, unit: fc.option(fc.string({ minLength: 1, maxLength: 8 })), unitPrice: amounts, net: amounts,
});
const quotes: fc.Arbitrary<SealedQuote> = fc.record({
  id: fc.uuid(), who: fc.string(), channel: fc.option(fc.string()), currencyCode: fc.constantFrom('USD', 'JPY'),
  issuedAt: fc.constant(instant('2026-11-21T08:00:00.000Z')), expiresAt: fc.constant(instant('2026-11-21T08:15:00.000Z')), lines: fc.array(lines, { minLength: 1, maxLength: 30 }),
});

describe('a sealed quote', () => {
  it('opens as it was closed', () => {
    fc.assert(fc.property(quotes, (quote) => {
      expect(seal.open(seal.close(quote))).toEqual(quote);
    }));
  });

  it('does not open with another secret, nor when one character of it is another', () => {
    fc.assert(fc.property(quotes, fc.nat(), fc.constantFrom(...'Ab9_-.'), (quote, at, character) => {
      const token = seal.close(quote);
      expect(createQuoteSeal('another-secret-of-more-than-32-characters').open(token)).toBeNull();
      const place = at % token.length;
      const forged = token.slice(0, place) + character + token.slice(place + 1);
      // The last character of a signature has two bits nothing depends on: what is opened is still exactly what was signed.
      const opened = forged === token ? null : seal.open(forged);
      if (opened !== null) expect([place, opened]).toEqual([token.length - 1, quote]);
    }));
  });

  it.each(['', '.', 'q1', 'q1..', 'q1.x.y', 'a.b.c.d', '💶', 'q1.'.repeat(1_000)])('%# is no token', (text) => {
    expect(seal.open(text)).toBeNull();
  });

  it('is no token of another version, even signed with the secret', () => {
    const body = `q2.${deflateRawSync('{}').toString('base64url')}`;
    expect(seal.open(`${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`)).toBeNull();
  });

  it('of five hundred lines is a few kilobytes', () => {
    const random = (seed: number): number => (Math.imul(seed, 2_654_435_761) >>> 0) % 100_000;
    const many = Array.from({ length: 500 }, (_, index): SealedLine => {
      const cents = random(index + 1) + 100;
      const quantity = 1 + (random(index) % 24);
      return { sku: `BK-${String.fromCharCode(65 + (index % 26))}${random(index + 7)}-${38 + (index % 30)}`, quantity: decimal(String(quantity)), unit: null, unitPrice: decimal((cents / 100).toFixed(2)), net: decimal(((cents * quantity) / 100).toFixed(2)) };
    });
    const token = seal.close({ id: '00000000-0000-4000-8000-000000000000', who: 'w'.repeat(22), channel: 'web', currencyCode: 'USD', issuedAt: instant(0), expiresAt: instant(1), lines: many });
    expect(token.length).toBeLessThan(7_000);
    const one = seal.close({ id: '00000000-0000-4000-8000-000000000000', who: 'w'.repeat(22), channel: 'web', currencyCode: 'USD', issuedAt: instant(0), expiresAt: instant(1), lines: many.slice(0, 24) });
    expect(one.length).toBeLessThan(1_000);
  });

  it('names buyers without telling their numbers, the person before the company, and each location for itself', () => {
    const who = (customerNumber: string | null, companyNumber: string | null, locationNumber: string | null = null): string => seal.whoIs({ customerNumber, companyNumber, locationNumber });
    expect(who('C1', 'K1')).toBe(who('C1', null));
    expect(who(null, 'K1')).toBe(who('K1', null));
    expect(new Set([who('C1', null), who('C2', null), who('C1', null, 'L1'), who('C1', null, 'L2'), seal.whoIs(null), createQuoteSeal(`${SECRET}!`).whoIs({ customerNumber: 'C1', companyNumber: null, locationNumber: null })]).size).toBe(6);
    expect(who('C1', 'K1')).not.toContain('C1');
  });

  it('needs a secret worth the name', () => {
    expect(() => createQuoteSeal('short')).toThrow('32 characters');
  });
});
