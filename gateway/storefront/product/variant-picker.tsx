import type { ProductView, VariantView } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';
import { isChosen, isOffered, nearestVariant } from './variant-choice.ts';

interface VariantPickerProps {
  readonly product: ProductView;
  readonly chosen: VariantView;
  readonly onChoose: (sku: string) => void;
}

/** One row of choices per option; variants without options are listed by name. */
export function VariantPicker({ product, chosen, onChoose }: VariantPickerProps) {
  const { words } = useShop();
  if (product.variants.length < 2) return null;
  if (product.options.length === 0) {
    return (
      <label class="facet-select">
        <span class="facet-title">{words.choose}</span>
        <select value={chosen.sku} onChange={(event) => onChoose(event.currentTarget.value)}>
          {product.variants.map(({ sku, name }) => <option key={sku} value={sku}>{name ?? sku}</option>)}
        </select>
      </label>
    );
  }
  return <>{product.options.map((option) => <OptionRow key={option.name} option={option} product={product} chosen={chosen} onChoose={onChoose} />)}</>;
}

function OptionRow({ option, product, chosen, onChoose }: VariantPickerProps & { readonly option: ProductView['options'][number] }) {
  const { words, textProps } = useShop();
  return (
    <fieldset class="options">
      <legend {...textProps}>{option.name}</legend>
      {option.values.map((value) => {
        const wish = { name: option.name, value };
        const offered = isOffered(product.variants, chosen, wish);
        return (
          <label key={value} class={offered ? 'option' : 'option option-elsewhere'} title={offered ? undefined : words.notCombined}>
            <input type="radio" name={`option-${option.name}`} value={value} checked={isChosen(chosen, wish)} onChange={() => {
              const next = nearestVariant(product.variants, chosen, wish);
              if (next) onChoose(next.sku);
            }} />
            <span {...textProps}>{value}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
