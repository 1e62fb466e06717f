import { useState } from 'preact/hooks';
import type { Picture } from '../graph/types.ts';
import { useShop } from './shop.ts';

interface PictureFrameProps {
  readonly picture: Picture | null | undefined;
  /** Decoration beside a name that says the same. */
  readonly decorative?: boolean;
  readonly eager?: boolean;
}

/** A square that keeps its place whether the picture comes, is missing or fails. */
export function PictureFrame({ picture, decorative = false, eager = false }: PictureFrameProps) {
  const { words } = useShop();
  const [broken, setBroken] = useState<string | null>(null);
  if (!picture || broken === picture.url) return <div class="frame frame-empty" role="img" aria-label={words.noPicture}><span aria-hidden="true">{words.noPicture}</span></div>;
  return (
    <div class="frame">
      <img src={picture.url} alt={decorative ? '' : (picture.alt ?? '')} loading={eager ? 'eager' : 'lazy'} decoding="async" width="600" height="600" onError={() => setBroken(picture.url)} />
    </div>
  );
}
