import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine } from '../../../sandbox/engine/engine.ts';
import { mediaBytes } from '../../../sandbox/engine/pim-media.ts';
import { checkPlace, checkValues } from '../../../sandbox/engine/pim-checks.ts';
import { pimFromSeed } from '../../../sandbox/engine/pim-state.ts';
import { checkDigit, shopGtin } from '../../../sandbox/seeds/gtin.ts';
import { sampleSeed } from '../../../sandbox/seeds/sample.ts';
import { locales } from '../../../sandbox/seeds/sample/words.ts';

const { erp, pim } = sampleSeed();
const variants = erp.items.flatMap((item) => item.variants);

describe('the sample shop', () => {
  it('is the same every time', () => {
    expect(JSON.stringify(sampleSeed())).toBe(JSON.stringify({ erp, pim }));
  });

  it('has at least 500 products, 1,000 SKUs and no SKU or GTIN twice', () => {
    expect(erp.items.length).toBeGreaterThanOrEqual(500);
    expect(variants.length).toBeGreaterThan(1000);
    expect(new Set(variants.map((variant) => variant.sku)).size).toBe(variants.length);
    const gtins = variants.flatMap((variant) => variant.barcode ?? []);
    expect(new Set(gtins).size).toBe(gtins.length);
    for (const gtin of gtins) expect(checkDigit(gtin.slice(0, 12))).toBe(gtin.slice(12));
  });

  it('names and describes every product in three languages that differ', () => {
    const roots = [...pim.productModels.filter((model) => model.parent === null), ...pim.products.filter((product) => product.parent === null)];
    const odd = new Set(['ODD-LONG', 'MUG/ENA 01', 'PIM-ONLY-001']);
    for (const root of roots) {
      const code = 'code' in root ? root.code : root.identifier;
      if (odd.has(code)) continue;
      for (const attribute of ['name', 'description']) {
        const texts = root.values[attribute] ?? [];
        expect(texts.map((value) => value.locale), code).toEqual(locales);
        expect(new Set(texts.map((value) => value.data)).size, `${code} ${attribute}`).toBeGreaterThan(1);
      }
      expect(Object.keys(root.values).filter((key) => key.startsWith('picture_')), code).toHaveLength(4);
      expect(Object.keys(root.values).length, code).toBeGreaterThan(12);
    }
  });

  it('keeps its own rules: every value is one the PIM would accept', () => {
    const state = pimFromSeed(pim, '2026-01-01T00:00:00.000Z');
    for (const row of [...Object.values(state.products), ...Object.values(state.productModels)]) {
      checkValues(state, row.values);
      checkPlace(state, row);
    }
  });

  it('loads into the ERP and the PIM', () => {
    const engine = createEngine({ clock: manualClock(Date.UTC(2026, 0, 15)), dataDir: null });
    engine.reset({ erp, pim });
    expect(Object.keys(engine.pim.state.products)).toHaveLength(pim.products.length);
    engine.close();
  });

  it('has the awkward cases', () => {
    const inPim = new Set(pim.products.map((product) => product.identifier));
    const inErp = new Set(variants.map((variant) => variant.sku));
    expect([inErp.has('REP-KIT'), inPim.has('REP-KIT'), inErp.has('PIM-ONLY-001'), inPim.has('PIM-ONLY-001')]).toEqual([true, false, false, true]);
    expect(inErp.has('MUG/ENA 01')).toBe(true);
    expect(erp.stock.some((row) => row.onHand.startsWith('-'))).toBe(true);
    expect(erp.stock.some((row) => row.onHand.includes('.'))).toBe(true);
    expect(erp.purchaseOrders.flatMap((order) => order.lines).some((line) => 'inDays' in line.due && line.due.inDays < 0)).toBe(true);
  });

  it('draws well-formed pictures whatever the product is called', () => {
    const file = pim.mediaFiles.find((media) => media.originalFilename.startsWith('odd_quote'))!;
    const svg = mediaBytes(file).toString('utf8');
    expect(svg).toContain('&lt;3 x 3 m&gt; &amp; Guy Lines');
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

it('every shop GTIN has a valid check digit and notices any single wrong digit', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 9 }), (serial, at, by) => {
    const gtin = shopGtin(serial);
    const wrong = [...gtin.slice(0, 12)].map((digit, index) => (index === at ? String((Number(digit) + by) % 10) : digit)).join('');
    return /^\d{13}$/.test(gtin) && checkDigit(wrong) !== gtin.slice(12);
  }));
});
