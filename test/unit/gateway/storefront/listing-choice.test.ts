import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFilters, EVERYTHING, filterOf, readChoice, SORTS, toggleAttribute, toggleBrand, writeChoice } from '../../../../gateway/storefront/list/listing-choice.ts';
import { isOffered, nearestVariant } from '../../../../gateway/storefront/product/variant-choice.ts';
import type { VariantView } from '../../../../gateway/storefront/graph/types.ts';

const words = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 3 });
const choices = fc.record({
  search: fc.string(),
  category: fc.option(fc.string({ minLength: 1 })),
  brands: words,
  attributes: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }).filter((code) => code !== '__proto__'), words.filter((values) => values.length > 0), { maxKeys: 3 }),
  sort: fc.constantFrom(...SORTS),
});

describe('what a visitor has chosen', () => {
  it('survives the address', () => {
    fc.assert(fc.property(choices, (choice) => {
      const read = readChoice(new URLSearchParams(writeChoice(choice).toString()));
      expect({ ...read, attributes: { ...read.attributes } }).toEqual({ ...choice, attributes: { ...choice.attributes } });
    }));
  });

  it('is toggled on and off', () => {
    const red = toggleAttribute(toggleBrand(EVERYTHING, 'Pikefjell'), 'color', 'red');
    expect(filterOf(red)).toEqual({ brand: ['Pikefjell'], attributes: [{ code: 'color', values: ['red'] }] });
    expect(countFilters(red)).toBe(2);
    expect(filterOf(toggleBrand(toggleAttribute(red, 'color', 'red'), 'Pikefjell'))).toBeNull();
  });
});

describe('variants by their options', () => {
  const variant = (sku: string, color: string, size: string): VariantView =>
    ({ sku, name: sku, sellable: true, unitCode: null, quantityDigits: 0, options: [{ name: 'Color', value: color }, { name: 'Size', value: size }], attributes: [], media: [] });
  const variants = [variant('RM', 'red', 'M'), variant('RL', 'red', 'L'), variant('BL', 'blue', 'L')];

  it('keeps the other choices where it can, and moves to the nearest where it cannot', () => {
    expect(nearestVariant(variants, variants[1]!, { name: 'Color', value: 'blue' })?.sku).toBe('BL');
    expect(isOffered(variants, variants[0]!, { name: 'Color', value: 'blue' })).toBe(false);
    expect(nearestVariant(variants, variants[0]!, { name: 'Color', value: 'blue' })?.sku).toBe('BL');
    expect(nearestVariant(variants, variants[0]!, { name: 'Color', value: 'green' })).toBeNull();
  });
});
