import { useState } from 'preact/hooks';
import type { Picture } from '../graph/types.ts';
import { PictureFrame } from '../shell/picture-frame.tsx';
import { useShop } from '../shell/shop.ts';

/** One large picture, the others as buttons below it. */
export function Gallery({ pictures }: { readonly pictures: readonly Picture[] }) {
  const { words } = useShop();
  const shown = pictures.filter(({ mimeType }) => mimeType?.startsWith('image/') ?? true);
  const [current, setCurrent] = useState(0);
  return (
    <section class="gallery" aria-label={words.pictures}>
      <PictureFrame picture={shown[current]} eager />
      {shown.length > 1 && (
        <ul class="thumbs">
          {shown.map((picture, index) => (
            <li key={picture.url}>
              <button type="button" class="thumb" aria-label={words.picture(index + 1, shown.length)} aria-current={index === current} onClick={() => setCurrent(index)}>
                <PictureFrame picture={picture} decorative />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
