import { describe, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { instant } from '../../domain/time.ts';
import { addDaysTo, readSeed } from './seed-oracle.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, sandbox } of await openTargets()) {
  const { receipts, capabilities } = connector;
  if (receipts === undefined) continue;
  describe(`receipts of ${name}`, () => {
    it.skipIf(seededOn === null)('are the open purchase lines of the seed, late ones too', async () => {
      const expected = readSeed()!.purchases.flatMap(({ warehouse, lines }) => lines.map((line) => ({
        sku: line.sku, locationCode: warehouse, openQuantity: decimal(String(line.quantity)), dueOn: addDaysTo(seededOn!, line.plannedDay), kind: 'PURCHASE',
      })));
      const found = (await readPass(receipts.listReceipts)).map(({ sku, locationCode, openQuantity, dueOn, kind }) => ({ sku, locationCode, openQuantity, dueOn, kind }));
      const bySku = (a: { sku: string }, b: { sku: string }): number => (a.sku < b.sku ? -1 : 1);
      expect(found.sort(bySku)).toEqual(expected.sort(bySku));
    });

    it('have references of their own', async () => {
      const references = (await readPass(receipts.listReceipts, 2)).map(({ reference }) => reference);
      expect(new Set(references).size).toBe(references.length);
    });

    it.skipIf(sandbox === null || seededOn === null)('close when the goods are in, and the stock has them', async () => {
      const line = (await readPass(receipts.listReceipts)).find(({ sku }) => sku === 'HAM-16')!;
      const onHand = async (): Promise<number> => {
        const [answer] = await connector.stock!.readStock(['HAM-16'], call());
        return answer?.ok === true ? Number(answer.value?.find(({ locationCode }) => locationCode === 'MAIN')?.onHand) : Number.NaN;
      };
      const [before, { watermark }, moved] = [await onHand(), await receipts.listReceipts(firstPage, call()), await connector.stock!.listStock(firstPage, call())];
      sandbox!.engine.execute('receive-goods', { purchaseOrder: sandbox!.engine.erp.tables.purchaseOrders.get(3)!.name });
      expect(await onHand()).toBe(before + 30);
      expect((await readPass(receipts.listReceipts)).map(({ reference }) => reference)).not.toContain(line.reference);
      expect((await readPass(receipts.listReceipts, 500, watermark)).find(({ reference }) => reference === line.reference)).toMatchObject({ openQuantity: '0' });
      expect((await readPass(connector.stock!.listStock, 500, moved.watermark)).map(({ sku }) => sku)).toContain('HAM-16');
    });

    it.skipIf(!capabilities.delta.includes('receipts'))('a delta holds at least what is open', async () => {
      const open = (await readPass(receipts.listReceipts)).map(({ reference }) => reference);
      const delta = (await readPass(receipts.listReceipts, 500, instant('2000-01-01'))).map(({ reference }) => reference);
      expect(delta).toEqual(expect.arrayContaining(open));
    });
  });
}
