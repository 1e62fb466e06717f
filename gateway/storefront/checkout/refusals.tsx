import type { UserErrorView } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { fieldOf } from './form-fields.ts';

interface RefusalsProps {
  readonly errors: readonly UserErrorView[];
  readonly onHoldAgain: () => void;
}

/** Why the order was not placed; what belongs to a field is said there and only counted here. */
export function Refusals({ errors, onHoldAgain }: RefusalsProps) {
  const { words } = useShop();
  if (errors.length === 0) return null;
  const elsewhere = errors.filter((error) => fieldOf(error) === null);
  return (
    <div class="notice notice-bad" role="alert" id="order-refusals" tabIndex={-1}>
      {elsewhere.length < errors.length && <p class="notice-title">{words.mend}</p>}
      {elsewhere.map(({ code, message }) => <p key={message}>{code === 'PRICE_CHANGED' ? words.priceChanged : message}</p>)}
      {elsewhere.some(({ code }) => code === 'HOLD_EXPIRED') && <button type="button" class="link" onClick={onHoldAgain}>{words.holdAgain}</button>}
    </div>
  );
}
