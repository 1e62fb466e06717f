import { createHash } from 'node:crypto';
import type { SeedMediaFile } from '../engine/seed-types.ts';

export const pictureViews = ['front', 'back', 'detail', 'scene'] as const;
export type PictureView = (typeof pictureViews)[number];

/** A drawn picture, coded as Akeneo codes its files: four folders of one letter, a hash, the name. */
export function pictureFile(owner: string, view: PictureView, look: { readonly shape: string; readonly fill: string; readonly hue: number; readonly title: string }): SeedMediaFile {
  const originalFilename = `${owner.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${view}.svg`;
  const hash = createHash('sha1').update(`${owner}:${view}`).digest('hex');
  return {
    code: `${[...hash.slice(0, 4)].join('/')}/${hash}_${originalFilename}`,
    originalFilename,
    mimeType: 'image/svg+xml',
    content: { generator: 'picture', args: { shape: look.shape, fill: look.fill, hue: String(look.hue), view, title: look.title } },
  };
}

/** Attribute code of the picture attribute that holds a view. */
export function pictureAttribute(view: PictureView): string {
  return `picture_${view}`;
}
