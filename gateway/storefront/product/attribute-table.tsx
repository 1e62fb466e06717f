import type { AttributeView } from '../graph/types.ts';
import { useShop } from '../shell/shop.ts';

/** What the PIM knows of it, in its words; values that are empty are left out. */
export function AttributeTable({ attributes }: { readonly attributes: readonly AttributeView[] }) {
  const { words, textProps } = useShop();
  const told = attributes.filter(({ value }) => value);
  if (told.length === 0) return null;
  return (
    <section class="product-details">
      <h2>{words.details}</h2>
      <dl {...textProps}>
        {told.map(({ code, label, value, unit }) => (
          <div key={code}>
            <dt>{label}</dt>
            <dd>{value}{unit && !value?.includes(unit) && <span class="muted">{` ${unit.toLowerCase()}`}</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
