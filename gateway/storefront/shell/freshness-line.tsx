import type { Evidence } from '../graph/types.ts';
import { formatInstant, formatTime } from './formats.ts';
import { useShop } from './shop.ts';

/** Where a figure comes from and how old it is; a stale one says so in the open. */
export function FreshnessLine({ asOf, source, freshness }: Evidence) {
  const { words, languageTag } = useShop();
  if (freshness === 'STALE') return <p class="fresh fresh-stale"><span aria-hidden="true">⚠ </span>{words.stale(source, asOf === null ? words.never : formatInstant(asOf, languageTag))}</p>;
  const time = asOf === null ? words.never : formatTime(asOf, languageTag);
  return <p class="fresh">{freshness === 'LIVE' ? words.freshLive(source, time) : words.freshRecent(source, time)}</p>;
}

/** Whether pushes arrive at present. */
export function ConnectionMark() {
  const { words, connection } = useShop();
  const lost = connection === 'LOST';
  return <p class={lost ? 'live live-lost' : 'live'} role="status"><span class="live-dot" aria-hidden="true" />{lost ? words.reconnecting : words.live}</p>;
}
