import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { money } from '../../../../domain/money.ts';
import type { ListPrice, PriceFormula, PriceList, PriceRule } from '../../../../domain/pricing.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { covers, orderRules, type PriceFacts, type PriceRequest, type RuleSelection } from '../../../../subgraphs/pricing/resolve-price.ts';

export const d = (value: string | number): Decimal => decimal(value);
export const NOW: Instant = instant('2026-11-21T08:00:00.000Z');

export const listPriceOf = (sku: string, price: string, more: Partial<ListPrice> = {}): ListPrice => ({
  sku, price: money(d(price), 'USD'), cost: null, groupCode: `group-${sku}`, categoryCodes: [], updatedAt: null, ...more,
});

export const listOf = (code: string, more: Partial<PriceList> = {}): PriceList => ({
  code, name: code, currencyCode: 'USD', roundingMode: 'HALF_UP', roundingDigits: null, active: true, updatedAt: null, ...more,
});

let count = 0;
export const ruleOf = (priceListCode: string, formula: PriceFormula, more: Partial<PriceRule> = {}): PriceRule => ({
  reference: `rule-${(count += 1)}`, priceListCode, precedence: String(count).padStart(6, '0'), target: { kind: 'ALL' }, minQuantity: d(0),
  validFrom: null, validUntil: null, formula, updatedAt: null, ...more,
});

export const fixed = (amount: string): PriceFormula => ({ kind: 'FIXED', amount: d(amount) });
export const percentOff = (percent: string, base: Extract<PriceFormula, { kind: 'PERCENT_OFF' }>['base'] = { kind: 'LIST' }): PriceFormula => ({
  kind: 'PERCENT_OFF', percent: d(percent), base,
});

/** As the store hands them out: covering rules, in order, by list. */
export function factsOf(listPrice: ListPrice | null, lists: readonly PriceList[], rules: readonly PriceRule[], selection: RuleSelection = 'FIRST_WINS'): PriceFacts {
  const own = listPrice === null ? [] : orderRules(rules).filter((rule) => covers(rule, listPrice));
  return {
    listPrice,
    lists: new Map(lists.map((list) => [list.code, list])),
    rules: new Map(lists.map((list) => [list.code, own.filter((rule) => rule.priceListCode === list.code)])),
    selection,
  };
}

export const ask = (quantity: string, priceListCode: string | null, more: Partial<PriceRequest> = {}): PriceRequest => ({
  quantity: d(quantity), priceListCode, currencyCode: null, at: NOW, ...more,
});
