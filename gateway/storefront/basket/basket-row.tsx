import { useEffect, useState } from 'preact/hooks';
import type { CheckedLineView } from '../graph/types.ts';
import { PictureFrame } from '../shell/picture-frame.tsx';
import { PromotionList } from '../shell/promotion-list.tsx';
import { QuantityInput, readQuantity } from '../shell/quantity-input.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { changeQuantity, removeFromBasket } from './basket.ts';
import { LineOutcome } from './line-outcome.tsx';
import { LinePrice } from './line-price.tsx';
import type { QuotedLine } from './use-basket-quote.ts';

interface BasketRowProps {
  readonly line: QuotedLine;
  readonly checked: CheckedLineView | null;
  /** The price is of another basket, or is being asked again. */
  readonly outdated: boolean;
}

/** One line of the basket: what, how many, for how much, and whether it can be had. */
export function BasketRow({ line, checked, outdated }: BasketRowProps) {
  const { words, textProps } = useShop();
  const { sku, quantity, quoted } = line;
  const [text, setText] = useState<string>(quantity);
  useEffect(() => setText(quantity), [quantity]);
  const variant = quoted?.variant;
  const digits = variant?.quantityDigits ?? 0;
  const change = (next: string): void => {
    setText(next);
    const read = readQuantity(next, digits);
    if (read !== null) changeQuantity(sku, read);
  };
  const name = nameOf(line);
  return (
    <li class="line">
      <PictureFrame picture={variant?.media?.[0] ?? variant?.product?.media[0]} decorative />
      <div class="line-what">
        {variant?.product ? <a class="line-name" href={links.product(variant.product.handle, sku)} {...textProps}>{name}</a> : <span class="line-name">{name}</span>}
        <span class="muted">{sku}</span>
        {quoted && <PromotionList promotions={quoted.promotions} />}
        {quoted?.reason && <p class="error">{words.noPriceReasons[quoted.reason]}</p>}
        <LineOutcome checked={checked} />
      </div>
      <QuantityInput label={`${words.quantity}: ${name}`} value={text} digits={digits} onChange={change} />
      <div class={outdated ? 'line-price line-price-outdated' : 'line-price'}>
        {quoted ? <LinePrice {...quoted} /> : <span class="skeleton skeleton-short" aria-hidden="true" />}
        <button type="button" class="link" aria-label={words.removeNamed(name)} onClick={() => removeFromBasket(sku)}>{words.remove}</button>
      </div>
    </li>
  );
}

/** Product and options; the SKU while it is not known, or when it has left the catalogue. */
export function nameOf({ sku, quoted }: Pick<QuotedLine, 'sku' | 'quoted'>): string {
  const base = quoted?.variant.product?.name ?? quoted?.variant.name;
  const options = (quoted?.variant.options ?? []).map(({ value }) => value).join(', ');
  return base && options ? `${base}, ${options}` : (base ?? sku);
}
