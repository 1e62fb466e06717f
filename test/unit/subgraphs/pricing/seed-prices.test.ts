import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addMs, type Instant } from '../../../../domain/time.ts';
import type { PriceRule } from '../../../../domain/pricing.ts';
import { listBreaks } from '../../../../subgraphs/pricing/resolve/price-breaks.ts';
import type { PriceFacts } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, NOW, percentOff } from './price-samples.ts';

interface SeedRule {
  readonly product?: string;
  readonly category?: string;
  readonly minQuantity: number;
  readonly fixed?: string;
  readonly percentOff?: string;
  readonly fromDay?: number;
  readonly toDay?: number;
}

interface Seed {
  readonly products: readonly { readonly code: string; readonly category: string; readonly listPrice: string; readonly variants: readonly { readonly sku: string }[] }[];
  readonly priceLists: readonly { readonly code: string; readonly rules: readonly SeedRule[] }[];
}

const file = new URL(`${process.env['SHARED_DIR'] ?? '../shared'}/erp/seed.json`, `file://${process.cwd()}/`);
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file.pathname} is absent; give SHARED_DIR`);

const DAY_MS = 86_400_000;
const seed = (): Seed => JSON.parse(readFileSync(file, 'utf8')) as Seed;
const day = (offset: number | undefined): Instant | null => (offset === undefined ? null : addMs(NOW, offset * DAY_MS));
/** The seed's last day is the last instant its ERP has the rule, counted in seconds; ours is the first without it. */
const after = (offset: number | undefined): Instant | null => (offset === undefined ? null : addMs(day(offset)!, 1_000));

function factsOfSeed(sku: string): PriceFacts {
  const { products, priceLists } = seed();
  const product = products.find(({ variants }) => variants.some((variant) => variant.sku === sku))!;
  const rules = priceLists.flatMap(({ code, rules: own }) => own.map((rule, index): PriceRule => ({
    reference: `${code}#${index}`, priceListCode: code, precedence: String(index), minQuantity: rule.minQuantity > 0 ? d(rule.minQuantity) : null,
    target: rule.product ? { kind: 'GROUP', groupCode: rule.product } : rule.category ? { kind: 'CATEGORY', categoryCode: rule.category } : { kind: 'ALL' },
    formula: rule.fixed === undefined ? percentOff(rule.percentOff!) : fixed(rule.fixed),
    validFrom: day(rule.fromDay), validUntil: after(rule.toDay), unitCode: null, updatedAt: null,
  })));
  const listPrice = listPriceOf(sku, product.listPrice, { groupCode: product.code, categoryCodes: [product.category] });
  return factsOf(listPrice, priceLists.map(({ code }) => listOf(code)), rules);
}

function priceOf(sku: string, quantity: string, list: string | null, dayOffset = 0): string {
  const resolved = resolvePrice(factsOfSeed(sku), ask(quantity, list, { at: day(dayOffset)! }));
  return resolved.ok ? resolved.price.unitPrice.amount : resolved.reason;
}

const breaksOf = (sku: string, list: string): readonly (readonly [string, string])[] =>
  listBreaks(factsOfSeed(sku), ask('1', list)).map(({ minQuantity, unitPrice }) => [minQuantity, unitPrice.amount] as const);

/** Worked out by hand from the seed both real ERPs are loaded with. */
describe.skipIf(!present)('prices of the shared seed', () => {
  it.each([
    ['MUG-02', '9', '15'], ['MUG-02', '10', '13.5'], ['MUG-02', '99', '13.5'], ['MUG-02', '100', '12'],
    ['MUG-01', '1', '12.5'], ['MUG-01', '10', '11.25'], ['MUG-01', '23', '11.25'], ['MUG-01', '24', '9.99'], ['MUG-01', '100', '9.99'],
    ['BIT-SET', '10', '29.997'], ['BIT-SET', '100', '26.664'], ['CLIP-100', '10', '0.891'], ['COFFEE-KG', '10.5', '16.2'], ['RICE-KG', '9.999', '3.2'],
  ])('WHOLESALE: %s x %s = %s', (sku, quantity, price) => expect(priceOf(sku, quantity, 'WHOLESALE')).toBe(price));

  it.each([
    ['TEE-S-BLA', 0, '15'], ['TEE-S-BLA', -7, '15'], ['TEE-S-BLA', -8, '20'], ['TEE-S-BLA', 30, '15'], ['TEE-S-BLA', 31, '20'], ['SOCK-S', 0, '9.7425'],
    ['GLOVE-S', 0, '9.49'], ['STAPLER', 0, '16.75'], ['STAPLER', -30, '9.9'], ['STAPLER', -60, '9.9'], ['BOT-500', 59, '24.9'], ['BOT-500', 60, '19.9'], ['BOT-500', 91, '24.9'],
  ])('PROMO: %s on day %i = %s', (sku, offset, price) => expect(priceOf(sku, '1', 'PROMO', offset)).toBe(price));

  it.each([
    ['DRILL-18V', '1', '165'], ['DRILL-18V', '9', '165'], ['DRILL-18V', '10', '149'], ['DRILL-18V', '49', '149'], ['DRILL-18V', '50', '139'],
    ['DRILL-18V', '0.5', '189'], ['HAM-16', '1', '18.7'], ['SAW-HAND', '1', '23.3325'], ['MUG-01', '1', '11.875'], ['SETUP', '1', '90.25'],
  ])('B2B-ACME: %s x %s = %s', (sku, quantity, price) => expect(priceOf(sku, quantity, 'B2B-ACME')).toBe(price));

  it('without a list costs the list price', () => expect(priceOf('DRILL-18V', '50', null)).toBe('189'));

  it('breaks where the price changes', () => {
    expect(breaksOf('MUG-01', 'WHOLESALE')).toEqual([['1', '12.5'], ['10', '11.25'], ['24', '9.99']]);
    expect(breaksOf('MUG-02', 'WHOLESALE')).toEqual([['1', '15'], ['10', '13.5'], ['100', '12']]);
    expect(breaksOf('DRILL-18V', 'B2B-ACME')).toEqual([['1', '165'], ['10', '149'], ['50', '139']]);
    expect(breaksOf('STAPLER', 'PROMO')).toEqual([['1', '16.75']]);
  });
});
