import type { ComponentChildren } from 'preact';
import type { RequestFailure } from '../graph/client.ts';
import { useShop } from './shop.ts';

/** Something went wrong: what, and how to go on. */
export function FailureNotice({ failure, onRetry }: { readonly failure: RequestFailure; readonly onRetry: () => void }) {
  const { words } = useShop();
  return (
    <div class="notice notice-bad" role="alert">
      <p class="notice-title">{failure.definite ? words.refused : words.failed}</p>
      <p>{failure.definite ? failure.message : words.failedHint}</p>
      <button type="button" class="button button-quiet" onClick={onRetry}>{words.tryAgain}</button>
    </div>
  );
}

interface EmptyNoticeProps {
  readonly title: string;
  readonly hint?: string;
  readonly link: string;
  readonly linkText: string;
}

/** Nothing is here: said plainly, with a way out. */
export function EmptyNotice({ title, hint, link, linkText }: EmptyNoticeProps) {
  return (
    <div class="empty">
      <h1 class="empty-title">{title}</h1>
      {hint && <p>{hint}</p>}
      <a class="button" href={link}>{linkText}</a>
    </div>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** A short fact with a colour; the words alone say it too. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}
