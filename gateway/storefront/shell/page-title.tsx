import { useEffect, useRef } from 'preact/hooks';
import { useShop } from './shop.ts';

interface PageTitleProps {
  readonly text: string;
  /** The text is the graph's, not the shop's. */
  readonly foreign?: boolean;
}

/** The page's heading: names the window, and takes the focus so that screen readers hear where they have come. */
export function PageTitle({ text, foreign = false }: PageTitleProps) {
  const { words, textProps } = useShop();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${text} – ${words.shopName}`;
  }, [text, words]);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return <h1 ref={heading} tabIndex={-1} class="page-title" {...(foreign && textProps)}>{text}</h1>;
}
