/** Everything in it is announced when it changes (domain/events.ts): this is how long a change could go unnoticed. */
export const CATALOG_SECONDS = 300;

/** Of whatever shows labels, categories or locales, which belong to no one product. */
export const DIRECTORY_TAG = 'Directory';
/** Of whatever any product may come into: listings, counts, and what was not there when it was looked for. */
export const CATALOG_TAG = 'Catalog';
export const productTag = (code: string): string => `Product:${code}`;
