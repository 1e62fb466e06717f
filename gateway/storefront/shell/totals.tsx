import { isPositive } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import { formatMoney } from './formats.ts';
import { useShop } from './shop.ts';

interface TotalsProps {
  readonly subtotal: Money | null | undefined;
  readonly discount: Money | null | undefined;
  /** Null: there is none; undefined: not yet. */
  readonly total: Money | null | undefined;
}

/** What it comes to, in the graph's own figures; the way there only where something is let off. */
export function Totals({ subtotal, discount, total }: TotalsProps) {
  const { words, languageTag } = useShop();
  const show = (amount: Money): string => formatMoney(amount, languageTag);
  return (
    <dl class="totals">
      {subtotal && discount && isPositive(discount.amount) && (
        <>
          <div><dt>{words.subtotal}</dt><dd>{show(subtotal)}</dd></div>
          <div class="totals-off"><dt>{words.discount}</dt><dd>−{show(discount)}</dd></div>
        </>
      )}
      <div class="totals-sum"><dt>{words.total}</dt><dd>{total ? show(total) : total === null ? '–' : '…'}</dd></div>
    </dl>
  );
}
