import { describe, expect, it } from 'vitest';
import { addMs, instant } from '../../domain/time.ts';
import { readSeed, skusOf } from './seed-oracle.ts';
import { call, firstPage, openTargets, readPass } from './targets.ts';

for (const { name, connector, seededOn } of await openTargets()) {
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

    it('a made-up cursor is refused, naming the field', async () => {
      await expect(items.listItems({ ...firstPage, cursor: 'nonsense' }, call())).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['cursor'] });
    });
  });
}
