import { useEffect, useRef, useState } from 'preact/hooks';
import { goTo, links, parseRoute, replaceWith } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import { EVERYTHING, type ListingChoice } from './listing-choice.ts';

const PAUSE_MS = 250;

/** Searches while typing on the list, on Enter from everywhere else. */
export function SearchBox({ choice }: { readonly choice: ListingChoice }) {
  const { words } = useShop();
  const [text, setText] = useState(choice.search);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(choice.search), [choice.search]);
  useEffect(() => () => clearTimeout(pause.current), []);
  const type = (next: string): void => {
    setText(next);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      const here = parseRoute(location.hash);
      if (here.page === 'list') replaceWith(links.list({ ...here.choice, search: next.trim() }));
    }, PAUSE_MS);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    clearTimeout(pause.current);
    goTo(links.list({ ...(parseRoute(location.hash).page === 'list' ? choice : EVERYTHING), search: text.trim() }));
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <label class="visually-hidden" for="search">{words.search}</label>
      <input id="search" type="search" name="q" autocomplete="off" maxLength={200} placeholder={words.searchHint} value={text} onInput={(event) => type(event.currentTarget.value)} />
    </form>
  );
}
