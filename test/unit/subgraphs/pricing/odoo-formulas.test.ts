import { describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { PriceBase, PriceFormula, PriceRule } from '../../../../domain/pricing.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, d, factsOf, fixed, listOf, listPriceOf, percentOff, ruleOf } from './price-samples.ts';

type Parts = Partial<Record<'percentOff' | 'surcharge' | 'roundTo' | 'minMargin' | 'maxMargin', string>>;

const formula = (parts: Parts, base: PriceBase = { kind: 'LIST' }): PriceFormula => ({
  kind: 'FORMULA', base, percentOff: d(parts.percentOff ?? '0'), surcharge: d(parts.surcharge ?? '0'), roundTo: parts.roundTo ? d(parts.roundTo) : null,
  minMargin: parts.minMargin ? d(parts.minMargin) : null, maxMargin: parts.maxMargin ? d(parts.maxMargin) : null,
});
const over = (code: string): PriceBase => ({ kind: 'PRICE_LIST', code });
const on = (list: string, group: string, how: PriceFormula, minQuantity = '0'): PriceRule =>
  ruleOf(list, how, { target: { kind: 'GROUP', groupCode: group }, minQuantity: d(minQuantity) });

const RULES = [
  ruleOf('TRIAL', fixed('11.115'), { target: { kind: 'SKU', sku: 'TEE-S-BLA' } }),
  on('TRIAL', 'BIT-SET', formula({ percentOff: '17', roundTo: '0.05', surcharge: '-0.01' })),
  on('TRIAL', 'DRILL-18V', formula({ percentOff: '20', roundTo: '10', surcharge: '-0.01' }), '24'),
  on('TRIAL', 'MUG-01', formula({ percentOff: '50', minMargin: '-2', maxMargin: '1' })),
  on('TRIAL', 'MUG-02', formula({ surcharge: '9', maxMargin: '3.33' })),
  on('TRIAL', 'HAM-16', formula({ percentOff: '-37.5', roundTo: '0.25' }, { kind: 'COST' })),
  on('TRIAL', 'SAW-HAND', formula({ percentOff: '3' }, over('ACME'))),
  on('TRIAL', 'TAPE-5M', formula({ roundTo: '0.1', surcharge: '0.03' }, over('WHOLESALE'))),
  on('TRIAL', 'PEN-BLU', formula({ percentOff: '-12.5', minMargin: '0.2', maxMargin: '99' })),
  on('TRIAL', 'TEE', formula({ percentOff: '33.33' })),
  ruleOf('TRIAL', percentOff('7.5', over('WHOLESALE')), { minQuantity: d(24) }),
  on('WHOLESALE', 'MUG-01', fixed('9.99'), '24'),
  ruleOf('WHOLESALE', percentOff('20'), { minQuantity: d(100) }),
  ruleOf('WHOLESALE', percentOff('10'), { minQuantity: d(10) }),
  ruleOf('ACME', percentOff('15'), { target: { kind: 'CATEGORY', categoryCode: 'Tools' } }),
];

const PRODUCTS: Readonly<Record<string, readonly [group: string, listPrice: string]>> = {
  'BIT-SET': ['BIT-SET', '33.33'], 'DRILL-18V': ['DRILL-18V', '189'], 'MUG-01': ['MUG-01', '12.5'], 'MUG-02': ['MUG-02', '15'], 'HAM-16': ['HAM-16', '22'],
  'SAW-HAND': ['SAW-HAND', '27.45'], 'TAPE-5M': ['TAPE-5M', '11.15'], 'PEN-BLU': ['PEN-BLU', '1.2'], 'TEE-S-BLA': ['TEE', '20'], 'TEE-M-BLA': ['TEE', '20'], 'NOTE-A4': ['NOTE-A4', '9.95'],
};

/** Read from `get_contextual_price` of an Odoo 19.0 that held these rules over the shared seed's products. */
describe('prices an Odoo 19 gave for the same rules', () => {
  it.each([
    ['BIT-SET', '27.64', '27.64', '27.64'], ['DRILL-18V', '189', '149.99', '149.99'], ['MUG-01', '10.5', '10.5', '10.5'], ['MUG-02', '18.33', '18.33', '18.33'],
    ['HAM-16', '12.5', '12.5', '12.5'], ['SAW-HAND', '22.632525', '22.632525', '22.632525'], ['TAPE-5M', '11.23', '10.03', '8.93'], ['PEN-BLU', '1.4', '1.4', '1.4'],
    ['TEE-S-BLA', '11.115', '11.115', '11.115'], ['TEE-M-BLA', '13.334', '13.334', '13.334'], ['NOTE-A4', '9.95', '8.283375', '7.363'],
  ])('%s: %s for 1, %s for 24, %s for 100', (sku, ...expected) => {
    const [groupCode, price] = PRODUCTS[sku]!;
    const product = listPriceOf(sku, price, { groupCode, categoryCodes: sku === 'SAW-HAND' ? ['Tools'] : [], cost: money(decimal('9.1'), 'USD') });
    const facts = factsOf(product, ['TRIAL', 'WHOLESALE', 'ACME'].map((code) => listOf(code)), RULES);
    const prices = ['1', '24', '100'].map((quantity) => {
      const resolved = resolvePrice(facts, ask(quantity, 'TRIAL'));
      return resolved.ok ? resolved.price.unitPrice.amount : resolved.reason;
    });
    expect(prices).toEqual(expected);
  });
});
