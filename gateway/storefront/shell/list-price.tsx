import { compare } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import { formatMoney } from './formats.ts';
import { useShop } from './shop.ts';

interface ListPriceProps {
  readonly unitPrice: Money;
  readonly listPrice: Money | null;
}

/** What everybody pays, struck through, where the shopper pays less. */
export function ListPrice({ unitPrice, listPrice }: ListPriceProps) {
  const { words, languageTag } = useShop();
  if (!listPrice || listPrice.currencyCode !== unitPrice.currencyCode || compare(unitPrice.amount, listPrice.amount) >= 0) return null;
  return <s class="price-list"><span class="visually-hidden">{words.listPrice} </span>{formatMoney(listPrice, languageTag)}</s>;
}
