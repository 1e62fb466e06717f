import fc from 'fast-check';
import { decimal, type Decimal } from '../../domain/decimal.ts';
import { money } from '../../domain/money.ts';
import type { CurrencyRate, LayeredList, ListPrice, PriceBase, PriceFormula, PriceList, PriceRule, PriceTarget, ResolutionPolicy } from '../../domain/pricing.ts';
import { addMs, instant, type Instant } from '../../domain/time.ts';
import { createCurrencyRates } from '../../subgraphs/pricing/resolve/currency-rates.ts';
import type { PriceFacts, PriceRequest } from '../../subgraphs/pricing/resolve/price-facts.ts';
import { covers, orderRules } from '../../subgraphs/pricing/resolve/rule-fit.ts';
import type { PriceWorld } from './price-oracle.ts';

/*
 * Small worlds that disagree with themselves a lot: few lists, few instants, few quantities, so that edges meet. Everything a
 * merchant's data may have is in them, also what is wrong: lists that are inactive, unknown or based on each other, rates that are missing.
 */

export const NOON: Instant = instant('2026-11-21T12:00:00.000Z');
const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY'] as const;
const LISTS = ['A', 'B', 'C', 'S'] as const;

const d = (value: string | number): Decimal => decimal(value);
const thousandths = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((units) => d(units / 1000));
const maybe = <T>(some: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | null> => fc.option(some, { nil: null, freq });
const near = fc.integer({ min: -2, max: 2 }).map((ms) => addMs(NOON, ms));
const currency = fc.constantFrom(...CURRENCIES);
const mostlyUsd = fc.oneof({ weight: 3, arbitrary: fc.constant('USD') }, { weight: 1, arbitrary: currency });
const quantity = fc.constantFrom('0.5', '1', '2', '5', '12', '24', '30', '36', '120').map(d);

const item: fc.Arbitrary<ListPrice> = fc.record({
  price: fc.tuple(thousandths(0, 99_999), mostlyUsd).map(([amount, code]) => money(amount, code)),
  cost: maybe(fc.tuple(thousandths(1, 50_000), mostlyUsd).map(([amount, code]) => money(amount, code)), 4),
  unitCode: fc.constantFrom('PC', null),
}).map((some) => ({
  ...some, sku: 'X', reference: 'product-X', groupCode: 'g', categoryCodes: ['c'], units: [{ code: 'BOX', factor: d(12) }, { code: 'BAG', factor: d('2.5') }], taxCodes: [], updatedAt: null,
}));

const list = (code: string): fc.Arbitrary<PriceList> => fc.record({
  currencyCode: mostlyUsd, roundingMode: fc.constantFrom('HALF_UP', 'HALF_EVEN', 'DOWN', 'UP'), roundingDigits: fc.constantFrom(null, 0, 2, 3),
  roundingPlace: fc.constantFrom('UNIT', 'LINE'), active: fc.integer({ min: 0, max: 19 }).map((n) => n > 0), taxIncluded: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
}).map((some) => ({ ...some, code, name: code, updatedAt: null }) as PriceList);

const base: fc.Arbitrary<PriceBase> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<PriceBase>({ kind: 'LIST' }) }, { weight: 1, arbitrary: fc.constant<PriceBase>({ kind: 'COST' }) },
  { weight: 2, arbitrary: fc.constantFrom(...LISTS).map((code): PriceBase => ({ kind: 'PRICE_LIST', code })) },
);
const percent = fc.constantFrom('-25', '-10', '0', '7.5', '10', '33.33', '50', '100').map(d);
const formula: fc.Arbitrary<PriceFormula> = fc.oneof(
  fc.record({ kind: fc.constant('FIXED' as const), amount: thousandths(0, 99_999) }),
  fc.record({ kind: fc.constant('PERCENT_OFF' as const), percent, base }),
  fc.record({
    kind: fc.constant('FORMULA' as const), base, percentOff: percent, surcharge: fc.constantFrom('0', '-0.01', '5', '-3').map(d), roundTo: maybe(fc.constantFrom('0.05', '0.3', '10').map(d)),
    minMargin: maybe(fc.constantFrom('-2', '1').map(d)), maxMargin: maybe(fc.constantFrom('-1', '3.33').map(d)),
  }),
);
const target = fc.constantFrom<PriceTarget>({ kind: 'SKU', sku: 'X' }, { kind: 'SKU', sku: 'Y' }, { kind: 'GROUP', groupCode: 'g' }, { kind: 'CATEGORY', categoryCode: 'c' }, { kind: 'CATEGORY', categoryCode: 'other' }, { kind: 'ALL' });
const rule = fc.record({
  priceListCode: fc.constantFrom(...LISTS), precedence: fc.constantFrom('a', 'B', '10', '9', 'é', '\u{1F600}', '\uFFFD'), target, minQuantity: maybe(fc.constantFrom('0.5', '1', '2', '3', '10', '12', '24').map(d)),
  unitCode: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom('BOX', 'BAG', 'PC') }), validFrom: maybe(near, 1), validUntil: maybe(near, 1), formula,
});
const rules: fc.Arbitrary<readonly PriceRule[]> = fc.array(rule, { maxLength: 12 }).map((all) => all.map((one, index) => ({ ...one, reference: `r${index}`, updatedAt: null })));

const rates: fc.Arbitrary<readonly CurrencyRate[]> = fc.uniqueArray(
  fc.record({ baseCurrencyCode: currency, currencyCode: currency, rate: fc.constantFrom('1.1', '0.85', '1.25', '0.3', '155.7').map(d), validFrom: fc.integer({ min: -3, max: 1 }).map((ms) => addMs(NOON, ms)) }),
  { maxLength: 8, selector: (one) => `${one.baseCurrencyCode}${one.currencyCode}${one.validFrom}` },
).map((all) => all.filter((one) => one.baseCurrencyCode !== one.currencyCode).map((one, index) => ({ ...one, reference: `rate${index}`, updatedAt: null })));

const policy: fc.Arbitrary<ResolutionPolicy> = fc.record({
  acrossLists: fc.constantFrom('FIRST_LIST', 'FIRST_WINS', 'LOWEST_WINS'), withinList: fc.constantFrom('FIRST_WINS', 'LOWEST_WINS'),
  baseListCode: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant('S') }), convertedCurrencies: fc.constantFrom([], ['EUR', 'USD'], CURRENCIES),
});

export const priceWorlds: fc.Arbitrary<PriceWorld> = fc.record({ item, lists: fc.tuple(...LISTS.map(list)), rules, rates, policy });

const LAYERS = ['CONTRACT', 'GROUP', 'CHANNEL'] as const;
const asked: fc.Arbitrary<readonly LayeredList[]> = fc.tuple(
  fc.shuffledSubarray([...LISTS], { maxLength: 3 }), fc.integer({ min: 0, max: 29 }),
).map(([codes, fate]) => codes.map((code, index) => ({ layer: LAYERS[index]!, code: fate === 0 && index === 1 ? 'GONE' : code })));

export const priceRequests: fc.Arbitrary<PriceRequest> = fc.record({
  quantity, unitCode: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(null, 'PC', 'BOX', 'BAG') }, { weight: 1, arbitrary: fc.constant('CRATE') }), lists: asked, currencyCode: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: mostlyUsd }), at: near,
}).map((some) => (some.unitCode === null || some.unitCode === 'CRATE' ? some : { ...some, quantity: wholeUnits(some) }));

/** As bought: so many boxes. */
const wholeUnits = ({ quantity: many, unitCode }: { readonly quantity: Decimal; readonly unitCode: string | null }): Decimal =>
  d(Number(many) * ({ BOX: 12, BAG: 2.5 }[unitCode ?? ''] ?? 1));

/** As the book hands them out. */
export function factsOfWorld({ item: listPrice, lists, rules: all, rates: told, policy: how }: PriceWorld): PriceFacts {
  const own = orderRules(all.filter((one) => covers(one, listPrice)));
  return { listPrice, lists: new Map(lists.map((one) => [one.code, one])), rules: Map.groupBy(own, (one) => one.priceListCode), rates: createCurrencyRates(told), policy: how };
}
