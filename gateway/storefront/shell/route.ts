import { useEffect, useState } from 'preact/hooks';
import type { ListingChoice } from '../list/listing-choice.ts';
import { readChoice, writeChoice } from '../list/listing-choice.ts';

export type Route =
  | { readonly page: 'list'; readonly choice: ListingChoice }
  | { readonly page: 'product'; readonly handle: string; readonly sku: string | null }
  | { readonly page: 'basket' }
  | { readonly page: 'checkout' }
  | { readonly page: 'order'; readonly id: string }
  | { readonly page: 'missing' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', name = ''] = path.split('/').map(decodePart);
  const parameters = new URLSearchParams(query);
  if (page === '') return { page: 'list', choice: readChoice(parameters) };
  if (page === 'product' && name) return { page, handle: name, sku: parameters.get('sku') };
  if (page === 'order' && name) return { page, id: name };
  if (page === 'basket' || page === 'checkout') return { page };
  return { page: 'missing' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const withQuery = (path: string, parameters: URLSearchParams): string => (parameters.size > 0 ? `${path}?${parameters}` : path);

export const links = {
  list: (choice: ListingChoice): string => withQuery('#/', writeChoice(choice)),
  home: '#/',
  basket: '#/basket',
  checkout: '#/checkout',
  product: (handle: string, sku?: string): string => withQuery(`#/product/${encodeURIComponent(handle)}`, new URLSearchParams(sku === undefined ? {} : { sku })),
  order: (id: string): string => `#/order/${encodeURIComponent(id)}`,
};

export const goTo = (link: string): void => {
  location.hash = link;
};

/** Changes the address without a new entry in the history. */
export const replaceWith = (link: string): void => {
  history.replaceState(null, '', link);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
};

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return route;
}
