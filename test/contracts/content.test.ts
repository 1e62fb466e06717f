import { describe, expect, it } from 'vitest';
import { sampleSeed } from '../../sandbox/seeds/sample.ts';
import { call, openTargets, readPass } from './targets.ts';

for (const { name, connector } of await openTargets()) {
  const { content, capabilities } = connector;
  if (content === undefined) continue;
  const { pim } = sampleSeed();
  const rootOf = (code: string | null): string | null => {
    const model = pim.productModels.find((one) => one.code === code);
    return model === undefined ? null : (model.parent ?? model.code);
  };
  describe(`content of ${name}`, () => {
    it('has a product for every root model and every product without one', async () => {
      const found = (await readPass(content.listProducts)).map(({ productCode }) => productCode).sort();
      const expected = [...pim.productModels.filter(({ parent }) => parent === null).map(({ code }) => code), ...pim.products.filter(({ parent }) => parent === null).map(({ identifier }) => identifier)];
      expect(found).toEqual(expected.sort());
    });

    it('has a variant for every SKU, below its root model', async () => {
      const found = new Map((await readPass(content.listVariants)).map((variant) => [variant.sku, variant]));
      expect(found.size).toBe(pim.products.length);
      for (const product of pim.products) {
        expect(found.get(product.identifier), product.identifier).toMatchObject({ productCode: rootOf(product.parent) ?? product.identifier, enabled: product.enabled });
      }
    });

    it('tells variants apart by the axes of their product', async () => {
      const products = new Map((await readPass(content.listProducts)).map((product) => [product.productCode, product]));
      for (const variant of await readPass(content.listVariants)) {
        const { variantAxes } = products.get(variant.productCode)!;
        const set = variant.attributes.map(({ code }) => code);
        expect(variantAxes.filter((axis) => !set.includes(axis)), variant.sku).toEqual([]);
      }
    });

    it('has text in every locale, and labels for options', async () => {
      const [product] = await readPass(content.listProducts);
      expect(Object.keys(product!.name)).toEqual(pim.channels[0]!.locales);
      expect(Object.values(product!.name).every((text) => text.length > 0)).toBe(true);
      const brand = product!.attributes.find(({ code }) => code === 'brand')!;
      expect(brand.text['en_US']).toBe(product!.brand);
      expect(brand.values).not.toEqual([product!.brand]);
    });

    it('has the categories and attributes of the PIM', async () => {
      expect((await readPass(content.listCategories, 5)).map(({ code, parentCode }) => [code, parentCode]).sort()).toEqual(pim.categories.map(({ code, parent }) => [code, parent]).sort());
      expect((await readPass(content.listAttributes, 5)).map(({ code }) => code).sort()).toEqual(pim.attributes.map(({ code }) => code).sort());
    });

    it.skipIf(content.readMedia === undefined)('hands out the bytes of its media, and of nothing else', async () => {
      const product = (await readPass(content.listProducts)).find(({ media }) => media.length > 0)!;
      const [asset] = product.media;
      expect(await content.readMedia!(asset!.code, call())).toMatchObject({ mimeType: asset!.mimeType });
      expect(await content.readMedia!('no/such.png', call())).toBeNull();
      expect(await content.readMedia!('../../../products-uuid', call())).toBeNull();
    });

    it.skipIf(!capabilities.delta.includes('variants'))('a delta reaches from the watermark on', async () => {
      const { watermark } = await content.listVariants({ cursor: null, since: null, limit: 10 }, call());
      expect((await readPass(content.listVariants, 100, watermark)).length).toBe(pim.products.length);
    });
  });
}
