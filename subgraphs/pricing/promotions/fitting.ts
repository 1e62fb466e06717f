import { compare } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { covers, isValidAt } from '../resolve/rule-fit.ts';
import type { PromotableLine, PromotionContext } from './promotable.ts';

/** Low to high; equal ones by code, compared as bytes. */
export const orderPromotions = (promotions: readonly Promotion[]): readonly Promotion[] =>
  [...promotions].sort((a, b) => a.priority - b.priority || Buffer.compare(Buffer.from(a.code), Buffer.from(b.code)));

/** Whether it is on offer then and there, whatever is bought. */
export const isOffered = (promotion: Promotion, { at, channel }: PromotionContext): boolean =>
  promotion.active && isValidAt(promotion, at) && (promotion.channels.length === 0 || (channel !== null && promotion.channels.includes(channel)));

/** Whether a line is one it is for: by target, quantity, the list its price is from, and the currency of its amounts. */
export function isFor(promotion: Promotion, line: PromotableLine): boolean {
  const { targets, priceListCodes, minQuantity, maxQuantity } = promotion;
  const { found, quantity } = line;
  return (
    (targets.length === 0 || targets.some((target) => covers({ target }, line))) &&
    (priceListCodes.length === 0 || (found.priceListCode !== null && priceListCodes.includes(found.priceListCode))) &&
    (minQuantity === null || compare(quantity, minQuantity) >= 0) &&
    (maxQuantity === null || compare(quantity, maxQuantity) <= 0) &&
    currenciesOf(promotion, line).every((code) => code === found.currencyCode)
  );
}

/** Amounts of another currency say nothing of this line: they are not converted. */
function currenciesOf({ effect, minBasket }: Promotion, { found }: PromotableLine): readonly CurrencyCode[] {
  const own = effect.kind === 'AMOUNT_OFF' || effect.kind === 'FIXED_PRICE' ? [effect.amount.currencyCode] : [];
  const list = effect.kind === 'PERCENT_OFF' && effect.of === 'LIST' ? [found.listPrice.currencyCode] : [];
  return [...own, ...list, ...(minBasket === null ? [] : [minBasket.currencyCode])];
}
