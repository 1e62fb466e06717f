import { money } from '../../../../domain/money.ts';
import type { Promotion, PromotionEffect } from '../../../../domain/promotions.ts';
import type { PromotableLine, PromotionContext } from '../../../../subgraphs/pricing/promotions/engine.ts';
import type { FoundPrice } from '../../../../subgraphs/pricing/resolve/price-facts.ts';
import { d, NOW } from './price-samples.ts';

export const CONTEXT: PromotionContext = { at: NOW, channel: 'web' };

export const promotionOf = (code: string, effect: PromotionEffect, more: Partial<Promotion> = {}): Promotion => ({
  code, name: `Promotion ${code}`, effect, priority: 0, stacking: 'STACKS', exclusionGroup: null, targets: [], channels: [], priceListCodes: [],
  minQuantity: null, maxQuantity: null, minBasket: null, validFrom: null, validUntil: null, active: true, ...more,
});

export const lineOf = (sku: string, price: string, quantity: string | number = 1, more: Partial<FoundPrice> = {}): PromotableLine => ({
  sku, groupCode: `group-${sku}`, categoryCodes: [`category-${sku}`], quantity: d(quantity),
  found: {
    exact: d(price), currencyCode: 'USD', rounding: { mode: 'HALF_UP', digits: 2, place: 'UNIT' }, listPrice: money(d(price), 'USD'), layer: 'BASE',
    priceListCode: null, ruleReference: null, breakQuantity: null, taxIncluded: false, ...more,
  },
});

type PercentOff = Extract<PromotionEffect, { kind: 'PERCENT_OFF' }>;

export const percent = (value: string, place: PercentOff['place'] = 'UNIT', of: PercentOff['of'] = 'PRICE'): PromotionEffect => ({ kind: 'PERCENT_OFF', percent: d(value), of, place });
export const amountOff = (value: string, place: 'UNIT' | 'BASKET' = 'UNIT', currencyCode = 'USD'): PromotionEffect => ({ kind: 'AMOUNT_OFF', amount: money(d(value), currencyCode), place });
export const fixedPrice = (value: string, currencyCode = 'USD'): PromotionEffect => ({ kind: 'FIXED_PRICE', amount: money(d(value), currencyCode) });
export const buyAndGet = (buy: number, get: number, percentOff = '100', timesAtMost: number | null = null): PromotionEffect => ({ kind: 'BUY_X_GET_Y', buy: d(buy), get: d(get), percentOff: d(percentOff), timesAtMost });
