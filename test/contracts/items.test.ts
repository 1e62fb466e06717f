import { describe, expect, it } from 'vitest';
import { addMs, instant } from '../../domain/time.ts';
import { dropKits, makeKit, makesKits, withBoxes } from './erp-desk.ts';
import { readSeed, skusOf } from './seed-oracle.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn, desk } of await openTargets()) {
  const { items, capabilities } = connector;
  if (items === undefined) continue;
  describe(`items of ${name}`, () => {
    it.skipIf(seededOn === null)('are the seed, SKU by SKU, archived ones included', async () => {
      const seed = readSeed()!;
      const found = new Map((await readPass(items.listItems)).map((item) => [item.sku, item]));
      for (const { sku, product } of skusOf(seed)) {
        const variant = product.variants.find((one) => one.sku === sku)!;
        expect(found.get(sku), sku).toMatchObject({
          name: product.name, kind: product.type === 'service' ? 'SERVICE' : 'GOODS', gtin: variant.barcode, sellable: product.sellable,
          active: (product as { active?: boolean }).active, categoryPath: [product.category], quantityDigits: product.uom === 'kg' ? 2 : 0,
        });
        expect(Object.fromEntries(found.get(sku)!.options.map((option) => [option.name, option.value])), sku).toEqual(variant.options);
      }
      const groups = seed.products.map(({ variants }) => new Set(variants.map(({ sku }) => found.get(sku)!.groupCode)));
      expect(groups.every((group) => group.size === 1)).toBe(true);
      expect(new Set(groups.flatMap((group) => [...group])).size).toBe(seed.products.length);
    });

    it('come the same in small pages as in one', async () => {
      const [whole, pieces] = [await readPass(items.listItems), await readPass(items.listItems, 7)];
      expect(pieces.map(({ sku }) => sku)).toEqual(whole.map(({ sku }) => sku));
    });

    it.skipIf(!capabilities.delta.includes('items'))('a delta from the future is empty and one from the past is everything', async () => {
      expect(await readPass(items.listItems, 500, addMs(instant(Date.now()), 3_600_000))).toEqual([]);
      expect((await readPass(items.listItems, 500, instant('2000-01-01'))).length).toBe((await readPass(items.listItems)).length);
    });

    const readItem = async (sku: string) => (await readPass(items.listItems)).find((item) => item.sku === sku);

    it.skipIf(desk === null || seededOn === null)('tell the units they are sold in beside their own', async () => {
      await withBoxes(desk!, 'MUG-01', async (unit) => {
        expect((await readItem('MUG-01'))?.units).toContainEqual({ code: unit, factor: '12' });
      });
      expect((await readItem('MUG-01'))?.units).toEqual([]);
    });

    it.skipIf(desk === null || seededOn === null)('tell what kits are made of, nested ones taken apart, and list all of them when one changes', async ({ skip }) => {
      if (!(await makesKits(desk!))) skip();
      const { watermark } = await items.listItems({ ...firstPage, limit: 1 }, call());
      const boms = [
        // Two runs' worth at once, and a component counted in another unit than its own.
        await makeKit(desk!, 'GIFTBOX', [{ sku: 'MUG-01', quantity: 4 }, { sku: 'COFFEE-KG', quantity: 500, unit: 'g' }], 2),
        await makeKit(desk!, 'STAPLER', [{ sku: 'GIFTBOX', quantity: 3 }, { sku: 'MUG-01', quantity: 1 }, { sku: 'SETUP', quantity: 1 }]),
      ];
      try {
        expect(await readItem('GIFTBOX')).toMatchObject({ kind: 'KIT', components: [{ sku: 'MUG-01', quantity: '2' }, { sku: 'COFFEE-KG', quantity: '0.25' }] });
        expect(await readItem('STAPLER')).toMatchObject({ kind: 'KIT', components: [{ sku: 'MUG-01', quantity: '7' }, { sku: 'COFFEE-KG', quantity: '0.75' }] });
        expect((await readPass(items.listItems, 500, watermark)).map(({ sku }) => sku)).toEqual(expect.arrayContaining(['GIFTBOX', 'STAPLER']));
      } finally {
        await dropKits(desk!, boms);
      }
      expect(await readItem('GIFTBOX')).toMatchObject({ kind: 'GOODS', components: [] });
    });

    it('a made-up cursor is refused, naming the field', async () => {
      await expect(items.listItems({ ...firstPage, cursor: 'nonsense' }, call())).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['cursor'] });
    });
  });
}
