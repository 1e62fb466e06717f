import { SHOP_LOCALES } from '../graph/operations.ts';
import { useQuery } from '../graph/use-query.ts';
import { languageTagOf, nameLanguage } from '../words/words.ts';
import { useShop } from './shop.ts';

const NOTHING = {};

/** The languages that texts exist in, as the graph tells; each named by its own speakers. */
export function LanguageSwitch({ onLocale }: { readonly onLocale: (locale: string) => void }) {
  const { words, locale } = useShop();
  const { data } = useQuery(SHOP_LOCALES, NOTHING);
  const known = data?.locales ?? [];
  const current = locale ?? known[0] ?? '';
  const offered = known.includes(current) || current === '' ? known : [current, ...known];
  return (
    <label class="language">
      <span class="visually-hidden">{words.language}</span>
      <select value={current} disabled={offered.length < 2} onChange={(event) => onLocale(event.currentTarget.value)}>
        {offered.map((one) => <option key={one} value={one} lang={languageTagOf(one)}>{nameLanguage(languageTagOf(one))}</option>)}
      </select>
    </label>
  );
}
