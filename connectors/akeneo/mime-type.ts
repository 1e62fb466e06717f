/** By extension: asking media-files/{code} for each file would be one request a picture. The download says it exactly. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', svg: 'image/svg+xml',
  tif: 'image/tiff', tiff: 'image/tiff', bmp: 'image/bmp', pdf: 'application/pdf', mp4: 'video/mp4', webm: 'video/webm', mp3: 'audio/mpeg',
};

export const mimeTypeOf = (code: string): string => BY_EXTENSION[code.slice(code.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
