import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { createGraphClient, type Connection } from '../graph/client.ts';
import { BasketPage } from '../basket/basket-page.tsx';
import { CheckoutPage } from '../checkout/checkout-page.tsx';
import { ListPage } from '../list/list-page.tsx';
import { OrderPage } from '../order/order-page.tsx';
import { ProductPage } from '../product/product-page.tsx';
import { languageTagOf, wordsOf } from '../words/words.ts';
import { Header } from './header.tsx';
import { EmptyNotice } from './notice.tsx';
import { links, useRoute, type Route } from './route.ts';
import { ShopContext, useShop, type Shop } from './shop.ts';
import { stored } from './stored.ts';

const chosenLocale = stored<string>('localStorage', 'shop.locale');

/** The shop: one client per language, a header, the page of the address, and a voice for screen readers. */
export function App() {
  const [locale, setLocale] = useState<string | null>(() => chosenLocale.read());
  const [announcement, announce] = useState('');
  const { client, connection } = useClient(locale);
  const route = useRoute();
  const shop: Shop = useMemo(() => {
    const languageTag = languageTagOf(locale);
    return { client, locale, languageTag, words: wordsOf(languageTag), textProps: { lang: languageTag, dir: 'auto' }, connection, announce };
  }, [client, locale, connection]);
  const choose = useCallback((next: string) => {
    chosenLocale.write(next);
    setLocale(next);
  }, []);
  useEffect(() => {
    document.documentElement.lang = shop.languageTag;
  }, [shop.languageTag]);
  return (
    <ShopContext.Provider value={shop}>
      <a class="skip" href="#main" onClick={focusMain}>{shop.words.skip}</a>
      <Header route={route} onLocale={choose} />
      <main id="main" tabIndex={-1}><Page route={route} /></main>
      <p class="visually-hidden" role="status" aria-live="polite">{announcement}</p>
    </ShopContext.Provider>
  );
}

function useClient(locale: string | null) {
  const [connection, setConnection] = useState<Connection>('IDLE');
  const client = useMemo(() => createGraphClient(locale, setConnection), [locale]);
  useEffect(() => () => client.close(), [client]);
  return { client, connection };
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Page({ route }: { readonly route: Route }) {
  const { words } = useShop();
  switch (route.page) {
    case 'list': return <ListPage choice={route.choice} />;
    case 'product': return <ProductPage key={route.handle} handle={route.handle} sku={route.sku} />;
    case 'basket': return <BasketPage />;
    case 'checkout': return <CheckoutPage />;
    case 'order': return <OrderPage key={route.id} id={route.id} />;
    case 'missing': return <EmptyNotice title={words.notFound} link={links.home} linkText={words.toProducts} />;
  }
}
