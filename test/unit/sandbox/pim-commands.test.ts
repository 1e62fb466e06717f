import { beforeEach, describe, expect, it } from 'vitest';
import { patchProduct, patchProductModel, removeProduct } from '../../../sandbox/engine/pim-commands.ts';
import { completenesses, inheritedValues, pimIndex } from '../../../sandbox/engine/pim-reads.ts';
import { pimFromSeed, uuidOf } from '../../../sandbox/engine/pim-state.ts';
import type { PimState } from '../../../sandbox/engine/pim-types.ts';
import { sampleSeed } from '../../../sandbox/seeds/sample.ts';

const loaded = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T10:00:00.000Z';
const { pim } = sampleSeed();
const plain = (data: unknown) => [{ scope: null, locale: null, data }];
let state: PimState;
const product = (sku: string) => pimIndex(state).byIdentifier.get(sku)!;

beforeEach(() => {
  state = pimFromSeed(pim, loaded);
});

describe('patchProduct', () => {
  it('merges values per locale and leaves the rest alone', () => {
    const { uuid } = product('TNT-ALD');
    patchProduct(state, { uuid, values: { name: [{ scope: null, locale: 'de_DE', data: 'Zelt' }] } }, later);
    const names = Object.fromEntries(state.products[uuid]!.values['name']!.map((value) => [value.locale, value.data]));
    expect(names).toEqual({ en_US: 'Alder Two-Person Tent', de_DE: 'Zelt', fr_FR: 'Tente deux places Alder' });
    expect(state.products[uuid]).toMatchObject({ created: loaded, updated: later });
  });

  it('takes a value away when its data is null', () => {
    const { uuid } = product('TNT-ALD');
    patchProduct(state, { uuid, values: { brand: plain(null) } }, later);
    expect(state.products[uuid]!.values['brand']).toBeUndefined();
  });

  it('creates by SKU, with the uuid any import would give it', () => {
    const made = patchProduct(state, { identifier: 'NEW-1', family: 'gear', values: { brand: plain('hollen') } }, later);
    expect(made).toEqual({ uuid: uuidOf('NEW-1'), created: true });
    expect(pimIndex(state).byIdentifier.get('NEW-1')?.family).toBe('gear');
  });

  it.each([
    ['an unknown attribute', { values: { flavour: plain('x') } }, /flavour attribute does not exist/],
    ['a missing locale', { values: { name: plain('x') } }, /requires a locale/],
    ['a needless scope', { values: { brand: [{ scope: 'ecommerce', locale: null, data: 'hollen' }] } }, /does not require a scope/],
    ['an unknown option', { values: { brand: plain('nobody') } }, /option "nobody" does not exist/],
    ['an unknown category', { categories: ['moon'] }, /category does not exist/],
    ['an unknown family', { family: 'fish' }, /family does not exist/],
    ['a taken identifier', { identifier: 'TNT-BIR' }, /already used/],
  ])('refuses %s and changes nothing', (_, patch, message) => {
    const { uuid } = product('TNT-ALD');
    const before = JSON.stringify(state);
    expect(() => patchProduct(state, { uuid, ...patch }, later)).toThrow(message);
    expect(JSON.stringify(state)).toBe(before);
  });

  it('refuses a value on a level the family variant gives to the model', () => {
    const variant = product('RNJ-ALD-MID-S') ?? Object.values(state.products).find((row) => row.identifier.startsWith('RNJ-ALD'))!;
    expect(() => patchProduct(state, { uuid: variant.uuid, values: { brand: plain('hollen') } }, later)).toThrow(/not in the attribute set/);
  });
});

describe('product models', () => {
  it('hand their values down and date everything below when they change', () => {
    const variant = Object.values(state.products).find((row) => row.identifier.startsWith('RNJ-ALD'))!;
    patchProductModel(state, { code: 'RNJ-ALD', values: { name: [{ scope: null, locale: 'en_US', data: 'Storm Jacket' }] } }, later);
    const after = state.products[variant.uuid]!;
    expect(inheritedValues(state, after)['name']).toContainEqual({ scope: null, locale: 'en_US', data: 'Storm Jacket' });
    expect(after).toMatchObject({ updated: loaded, linkedUpdated: later });
    expect(state.productModels[after.parent!]).toMatchObject({ updated: loaded, linkedUpdated: later });
    expect(product('TNT-ALD').linkedUpdated).toBe(loaded);
  });
});

it('counts completeness per locale', () => {
  const found = completenesses(state, product('ODD-LONG'));
  expect(found.map(({ locale, data }) => [locale, data])).toEqual([['en_US', 100], ['de_DE', 66], ['fr_FR', 66]]);
});

it('removes a product once', () => {
  const { uuid } = product('TNT-ALD');
  removeProduct(state, { uuid });
  expect(pimIndex(state).byIdentifier.has('TNT-ALD')).toBe(false);
  expect(() => removeProduct(state, { uuid })).toThrow(/does not exist/);
});
