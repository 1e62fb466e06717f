import type { TimelineEntry } from '../graph/types.ts';
import { formatInstant } from '../shell/formats.ts';
import { useShop } from '../shell/shop.ts';

/** Every state the order has been in, oldest first, and who said so. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const { words, languageTag } = useShop();
  return (
    <section>
      <h2>{words.timeline}</h2>
      <ol class="timeline">
        {entries.map(({ at, state, source, detail }) => (
          <li key={`${state} ${at}`}>
            <strong>{words.states[state]}</strong>
            <span class="muted">{formatInstant(at, languageTag)} · {source}</span>
            {detail && <span>{detail}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
