import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIST_PRICES, PRICE_RULES, priceRuleRow } from '../../../../subgraphs/pricing/book/tables.ts';
import { fingerprintOf } from '../../../../subgraphs/pricing/guard/incoming-change.ts';
import { compareMoney } from '../../../../subgraphs/pricing/guard/move.ts';
import { d, NOW, percentOff, ruleOf } from './price-samples.ts';

/** Amounts of up to four digits behind the point, as ten thousandths. */
const anAmount = fc.bigInt({ min: 1n, max: 10n ** 12n });
const textOf = (tenThousandths: bigint) => d(`${tenThousandths / 10_000n}.${String(tenThousandths % 10_000n).padStart(4, '0')}`);
const usd = (amount: bigint) => ({ amount: textOf(amount), currencyCode: 'USD' });

it('a move is beyond exactly where whole numbers say so, either way', () => {
  fc.assert(fc.property(anAmount, anAmount, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), (before, after, up, down) => {
    const found = compareMoney(usd(before), usd(after), { up: d(up), down: d(down) });
    const difference = after - before;
    if (difference === 0n) {
      // An assertion's own answer is no verdict: fast-check would take it for one.
      expect(found).toBeNull();
      return;
    }
    expect(found!.isBeyond).toBe(difference > 0n ? difference * 100n > before * BigInt(up) : -difference * 100n > before * BigInt(down));
    expect(Math.abs(Number(found!.percent) - (Number(difference) * 100) / Number(before))).toBeLessThanOrEqual(0.005 + Math.abs(Number(found!.percent)) * 1e-9);
  }));
});

it('the edge itself is allowed, the smallest step over it is not', () => {
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), (fifth) => {
    const [before, threshold] = [fifth * 5n, { up: d('20'), down: d('20') }];
    expect([before - fifth, before + fifth, before - fifth - 1n, before + fifth + 1n].map((after) => (after === 0n ? null : compareMoney(usd(before), usd(after), threshold)!.isBeyond)))
      .toEqual([false, false, before - fifth - 1n === 0n ? null : true, true]);
  }));
});

it('no price is none to be too low, and another currency is always too far', () => {
  const threshold = { up: d('1000'), down: d('100') };
  expect(compareMoney(usd(10_000n), null, threshold)).toEqual({ percent: null, isBeyond: false });
  expect(compareMoney(usd(10_000n), { amount: d('1'), currencyCode: 'EUR' }, threshold)).toEqual({ percent: null, isBeyond: true });
});

it('rows that say the same have one fingerprint, however they are written, and others have another', () => {
  const row = priceRuleRow(ruleOf('L', percentOff('10'), { reference: 'r', minQuantity: d('5'), validFrom: NOW }));
  const same = { ...row, min_quantity: '5.000', valid_from: '2026-11-21T09:00:00.000+01:00', formula: { base: { kind: 'LIST' }, percent: '10', kind: 'PERCENT_OFF' } };
  expect(fingerprintOf(PRICE_RULES, same)).toBe(fingerprintOf(PRICE_RULES, row));
  for (const more of [{ min_quantity: '5.1' }, { min_quantity: null }, { precedence: 'x' }, { formula: null, amount: '10' }]) expect(fingerprintOf(PRICE_RULES, { ...row, ...more })).not.toBe(fingerprintOf(PRICE_RULES, row));
  expect(fingerprintOf(LIST_PRICES, {})).not.toBe(fingerprintOf(PRICE_RULES, {}));
});
