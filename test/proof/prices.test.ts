import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { money } from '../../domain/money.ts';
import type { PricedLine } from '../../domain/pricing.ts';
import { calendarDate } from '../../domain/time.ts';
import { tellPrices } from './prices/report.ts';
import { runPriceProof } from './prices/run.ts';
import type { Offer, SoldLine, SoldOrder } from './prices/source.ts';
import { createJudge } from './prices/verdict.ts';

const folder = resolve(process.env['SHARED_DIR'] ?? '../shared', 'data/adventureworks');
const missing = !existsSync(folder);
if (missing) console.warn(`skipped: no ${folder}; set SHARED_DIR to the folder of reference data`);

/** All baskets where all is asked for; among the other tests some of every month. */
const every = process.env['PROOF'] === 'full' ? 1 : 45;
const LINE: SoldLine = { sku: 'X', quantity: decimal(12), unitPrice: decimal('58'), lineTotal: decimal('682.08'), given: decimal(2) };
const ORDER: SoldOrder = { number: 'SO1', channel: 'reseller', day: calendarDate('2012-05-30'), lines: [LINE] };

describe('the judge of prices', () => {
  const prices = [{ sku: 'X', price: decimal(100), from: calendarDate('2012-05-30'), until: null }];
  const offer = (id: string, percent: number): Offer => ({ id, name: id, percent: decimal(percent), category: 'Reseller', minQuantity: decimal(11), maxQuantity: null, from: calendarDate('2012-01-01'), until: calendarDate('2013-01-01'), skus: ['X'] });
  const judge = (offers: readonly Offer[], unit: string, total: string, line = LINE): string =>
    createJudge({ prices, offers })({ ...ORDER, lines: [line] }, line, { kind: 'PRICED', line: { unitPrice: money(decimal(unit), 'USD'), lineTotal: money(decimal(total), 'USD'), discount: decimal('0') } as PricedLine }).verdict;

  it('lets no cent pass without a reason that follows', () => {
    const two = [offer('2', 2)];
    expect([judge(two, '58', '682.08'), judge(two, '58.0001', '682.08'), judge(two, '58', '682.09')]).toEqual(['EXACT', 'UNEXPLAINED', 'UNEXPLAINED']);
    const without = { ...LINE, unitPrice: decimal(60), lineTotal: decimal(720), given: decimal('0') };
    expect([judge(two, '58', '682.08', without), judge([], '58', '682.08', without), judge([offer('5', 5), ...two], '55', '627')]).toEqual(['OFFER_NOT_GIVEN', 'UNEXPLAINED', 'OTHER_OFFER_GIVEN']);
    expect(judge(two, '58', '682.08', { ...without, unitPrice: decimal('60.01') })).toBe('UNEXPLAINED');
  });
});

const MINUTES = 900_000;

describe.skipIf(missing)('prices against what AdventureWorks charged', () => {
  it.each(['TOLD', 'GRANTED'] as const)('are the same to the last digit, or differ for a reason that is checked: offers as %s', async (offers) => {
    const report = await runPriceProof({ folder, offers, every });
    expect(report.holds, tellPrices(report)).toBe(true);
    expect(report.rejected).toEqual([]);
    for (const { lines, verdicts } of report.channels.values()) {
      const exact = verdicts.get('EXACT')?.length ?? 0;
      // A proof that explains most lines away is none.
      expect(exact / lines).toBeGreaterThan(0.98);
      if (offers === 'GRANTED') expect([verdicts.has('OFFER_NOT_GIVEN'), verdicts.has('OTHER_OFFER_GIVEN')]).toEqual([false, false]);
    }
  }, MINUTES);
});
