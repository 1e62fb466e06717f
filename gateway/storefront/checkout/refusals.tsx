import type { BasketQuote } from '../basket/use-basket-quote.ts';
import { useShop } from '../shell/shop.ts';
import { fieldOf } from './form-fields.ts';
import { PriceQuestion } from './price-question.tsx';
import type { OrderPlacing } from './use-order.ts';

interface RefusalsProps {
  readonly order: OrderPlacing;
  readonly basket: BasketQuote;
  readonly onHoldAgain: () => void;
}

/** Why the order was not placed; what belongs to a field is said there and only counted here. */
export function Refusals({ order: { errors, priceChanges, quoteEnded }, basket, onHoldAgain }: RefusalsProps) {
  const { words } = useShop();
  if (errors.length === 0) return null;
  const elsewhere = errors.filter((error) => fieldOf(error) === null);
  const told = elsewhere.filter(({ code }) => code !== 'PRICE_CHANGED' || priceChanges.length === 0);
  return (
    <div class={quoteEnded ? 'notice notice-warn' : 'notice notice-bad'} role="alert" id="order-refusals" tabIndex={-1}>
      {elsewhere.length < errors.length && <p class="notice-title">{words.mend}</p>}
      <PriceQuestion changes={priceChanges} basket={basket} />
      {told.map(({ code, message }) => <p key={message}>{code === 'QUOTE_EXPIRED' ? words.quoteExpired : message}</p>)}
      {elsewhere.some(({ code }) => code === 'HOLD_EXPIRED') && <button type="button" class="link" onClick={onHoldAgain}>{words.holdAgain}</button>}
    </div>
  );
}
