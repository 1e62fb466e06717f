import { useEffect, useState } from 'preact/hooks';
import type { CheckedLineView } from '../graph/types.ts';
import { formatMoney } from '../shell/formats.ts';
import { PictureFrame } from '../shell/picture-frame.tsx';
import { QuantityInput, readQuantity } from '../shell/quantity-input.tsx';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { changeQuantity, removeFromBasket } from './basket.ts';
import { LineOutcome } from './line-outcome.tsx';
import type { PricedLine } from './use-basket-variants.ts';

interface BasketRowProps {
  readonly line: PricedLine;
  readonly checked: CheckedLineView | null;
}

/** One line of the basket: what, how many, for how much, and whether it can be had. */
export function BasketRow({ line: { sku, quantity, variant }, checked }: BasketRowProps) {
  const { words, languageTag, textProps } = useShop();
  const [text, setText] = useState<string>(quantity);
  useEffect(() => setText(quantity), [quantity]);
  const digits = variant?.quantityDigits ?? 0;
  const change = (next: string): void => {
    setText(next);
    const read = readQuantity(next, digits);
    if (read !== null) changeQuantity(sku, read);
  };
  const name = nameOf(variant) ?? sku;
  return (
    <li class="line">
      <PictureFrame picture={variant?.media?.[0] ?? variant?.product?.media[0]} decorative />
      <div class="line-what">
        {variant?.product ? <a class="line-name" href={links.product(variant.product.handle, sku)} {...textProps}>{name}</a> : <span class="line-name">{name}</span>}
        <span class="muted">{sku}</span>
        {variant === null ? <p class="outcome error">{words.gone}</p> : <LineOutcome checked={checked} />}
      </div>
      <QuantityInput label={`${words.quantity}: ${name}`} value={text} digits={digits} onChange={change} />
      <div class="line-price">
        {variant === undefined && <span class="skeleton skeleton-short" aria-hidden="true" />}
        {variant?.price && <strong>{formatMoney(variant.price.lineTotal, languageTag)}</strong>}
        {variant?.price && <span class="muted">{words.unitPrice(formatMoney(variant.price.unitPrice, languageTag))}</span>}
        {variant && !variant.price && <span class="muted">{words.noPrice}</span>}
        <button type="button" class="link" aria-label={words.removeNamed(name)} onClick={() => removeFromBasket(sku)}>{words.remove}</button>
      </div>
    </li>
  );
}

/** Product and options; null when the SKU has left the catalogue. */
export function nameOf(variant: PricedLine['variant']): string | null {
  if (!variant) return null;
  const base = variant.product?.name ?? variant.name;
  const options = (variant.options ?? []).map(({ value }) => value).join(', ');
  return base && options ? `${base}, ${options}` : base;
}
