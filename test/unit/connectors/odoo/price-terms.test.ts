import { describe, expect, it } from 'vitest';
import { pricePort } from '../../../../connectors/odoo/prices.ts';
import type { CallContext, List } from '../../../../domain/connector.ts';
import { memoryOdoo, type MemoryOdoo } from './memory-odoo.ts';

const call: CallContext = { signal: new AbortController().signal, deadlineAtMs: Number.MAX_SAFE_INTEGER };
const written = { write_date: '2026-11-20 08:00:00' };
const [USD, EUR] = [[1, 'USD'] as const, [2, 'EUR'] as const];
const currencies = [{ id: 1, name: 'USD', active: true }, { id: 2, name: 'EUR', active: true }];
const company = (id: number, currency: readonly [number, string] = USD) => ({ id, currency_id: currency });
const rate = (id: number, name: string, value: number, more: object = {}) => ({ id, name, rate: value, currency_id: EUR, company_id: [1, 'Us'] as const, ...written, ...more });

const read = async <T>(list: List<T>) => list({ cursor: null, since: null, limit: 100 }, call);
const ratesOf = async (rates: readonly ReturnType<typeof rate>[], more: Partial<MemoryOdoo> = {}, companies = [company(1)]) => {
  const port = pricePort(memoryOdoo({ tables: { 'res.company': companies, 'res.currency': currencies, 'res.currency.rate': rates }, ...more }));
  return (await read(port.listCurrencyRates!)).records.map(({ currencyCode, rate: value, validFrom }) => `${currencyCode} ${value} ${validFrom.slice(0, 10)}`);
};

describe('rates of exchange', () => {
  it('are told for one of the company\'s currency, from midnight of their day', async () => {
    expect(await ratesOf([rate(1, '2026-01-01', 0.9), rate(2, '2026-06-01', 1 / 1.17)])).toEqual(['EUR 0.9 2026-01-01', 'EUR 0.854700854701 2026-06-01']);
  });
  it('common to all companies count until the currency has one of the company\'s own, whatever their days, as in Odoo', async () => {
    const common = { company_id: false as never };
    expect(await ratesOf([rate(1, '2026-01-01', 0.9, common), rate(2, '2026-03-01', 0.8), rate(3, '2026-05-01', 0.7, common)])).toEqual(['EUR 0.9 2026-01-01', 'EUR 0.8 2026-03-01']);
  });
  it('are divided by the company\'s own rate of the day, where that has rates too; before its first by that one', async () => {
    const own = { currency_id: USD as never };
    expect(await ratesOf([rate(1, '2026-01-01', 1.8), rate(2, '2026-02-01', 2), rate(3, '2026-01-15', 4, own), rate(4, '2026-01-20', 8, own)])).toEqual(['EUR 0.45 2026-01-01', 'EUR 0.25 2026-02-01']);
  });
  it('of several companies need to be told whose', async () => {
    await expect(ratesOf([rate(1, '2026-01-01', 0.9)], {}, [company(1), company(2, EUR)])).rejects.toMatchObject({ code: 'MISCONFIGURED', field: ['companyId'] });
    expect(await ratesOf([rate(1, '2026-01-01', 0.9), rate(2, '2026-01-01', 1.1, { company_id: [2, 'They'], currency_id: USD })], { settings: { companyId: 1 } }, [company(1), company(2, EUR)])).toEqual(['EUR 0.9 2026-01-01']);
  });
});

const tax = (id: number, more: object = {}) => ({
  id, name: `tax ${id}`, amount: 10, amount_type: 'percent', type_tax_use: 'sale', price_include: false, include_base_amount: false, children_tax_ids: [], country_id: [5, 'Germany'] as const, active: true, ...written, ...more,
});
const product = (id: number, sku: string, more: object = {}) => ({
  id, default_code: sku, product_tmpl_id: [id, ''] as const, categ_id: [7, ''] as const, lst_price: 5, standard_price: 0, currency_id: USD, active: true, uom_id: [1, 'Units'] as const, taxes_id: [] as number[], ...written, ...more,
});
const world = (taxes: readonly object[], products: readonly object[]): MemoryOdoo['tables'] => ({
  'account.tax': taxes as never, 'product.product': products as never, 'res.currency': currencies, 'res.country': [{ id: 5, code: 'DE' }],
  'product.category': [{ id: 7, name: 'All', parent_path: '7/' }], 'uom.uom': [{ id: 1, name: 'Units', rounding: 0.01, factor: 1, active: true, parent_path: '1/' }],
});

describe('taxes', () => {
  it('are those of sales in percent; groups are taken apart, anything else is named', async () => {
    const taxes = [tax(1, { amount: 19 }), tax(2, { amount_type: 'group', children_tax_ids: [3, 4] }), tax(3, { type_tax_use: 'none', price_include: true }), tax(4, { amount_type: 'fixed' }), tax(5, { type_tax_use: 'purchase' }), tax(6, { include_base_amount: true })];
    const port = pricePort(memoryOdoo({ tables: world(taxes, [product(1, 'A', { taxes_id: [1, 2, 99] })]) }));
    const page = await read(port.listTaxRates!);
    expect(page.records.map(({ code, percent, countryCode, includedInPrice }) => [code, percent, countryCode, includedInPrice])).toEqual([['1', '19', 'DE', false], ['3', '10', 'DE', true]]);
    expect(page.rejected).toEqual([
      { key: 'account.tax:4', reason: 'TaxRate.percent <- amount + amount_type + include_base_amount: not in percent ("fixed")' },
      { key: 'account.tax:6', reason: 'TaxRate.percent <- amount + amount_type + include_base_amount: other taxes are put on it' },
    ]);
    // 99 is another company's; 4 stays: without it the tax would seem known.
    expect((await read(port.listPrices)).records[0]!.taxCodes).toEqual(['1', '3', '4']);
  });
  it.each([['rights to read them', { denied: ['account.tax'] }, [tax(1)]], ['accounting', {}, undefined]] as const)('are none without %s, on products either', async (_what, more, taxes) => {
    const { 'account.tax': _own, ...rest } = world(taxes ?? [], [product(1, 'A', { taxes_id: [1] })]);
    const port = pricePort(memoryOdoo({ tables: taxes === undefined ? rest : { ...rest, 'account.tax': taxes }, ...more }));
    expect(await read(port.listTaxRates!)).toMatchObject({ records: [], rejected: [], next: null });
    expect((await read(port.listPrices)).records).toMatchObject([{ sku: 'A', taxCodes: [] }]);
  });
});

const ruleRow = (id: number, productId: number) => ({
  id, pricelist_id: [1, 'Public'] as const, applied_on: '0_product_variant', product_id: [productId, ''] as const, product_tmpl_id: [productId, ''] as const, categ_id: false, min_quantity: 0, date_start: false, date_end: false,
  compute_price: 'fixed', fixed_price: 1, percent_price: 0, base: 'list_price', base_pricelist_id: false, price_discount: 0, price_markup: 0, price_surcharge: 0, price_round: 0, price_min_margin: 0, price_max_margin: 0, ...written,
});

describe('rules', () => {
  it('of an archived product whose SKU is somebody else\'s are for nobody', async () => {
    const products = [product(1, 'A', { active: false }), product(2, 'A'), product(3, 'B', { active: false })];
    const port = pricePort(memoryOdoo({ tables: { ...world([], products), 'product.pricelist.item': [ruleRow(7, 1), ruleRow(8, 2), ruleRow(9, 3)] } }));
    const { records, rejected } = await read(port.listPriceRules);
    expect(records.map(({ reference, target }) => [reference, target])).toEqual([['8', { kind: 'SKU', sku: 'A' }], ['9', { kind: 'SKU', sku: 'B' }]]);
    expect(rejected).toEqual([]);
  });
});

describe('products with one SKU', () => {
  const found = async (products: readonly object[]) => (await read(pricePort(memoryOdoo({ tables: world([], products) })).listPrices)).records.map(({ sku, reference }) => `${sku} ${reference}`);
  it('are both told while both are sold', async () => expect(await found([product(1, 'A'), product(2, 'A')])).toEqual(['A 1', 'A 2']));
  it('leave it to the active one', async () => expect(await found([product(1, 'A', { active: false }), product(2, 'A'), product(3, 'B')])).toEqual(['A 2', 'B 3']));
  it('are nobody\'s when all are archived; an archived one alone keeps it', async () => expect(await found([product(1, 'A', { active: false }), product(2, 'A', { active: false }), product(3, 'B', { active: false })])).toEqual(['B 3']));
});
