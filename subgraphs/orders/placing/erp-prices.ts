import type { BasketQuote, ErpPriceCheck } from '../../../domain/quotes.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { OrderWarning } from '../records.ts';
import { priceChanged } from './price-refusals.ts';

/** Lines the ERP would not charge as we do, where the house sells at its price only. */
export function erpRefusals({ erpPrices }: BasketQuote): readonly GraphUserError[] {
  if (erpPrices?.refuses !== true) return [];
  return erpPrices.checks.flatMap((check) => {
    if (check.kind === 'UNVERIFIED') return [];
    const { line, sku, ours, theirs } = check;
    const field = ['lines', String(line)];
    if (theirs === null) return [userError(UserErrorCode.PRICE_CHANGED, field, `${sku} has no price in the ERP, and ours of ${ours.amount} ${ours.currencyCode} is not confirmed: order it later`, true)];
    return [priceChanged(field, { line, sku, quoted: { unitPrice: ours, net: null }, current: { unitPrice: theirs, net: null } })];
  });
}

/** What the ERP said otherwise, or did not say, of an order that is placed all the same. */
export const erpWarnings = ({ erpPrices }: BasketQuote): readonly OrderWarning[] => (erpPrices?.checks ?? []).map(warningOf);

function warningOf(check: ErpPriceCheck): OrderWarning {
  const field = ['lines', String(check.line)];
  if (check.kind === 'UNVERIFIED') return { code: 'PRICE_UNVERIFIED', field, message: `the price of ${check.sku} is not verified by the ERP: ${check.reason}` };
  const { sku, ours, theirs } = check;
  const told = theirs === null ? 'has no price of its own' : `charges ${theirs.amount} ${theirs.currencyCode}`;
  return { code: 'PRICE_DIFFERS', field, message: `one of ${sku} is ${ours.amount} ${ours.currencyCode} here before promotions; the ERP ${told}` };
}
