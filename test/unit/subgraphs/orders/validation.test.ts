import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import type { CalendarDate } from '../../../../domain/time.ts';
import { looksLikeCardNumber, mayHoldCardNumber, passesLuhn } from '../../../../subgraphs/orders/card-number.ts';
import { isOrderNumber, newOrderNumber } from '../../../../subgraphs/orders/order-number.ts';
import { hashPlacement } from '../../../../subgraphs/orders/placement.ts';
import { checkPlacement, type PlacementText } from '../../../../subgraphs/orders/validation.ts';

const context = { channel: 'web', currencyCode: 'EUR', today: '2026-01-10' as CalendarDate };
const good: PlacementText = { idempotencyKey: 'k', customerNumber: 'C1', lines: [{ sku: 'A', quantity: decimal('1') }] };
const faults = (more: Partial<PlacementText>): string[] => {
  const checked = checkPlacement({ ...good, ...more }, context);
  return 'problems' in checked ? checked.problems.map((problem) => problem.field.join('.')) : [];
};
const line = (quantity: string, sku = 'A'): Partial<PlacementText> => ({ lines: [{ sku, quantity: quantity as Decimal }] });
const address = { line1: '1 Main Street', city: 'Berlin', countryCode: 'de' };

/** Test numbers the card networks publish. */
const CARDS = ['4111111111111111', '4242 4242 4242 4242', '5555-5555-5555-4444', '378282246310005', '6011.1111.1111.1117', '4222222222222', '３５３０１１１３３３３０００００'];

describe('input', () => {
  it('accepts what is right and normalises it', () => {
    const checked = checkPlacement({ ...good, shipTo: address, contact: { email: ' Ann@Example.org ' }, note: '  ' }, context);
    expect(checked).toMatchObject({ placement: { note: null, contact: { email: 'ann@example.org' }, shipTo: { countryCode: 'DE', line2: null } } });
  });

  it.each<[Partial<PlacementText>, string[]]>([
    [{ lines: [] }, ['lines']],
    [{ lines: Array.from({ length: 501 }, () => good.lines[0]!) }, ['lines']],
    [line('0'), ['lines.0.quantity']],
    [line('-1'), ['lines.0.quantity']],
    [line('0.0001'), ['lines.0.quantity']],
    [line('1000001'), ['lines.0.quantity']],
    [line('many'), ['lines.0.quantity']],
    [line('1', ' '), ['lines.0.sku']],
    [line('1', 'x'.repeat(65)), ['lines.0.sku']],
    [line('1', 'a\u0000'), ['lines.0.sku']],
    [{ idempotencyKey: ' ' }, ['idempotencyKey']],
    [{ idempotencyKey: 'x'.repeat(201) }, ['idempotencyKey']],
    [{ shipTo: {} }, ['shipTo.countryCode', 'shipTo.line1', 'shipTo.city']],
    [{ shipTo: { ...address, countryCode: 'XX' } }, ['shipTo.countryCode']],
    [{ shipTo: { ...address, countryCode: 'Germany' } }, ['shipTo.countryCode', 'shipTo.countryCode']],
    [{ contact: { email: 'nobody' } }, ['contact.email']],
    [{ contact: { phone: 'call me' } }, ['contact.phone']],
    [{ requestedDate: '2026-01-09' as CalendarDate }, ['requestedDate']],
    [{ note: 'x'.repeat(2_001) }, ['note']],
    [{ note: 'nul \u0000' }, ['note']],
    [{ note: 'half a character \ud83d' }, ['note']],
    [{ lines: [{ sku: 'A', quantity: decimal('1'), expectedUnitPrice: { amount: decimal('1'), currencyCode: 'XYZ' } }] }, ['lines.0.expectedUnitPrice']],
  ])('case %#: names the field', (more, fields) => {
    expect(faults(more)).toEqual(fields);
  });

  it('refuses an unknown currency of the request', () => {
    expect(checkPlacement(good, { ...context, currencyCode: 'XYZ' })).toMatchObject({ problems: [{ field: ['currencyCode'] }] });
  });

  it('hashes equal requests equally, whatever their key', () => {
    const hash = (more: Partial<PlacementText>): string => {
      const checked = checkPlacement({ ...good, ...more }, context);
      if ('problems' in checked) throw new Error('unexpected');
      return hashPlacement(checked.placement);
    };
    expect(hash({ idempotencyKey: 'other', note: null })).toBe(hash({}));
    expect(hash({ note: 'x' })).not.toBe(hash({}));
  });
});

describe('card numbers', () => {
  it.each(CARDS)('%s is refused in every text, and never repeated', (card) => {
    const places: Partial<PlacementText>[] = [
      { note: `pay with ${card} please` }, { contact: { name: card } }, { paymentReference: card }, { externalOrderId: card }, { shipTo: { ...address, line2: `no ${card}` } },
    ];
    // The obsolete 13-digit Visa is refused in free text only: in identifiers one number in ten would look like it.
    const isOld = card.length === 13;
    for (const place of places) {
      const checked = checkPlacement({ ...good, ...place }, context);
      if (isOld && ('paymentReference' in place || 'externalOrderId' in place)) continue;
      expect(checked).toHaveProperty('problems');
      expect(JSON.stringify(checked)).not.toContain(card);
    }
  });

  it('finds a valid number among other digits, however grouped', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{12,18}$/), fc.constantFrom('', ' ', '-'), (body, separator) => {
      const check = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).find(passesLuhn)!;
      expect(mayHoldCardNumber(`12 x ${check.match(/.{1,4}/g)!.join(separator)} y 7`)).toBe(true);
    }));
  });

  it('leaves phone numbers, marketplace numbers and references alone', () => {
    expect(faults({ contact: { phone: '+49 151 23456789' } })).toEqual([]);
    expect(faults({ externalOrderId: '111-1234567-1234567' })).toEqual([]);
    expect(['8816178914079738', '5123456789012', '111-0000000-0000000'].map(looksLikeCardNumber)).toEqual([false, false, false]);
  });
});

it('order numbers are readable, of one form, and not repeated', () => {
  const numbers = Array.from({ length: 10_000 }, () => newOrderNumber());
  expect(numbers.every(isOrderNumber)).toBe(true);
  expect(new Set(numbers).size).toBe(numbers.length);
});
