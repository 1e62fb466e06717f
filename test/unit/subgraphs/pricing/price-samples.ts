import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { ListPrice, PriceFormula, PriceList, PriceRule, ResolutionPolicy } from '../../../../domain/pricing.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { createCurrencyRates } from '../../../../subgraphs/pricing/resolve/currency-rates.ts';
import type { PriceFacts, PriceRequest } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { covers, orderRules } from '../../../../subgraphs/pricing/resolve/rule-fit.ts';

export const d = (value: string | number): Decimal => decimal(value);
export const NOW: Instant = instant('2026-11-21T08:00:00.000Z');

export const listPriceOf = (sku: string, price: string, more: Partial<ListPrice> = {}): ListPrice => ({
  sku, price: money(d(price), 'USD'), cost: null, reference: `product-${sku}`, groupCode: `group-${sku}`, categoryCodes: [], unitCode: null, units: [], taxCodes: [], updatedAt: null, ...more,
});

export const listOf = (code: string, more: Partial<PriceList> = {}): PriceList => ({
  code, name: code, currencyCode: 'USD', roundingMode: 'HALF_UP', roundingDigits: null, roundingPlace: 'UNIT', taxIncluded: false, active: true, updatedAt: null, ...more,
});

let count = 0;
export const ruleOf = (priceListCode: string, formula: PriceFormula, more: Partial<PriceRule> = {}): PriceRule => ({
  reference: `rule-${(count += 1)}`, priceListCode, precedence: String(count).padStart(6, '0'), target: { kind: 'ALL' }, minQuantity: null, unitCode: null,
  validFrom: null, validUntil: null, formula, updatedAt: null, ...more,
});

export const fixed = (amount: string): PriceFormula => ({ kind: 'FIXED', amount: d(amount) });
export const percentOff = (percent: string, base: Extract<PriceFormula, { kind: 'PERCENT_OFF' }>['base'] = { kind: 'LIST' }): PriceFormula => ({
  kind: 'PERCENT_OFF', percent: d(percent), base,
});

/** As Odoo reads its lists. */
export const POLICY: ResolutionPolicy = { acrossLists: 'FIRST_LIST', withinList: 'FIRST_WINS', baseListCode: null, convertedCurrencies: [] };

/** As the store hands them out: covering rules, in order, by list. */
export function factsOf(listPrice: ListPrice | null, lists: readonly PriceList[], rules: readonly PriceRule[], withinList: ResolutionPolicy['withinList'] = 'FIRST_WINS', more: Partial<PriceFacts> = {}): PriceFacts {
  const own = listPrice === null ? [] : orderRules(rules).filter((rule) => covers(rule, listPrice));
  return {
    listPrice,
    lists: new Map(lists.map((list) => [list.code, list])),
    rules: new Map(lists.map((list) => [list.code, own.filter((rule) => rule.priceListCode === list.code)])),
    rates: createCurrencyRates([]),
    policy: { ...POLICY, withinList },
    ...more,
  };
}

export const ask = (quantity: string, priceListCode: string | null, more: Partial<PriceRequest> = {}): PriceRequest => ({
  quantity: d(quantity), unitCode: null, lists: priceListCode === null ? [] : [{ layer: 'CONTRACT', code: priceListCode }], currencyCode: null, at: NOW, ...more,
});
