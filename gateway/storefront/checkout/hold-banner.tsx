import { formatQuantity } from '../shell/formats.ts';
import { links } from '../shell/route.ts';
import { useShop } from '../shell/shop.ts';
import type { HeldStock } from './use-hold.ts';

/** How long the basket stays reserved, or why it is not. */
export function HoldBanner({ hold: { state, holdAgain } }: { readonly hold: HeldStock }) {
  const { words, languageTag } = useShop();
  const again = <button type="button" class="link" onClick={holdAgain}>{words.holdAgain}</button>;
  switch (state.kind) {
    case 'HOLDING': return <p class="hold">{words.holding}</p>;
    // Screen readers hear the start and the end, not every second.
    case 'HELD': return <p class={state.secondsLeft <= 60 ? 'hold hold-good hold-soon' : 'hold hold-good'}>{words.held(clockText(state.secondsLeft))}</p>;
    case 'EXPIRED': return <p class="hold hold-bad" role="alert">{words.holdExpired} {again}</p>;
    case 'FAILED': return <p class="hold hold-bad" role="alert">{words.holdFailed} {state.message} {again}</p>;
    case 'SHORT':
      return (
        <div class="hold hold-bad" role="alert">
          <p>{words.holdShort}</p>
          <ul>{state.lines.map(({ sku, available, reason }) => <li key={sku}>{sku}: {words.reasons[reason]}, {words.available(formatQuantity(available, languageTag))}</li>)}</ul>
          <a href={links.basket}>{words.backToBasket}</a>
        </div>
      );
  }
}

const clockText = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
