import { useBasket } from '../basket/basket.ts';
import { SearchBox } from '../list/search-box.tsx';
import { EVERYTHING } from '../list/listing-choice.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { links, type Route } from './route.ts';
import { useShop } from './shop.ts';

interface HeaderProps {
  readonly route: Route;
  readonly onLocale: (locale: string) => void;
}

/** Name, search, language, basket: on every page. */
export function Header({ route, onLocale }: HeaderProps) {
  const { words } = useShop();
  const { lines } = useBasket();
  const choice = route.page === 'list' ? route.choice : EVERYTHING;
  return (
    <header class="header">
      <a class="brand" href={links.home}><span class="brand-mark" aria-hidden="true" />{words.shopName}</a>
      <SearchBox choice={choice} />
      <nav class="header-side">
        <LanguageSwitch onLocale={onLocale} />
        <a class="basket-link" href={links.basket}>
          <BasketIcon />
          <span class="basket-word">{words.basket}</span>
          <span class="basket-count" aria-hidden="true">{lines.length}</span>
          <span class="visually-hidden">{words.basketCount(lines.length)}</span>
        </a>
      </nav>
    </header>
  );
}

function BasketIcon() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">
      <path d="M5 9h14l-1.2 9.4a2 2 0 0 1-2 1.6H8.2a2 2 0 0 1-2-1.6L5 9zM9 9V7a3 3 0 0 1 6 0v2" />
    </svg>
  );
}
