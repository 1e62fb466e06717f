import type { KitComponentView } from '../graph/types.ts';
import { formatQuantity } from '../shell/formats.ts';
import { useShop } from '../shell/shop.ts';

/** What a kit is made of, and which of it says how many kits there are. Nothing for anything else. */
export function KitParts({ components }: { readonly components: readonly KitComponentView[] | null }) {
  const { words, languageTag } = useShop();
  if (!components || components.length === 0) return null;
  const nameOf = ({ variant }: KitComponentView): string => variant.product?.name ?? variant.sku;
  const scarcest = components.find(({ limits }) => limits);
  return (
    <>
      <table class="places kit-parts">
        <caption>{words.kit}</caption>
        <tbody>
          {components.map((component) => (
            <tr key={component.variant.sku}>
              <th scope="row">{words.kitPart(formatQuantity(component.quantityPerKit, languageTag), nameOf(component))}</th>
              <td>{words.kitsOf(formatQuantity(component.kits, languageTag))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {scarcest && <p class="muted kit-limit">{words.kitLimit(formatQuantity(scarcest.kits, languageTag), nameOf(scarcest))}</p>}
    </>
  );
}
