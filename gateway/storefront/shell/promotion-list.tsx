import type { PromotionView } from '../graph/price-views.ts';
import { formatMoney } from './formats.ts';
import { useShop } from './shop.ts';

/** What made a line cheaper, by name, and by how much. Nothing where nothing did. */
export function PromotionList({ promotions }: { readonly promotions: readonly PromotionView[] }) {
  const { languageTag, textProps } = useShop();
  if (promotions.length === 0) return null;
  return (
    <ul class="promotions">
      {promotions.map(({ code, name, amount }) => <li key={code}><span {...textProps}>{name}</span> <span class="promotion-off">−{formatMoney(amount, languageTag)}</span></li>)}
    </ul>
  );
}
