import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { instant } from '../../domain/time.ts';
import { addDaysTo, readSeed } from './seed-oracle.ts';
import { openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn } of await openTargets()) {
  const { receipts, capabilities } = connector;
  if (receipts === undefined) continue;
  describe(`receipts of ${name}`, () => {
    it.skipIf(seededOn === null)('are the open purchase lines of the seed, late ones too', async () => {
      const expected = readSeed()!.purchases.flatMap(({ warehouse, lines }) => lines.map((line) => ({
        sku: line.sku, locationCode: warehouse, openQuantity: decimal(String(line.quantity)), dueOn: addDaysTo(seededOn!, line.plannedDay),
      })));
      const found = (await readPass(receipts.listReceipts)).map(({ sku, locationCode, openQuantity, dueOn }) => ({ sku, locationCode, openQuantity, dueOn }));
      const bySku = (a: { sku: string }, b: { sku: string }): number => (a.sku < b.sku ? -1 : 1);
      expect(found.sort(bySku)).toEqual(expected.sort(bySku));
    });

    it('have references of their own', async () => {
      const references = (await readPass(receipts.listReceipts, 2)).map(({ reference }) => reference);
      expect(new Set(references).size).toBe(references.length);
    });

    it.skipIf(!capabilities.delta.includes('receipts'))('a delta holds at least what is open', async () => {
      const open = (await readPass(receipts.listReceipts)).map(({ reference }) => reference);
      const delta = (await readPass(receipts.listReceipts, 500, instant('2000-01-01'))).map(({ reference }) => reference);
      expect(delta).toEqual(expect.arrayContaining(open));
    });
  });
}
