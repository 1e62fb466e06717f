import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Connection, GraphClient } from '../graph/client.ts';
import type { Words } from '../words/english.ts';

/** What every component may need to know of the shop it stands in. */
export interface Shop {
  readonly client: GraphClient;
  /** As the graph spells it ("de_DE"); null = the source's default. */
  readonly locale: string | null;
  /** The same as BCP 47 tag, for Intl and lang attributes. */
  readonly languageTag: string;
  readonly words: Words;
  /** For elements that show the graph's texts: their language, and their own direction (Arabic, Hebrew). */
  readonly textProps: { readonly lang: string; readonly dir: 'auto' };
  readonly connection: Connection;
  /** Says something to screen readers, politely. */
  readonly announce: (text: string) => void;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('outside of the shop');
  return shop;
}
