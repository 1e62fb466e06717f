import { drawPicture, type PictureArgs } from './pim-pictures.ts';
import type { SeedMediaFile } from './seed-types.ts';

/** The bytes of a media file: kept ones, or drawn when asked for (2,000 pictures would be 3 MB of journal otherwise). */
export function mediaBytes(file: SeedMediaFile): Buffer {
  const { content } = file;
  if ('text' in content) return Buffer.from(content.text, 'utf8');
  if ('base64' in content) return Buffer.from(content.base64, 'base64');
  if (content.generator !== 'picture') throw new Error(`The PIM has no generator ${content.generator}`);
  return Buffer.from(drawPicture(content.args as unknown as PictureArgs), 'utf8');
}
